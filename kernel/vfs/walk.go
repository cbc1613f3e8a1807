package vfs

import (
	"strings"
	"syscall"
)

// maxLinks is how many symbolic links a walk may follow: who makes links in a
// circle is to get an error.
const maxLinks = 40

// walk is a way through the tree, from a path to a node.
type walk struct {
	fs    *FS
	links int // how many have been followed
}

// find returns the node at path. The last name may be a link, which is followed
// if follow says so.
//
// Errors: of start, node.child and enter.
func (f *FS) find(path string, follow bool) (*node, error) {
	w := walk{fs: f}
	return w.find(f.dir, path, follow)
}

// find is FS.find, for a path that begins in the folder from.
func (w *walk) find(from *node, path string, follow bool) (n *node, err error) {
	dir, name, err := w.parent(from, path)
	folder := strings.HasSuffix(path, "/")
	switch {
	case err != nil:
		return nil, err
	case name == "":
		return dir, nil
	case follow || folder:
		n, err = w.enter(dir, name)
	default:
		n, err = dir.child(name)
	}
	if err == nil && folder && !n.isDir() {
		return nil, syscall.ENOTDIR
	}
	return n, err
}

// enter returns the node of that name in dir or, if that is a link, what it
// leads to.
//
// Errors: ELOOP.
func (w *walk) enter(dir *node, name string) (*node, error) {
	n, err := dir.child(name)
	if err != nil || !n.isLink() {
		return n, err
	}
	if w.links++; w.links > maxLinks {
		return nil, syscall.ELOOP
	}
	return w.find(dir, string(n.data), true)
}

// parent walks path up to its last name. It returns the folder that it reaches
// and that name: "", "." or ".." if path names a folder by its position only.
//
// Errors: ENOENT: the path is empty. EINVAL: it has a zero byte. ENOTDIR,
// ENAMETOOLONG.
func (w *walk) parent(from *node, path string) (dir *node, name string, err error) {
	switch {
	case path == "":
		return nil, "", syscall.ENOENT
	case strings.IndexByte(path, 0) >= 0:
		return nil, "", syscall.EINVAL
	case path[0] == '/':
		from = w.fs.root
	}
	dir = from
	name, rest := next(path)
	for {
		following, after := next(rest)
		if following == "" {
			break
		}
		if dir, err = w.enter(dir, name); err != nil {
			return nil, "", err
		}
		name, rest = following, after
	}
	switch {
	case !dir.isDir():
		return nil, "", syscall.ENOTDIR
	case len(name) > maxName:
		return nil, "", syscall.ENAMETOOLONG
	}
	return dir, name, nil
}

// place is parent for a name that is to come or to go. It is found from the
// working folder.
//
// Errors: ENOENT: the folder has been removed, and stays empty.
func (f *FS) place(path string) (dir *node, name string, err error) {
	w := walk{fs: f}
	return w.place(f.dir, path)
}

func (w *walk) place(from *node, path string) (dir *node, name string, err error) {
	dir, name, err = w.parent(from, path)
	if err == nil && !dir.linked {
		err = syscall.ENOENT
	}
	return dir, name, err
}

// next splits a path into its first name and the rest. Slashes, also several
// in a row, stand between names. The name is empty when nothing is left.
func next(path string) (name, rest string) {
	path = strings.TrimLeft(path, "/")
	name, rest, _ = strings.Cut(path, "/")
	return name, rest
}

// byPosition tells whether a name says where a folder is, not what it is called.
func byPosition(name string) bool { return name == "" || name == "." || name == ".." }

// path returns the way from the root to the folder n.
//
// Errors: ENOENT: n has been removed.
func (n *node) path() (string, error) {
	if n.parent == n {
		return "/", nil
	}
	above, err := n.parent.path()
	if err != nil || !n.linked {
		return "", syscall.ENOENT
	}
	for name, c := range n.parent.children {
		if c == n {
			return strings.TrimSuffix(above, "/") + "/" + name, nil
		}
	}
	return "", syscall.ENOENT
}
