package vfs

import (
	"io"
	"maps"
	"math"
	"slices"
	"syscall"
	"time"
)

// open is an open file: a node, and what a descriptor adds to it.
type open struct {
	node   *node
	flags  int
	at     int64
	listed []string // the rest of a folder's names, once reading has begun
}

// accessMode are the bits of flags that say whether to read, write, or both.
const accessMode = syscall.O_WRONLY | syscall.O_RDWR

func (o *open) readable() bool { return o.flags&accessMode != syscall.O_WRONLY }
func (o *open) writable() bool { return o.flags&accessMode != syscall.O_RDONLY }

// file returns the open file behind a descriptor.
//
// Errors: EBADF.
func (f *FS) file(fd int) (*open, error) {
	if fd < 0 || fd >= len(f.files) || f.files[fd] == nil {
		return nil, syscall.EBADF
	}
	return f.files[fd], nil
}

// Open opens the file at path, or makes one if flags say so (syscall.O_...),
// with the rights perm, and returns the lowest free descriptor.
//
// Errors: ENOENT, ENOTDIR, EISDIR, EEXIST, ENAMETOOLONG, EINVAL, ELOOP.
func (f *FS) Open(path string, flags int, perm uint32) (fd int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	exclusive := flags&(syscall.O_CREAT|syscall.O_EXCL) == syscall.O_CREAT|syscall.O_EXCL
	n, err := f.find(path, !exclusive)
	switch {
	case err == syscall.ENOENT && flags&syscall.O_CREAT != 0:
		w := walk{fs: f}
		if n, err = w.create(f.dir, path, perm); err != nil {
			return -1, err
		}
	case err != nil:
		return -1, err
	case exclusive:
		return -1, syscall.EEXIST
	}
	o := &open{node: n, flags: flags}
	if n.isDir() && (o.writable() || flags&syscall.O_CREAT != 0) {
		return -1, syscall.EISDIR
	}
	if !n.isDir() && flags&syscall.O_DIRECTORY != 0 {
		return -1, syscall.ENOTDIR
	}
	if flags&syscall.O_TRUNC != 0 && o.writable() && !n.isDevice() {
		f.release(n)
		n.modified = time.Now()
	}
	n.opened++
	for fd = Standard; fd < len(f.files); fd++ {
		if f.files[fd] == nil {
			f.files[fd] = o
			return fd, nil
		}
	}
	f.files = append(f.files, o)
	return fd, nil
}

// create makes an empty file, maybe where a link leads that leads nowhere yet.
func (w *walk) create(from *node, path string, perm uint32) (*node, error) {
	dir, name, err := w.place(from, path)
	if err != nil {
		return nil, err
	}
	if byPosition(name) || path[len(path)-1] == '/' {
		return nil, syscall.EISDIR
	}
	if c := dir.children[name]; c != nil && c.isLink() {
		if w.links++; w.links > maxLinks {
			return nil, syscall.ELOOP
		}
		return w.create(dir, string(c.data), perm)
	}
	n := w.fs.newNode(syscall.S_IFREG | perm&0o7777)
	dir.add(name, n)
	return n, nil
}

// Close frees a descriptor.
//
// Errors: EBADF.
func (f *FS) Close(fd int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	if err != nil {
		return err
	}
	f.files[fd] = nil
	o.node.opened--
	f.forget(o.node)
	return nil
}

// forget gives the bytes of a file back that nobody can reach any longer.
func (f *FS) forget(n *node) {
	if n.opened == 0 && !n.linked {
		f.release(n)
	}
}

// Read reads from a descriptor's position, and moves it. At the end of the
// file it returns 0.
//
// Errors: EBADF, EISDIR.
func (f *FS) Read(fd int, b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	if err != nil {
		return 0, err
	}
	n, err := o.read(b, o.at)
	o.at += int64(n)
	return n, err
}

// Pread reads at an offset.
//
// Errors: EBADF, EISDIR, EINVAL.
func (f *FS) Pread(fd int, b []byte, at int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	if err != nil {
		return 0, err
	}
	return o.read(b, at)
}

func (o *open) read(b []byte, at int64) (int, error) {
	switch {
	case !o.readable():
		return 0, syscall.EBADF
	case o.node.isDir():
		return 0, syscall.EISDIR
	case at < 0:
		return 0, syscall.EINVAL
	case at >= int64(len(o.node.data)):
		return 0, nil
	}
	return copy(b, o.node.data[at:]), nil
}

// Write writes at a descriptor's position, or at the end of the file
// (O_APPEND), and moves the position behind it.
//
// Errors: EBADF, ENOSPC, EFBIG.
func (f *FS) Write(fd int, b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	if err != nil {
		return 0, err
	}
	if o.flags&syscall.O_APPEND != 0 {
		o.at = int64(len(o.node.data))
	}
	n, err := f.write(o, b, o.at)
	o.at += int64(n)
	return n, err
}

// Pwrite writes at an offset.
//
// Errors: EBADF, ENOSPC, EFBIG, EINVAL.
func (f *FS) Pwrite(fd int, b []byte, at int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	if err != nil {
		return 0, err
	}
	return f.write(o, b, at)
}

func (f *FS) write(o *open, b []byte, at int64) (int, error) {
	switch {
	case !o.writable():
		return 0, syscall.EBADF
	case at < 0:
		return 0, syscall.EINVAL
	case at > math.MaxInt64-int64(len(b)):
		return 0, syscall.EFBIG
	case len(b) == 0 || o.node.isDevice():
		return len(b), nil
	}
	if end := at + int64(len(b)); end > int64(len(o.node.data)) {
		if err := f.resize(o.node, end); err != nil {
			return 0, err
		}
	} else if err := f.own(o.node, end); err != nil {
		return 0, err
	}
	o.node.modified = time.Now()
	return copy(o.node.data[at:], b), nil
}

// Seek moves a descriptor's position (whence as in package io). A folder can
// only be rewound.
//
// Errors: EBADF, EINVAL.
func (f *FS) Seek(fd int, to int64, whence int) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	if err != nil {
		return 0, err
	}
	base := int64(0)
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		base = o.at
	case io.SeekEnd:
		base = int64(len(o.node.data))
	default:
		return 0, syscall.EINVAL
	}
	if to > math.MaxInt64-base || base+to < 0 || o.node.isDir() && base+to != 0 {
		return 0, syscall.EINVAL
	}
	o.at, o.listed = base+to, nil
	return o.at, nil
}

// ReadDir returns the next name in an open folder, in alphabetical order; "" at
// the end. accept is asked first, and may leave the name for the next call.
//
// Errors: EBADF, ENOTDIR.
func (f *FS) ReadDir(fd int, accept func(name string) bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	switch {
	case err != nil:
		return err
	case !o.node.isDir():
		return syscall.ENOTDIR
	case o.at == 0:
		o.listed, o.at = slices.Sorted(maps.Keys(o.node.children)), 1
	}
	for len(o.listed) > 0 && accept(o.listed[0]) {
		o.listed = o.listed[1:]
	}
	return nil
}
