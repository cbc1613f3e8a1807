// Package vfs is a tree of files in memory.
//
// Who opens a file asks three things of a kernel, and each is a type here:
//
//	 name            number             file
//	"/etc/motd" --> descriptor 3 --> position, rights --> node: bytes
//	  walk.go        FS.Open           open.go             node.go
//
// A path is walked to a node, folder by folder; opening a node gives a
// descriptor, a small number that stands for the node and a position in it; and
// reading moves the position. A node lives as long as a folder or a descriptor
// has it, so a file that is removed while it is open can still be read.
//
// Files come out of a boot module (package cpio) or are written. The bytes of
// those from the module stay where the boot loader has put them until somebody
// writes to the file. There are symbolic links, and no owners: everybody may do
// everything. The one kind of device is like /dev/null: empty, whatever is
// written to it.
//
// Package os is on top of it: kernel/start puts the methods of FS behind
// syscall.VFS, and the errors are syscall's, so that errors.Is(err,
// fs.ErrNotExist) holds where it should.
//
// Read FS.Open first. In GDB: break vfs.(*FS).Open.
//
// Locking: one mutex for the tree and its descriptors. Allocation: yes.
package vfs

import (
	"sync"
	"syscall"
	"time"
)

// FS is a tree of files, with its open ones. New makes one.
type FS struct {
	mu    sync.Mutex
	root  *node
	dir   *node   // the working folder
	files []*open // by descriptor; the first ones are the standard three
	ino   uint64  // the last inode number that was given
	used  int64   // bytes that belong to files here, not to the module
	limit int64   // what used may become
}

// Standard is the number of descriptors that are not files of an FS: input,
// output, errors.
const Standard = 3

// New returns a tree with an empty root folder, whose files may have up to
// limit bytes together; what Add brings does not count.
func New(limit int64) *FS {
	f := &FS{limit: limit, files: make([]*open, Standard)}
	f.root = f.newNode(syscall.S_IFDIR | 0o755)
	f.root.parent, f.root.linked = f.root, true
	f.dir = f.root
	return f
}

// newNode returns a node that is in no folder yet.
func (f *FS) newNode(mode uint32) *node {
	f.ino++
	n := &node{mode: mode, ino: f.ino, modified: time.Now()}
	if n.isDir() {
		n.children = map[string]*node{}
	}
	return n
}

// Add puts a file, a folder, a symbolic link or the empty device into the tree,
// with the folders above it. It replaces a file of that name. The tree keeps
// data, and never writes to it.
//
// Errors: EINVAL: mode is of another kind (S_IFREG, S_IFDIR, S_IFLNK, S_IFCHR).
// ENOTDIR, EISDIR: a
// file is where a folder would have to be, or the other way round.
func (f *FS) Add(path string, mode uint32, modified time.Time, data []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	kind := mode & syscall.S_IFMT
	switch kind {
	case syscall.S_IFREG, syscall.S_IFDIR, syscall.S_IFLNK, syscall.S_IFCHR:
	default:
		return syscall.EINVAL
	}
	at := f.root
	for name, rest := next(path); name != ""; name, rest = next(rest) {
		last, _ := next(rest)
		child, err := at.child(name)
		switch {
		case err == syscall.ENOENT && (last != "" || kind == syscall.S_IFDIR):
			child = f.newNode(syscall.S_IFDIR | 0o755)
			at.add(name, child)
		case err == syscall.ENOENT:
			child = f.newNode(mode)
			at.add(name, child)
		case err != nil:
			return err
		}
		at = child
	}
	if at.isDir() != (kind == syscall.S_IFDIR) {
		if at.isDir() {
			return syscall.EISDIR
		}
		return syscall.ENOTDIR
	}
	f.release(at)
	at.mode, at.modified = mode, modified
	if kind == syscall.S_IFREG || kind == syscall.S_IFLNK {
		at.data, at.borrowed = data, true
	}
	return nil
}

// charge counts n more bytes, or fewer if n is negative.
//
// Errors: ENOSPC.
func (f *FS) charge(n int64) error {
	if n > f.limit-f.used {
		return syscall.ENOSPC
	}
	f.used += n
	return nil
}

// release forgets the bytes of n, which nobody can reach any longer.
func (f *FS) release(n *node) {
	if !n.borrowed {
		f.used -= int64(cap(n.data))
	}
	n.data, n.borrowed = nil, false
}

// Used returns how many bytes files hold that were written.
func (f *FS) Used() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.used
}
