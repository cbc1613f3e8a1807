package vfs

import (
	"syscall"
	"time"
)

// node is a file, a folder or a symbolic link. It does not know its name, which is its
// folder's affair; a folder knows the one above it, for "..".
type node struct {
	mode     uint32 // kind and rights, as in syscall.Stat_t
	ino      uint64
	modified time.Time
	opened   int  // how many descriptors stand for it
	linked   bool // it is in a folder, or the root

	data     []byte // of a link: the path that it stands for
	borrowed bool   // data is the boot module's: not to be written to

	parent   *node
	children map[string]*node
}

// Info is what there is to know about a file.
type Info struct {
	Mode     uint32 // as in syscall.Stat_t
	Size     int64
	Inode    uint64
	Modified time.Time
}

func (n *node) isDir() bool    { return n.mode&syscall.S_IFMT == syscall.S_IFDIR }
func (n *node) isDevice() bool { return n.mode&syscall.S_IFMT == syscall.S_IFCHR }
func (n *node) isLink() bool   { return n.mode&syscall.S_IFMT == syscall.S_IFLNK }

func (n *node) info() Info {
	return Info{Mode: n.mode, Size: int64(len(n.data)), Inode: n.ino, Modified: n.modified}
}

// maxName is the longest name in a folder, in bytes. (It has to fit into
// syscall.Dirent.)
const maxName = 255

// child returns the node of that name in the folder n.
//
// Errors: ENOTDIR, ENAMETOOLONG, ENOENT.
func (n *node) child(name string) (*node, error) {
	switch {
	case !n.isDir():
		return nil, syscall.ENOTDIR
	case name == ".":
		return n, nil
	case name == "..":
		return n.parent, nil
	case len(name) > maxName:
		return nil, syscall.ENAMETOOLONG
	}
	if c := n.children[name]; c != nil {
		return c, nil
	}
	return nil, syscall.ENOENT
}

// add makes c the node of that name in the folder n.
func (n *node) add(name string, c *node) {
	n.children[name] = c
	c.parent, c.linked = n, true
	n.modified = time.Now()
}

// remove takes the name out of the folder n.
func (n *node) remove(name string) {
	n.children[name].linked = false
	delete(n.children, name)
	n.modified = time.Now()
}
