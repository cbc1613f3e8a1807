package vfs

import (
	"strings"
	"syscall"
	"time"
)

// Stat tells about the file at path; if that is a symbolic link, about what it
// leads to (follow) or about itself.
//
// Errors: ENOENT, ENOTDIR, ENAMETOOLONG, EINVAL, ELOOP.
func (f *FS) Stat(path string, follow bool) (Info, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find(path, follow)
	if err != nil {
		return Info{}, err
	}
	return n.info(), nil
}

// Fstat tells about an open file.
//
// Errors: EBADF.
func (f *FS) Fstat(fd int) (Info, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	if err != nil {
		return Info{}, err
	}
	return o.node.info(), nil
}

// Mkdir makes an empty folder.
//
// Errors: EEXIST, ENOENT, ENOTDIR, ENAMETOOLONG, EINVAL.
func (f *FS) Mkdir(path string, perm uint32) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	dir, name, err := f.place(path)
	if err != nil {
		return err
	}
	if byPosition(name) || dir.children[name] != nil {
		return syscall.EEXIST
	}
	dir.add(name, f.newNode(syscall.S_IFDIR|perm&0o7777))
	return nil
}

// Unlink removes the name of a file. Its bytes stay until nobody has it open.
//
// Errors: EISDIR, ENOENT, ENOTDIR, ENAMETOOLONG, EINVAL.
func (f *FS) Unlink(path string) error {
	return f.remove(path, func(n *node) error {
		switch {
		case n.isDir():
			return syscall.EISDIR
		case strings.HasSuffix(path, "/"):
			return syscall.ENOTDIR
		}
		return nil
	})
}

// Rmdir removes an empty folder.
//
// Errors: ENOTEMPTY, EBUSY: it is the root. ENOENT, ENOTDIR, ENAMETOOLONG,
// EINVAL.
func (f *FS) Rmdir(path string) error {
	return f.remove(path, func(n *node) error {
		switch {
		case !n.isDir():
			return syscall.ENOTDIR
		case len(n.children) > 0:
			return syscall.ENOTEMPTY
		}
		return nil
	})
}

// remove takes a name out of its folder, if allowed agrees.
func (f *FS) remove(path string, allowed func(*node) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	dir, name, err := f.place(path)
	if err != nil {
		return err
	}
	if name == "" {
		return syscall.EBUSY
	}
	if byPosition(name) {
		return syscall.EINVAL
	}
	n, err := dir.child(name)
	if err == nil {
		err = allowed(n)
	}
	if err != nil {
		return err
	}
	dir.remove(name)
	f.forget(n)
	return nil
}

// Rename gives a file or folder another name, maybe in another folder. A file
// replaces a file there, a folder an empty folder.
//
// Errors: ENOENT, ENOTDIR, EISDIR, ENOTEMPTY, ENAMETOOLONG. EINVAL: a folder
// would move into itself.
func (f *FS) Rename(from, to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	oldDir, oldName, err := f.place(from)
	if err != nil {
		return err
	}
	newDir, newName, err := f.place(to)
	if err != nil {
		return err
	}
	if byPosition(oldName) || byPosition(newName) {
		return syscall.EBUSY
	}
	n, err := oldDir.child(oldName)
	if err != nil {
		return err
	}
	for d := newDir; n.isDir(); d = d.parent {
		if d == n {
			return syscall.EINVAL
		}
		if d == d.parent {
			break
		}
	}
	if old := newDir.children[newName]; old != nil && old != n {
		switch {
		case old.isDir() && !n.isDir():
			return syscall.EISDIR
		case !old.isDir() && n.isDir():
			return syscall.ENOTDIR
		case len(old.children) > 0:
			return syscall.ENOTEMPTY
		}
		newDir.remove(newName)
		f.forget(old)
	}
	oldDir.remove(oldName)
	newDir.add(newName, n)
	return nil
}

// Getwd returns the path of the working folder.
//
// Errors: ENOENT: it has been removed.
func (f *FS) Getwd() (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dir.path()
}

// Chdir makes the folder at path the working one.
//
// Errors: ENOENT, ENOTDIR, ENAMETOOLONG, EINVAL.
func (f *FS) Chdir(path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find(path, true)
	switch {
	case err != nil:
		return err
	case !n.isDir():
		return syscall.ENOTDIR
	}
	f.dir = n
	return nil
}

// Fchdir makes an open folder the working one.
//
// Errors: EBADF, ENOTDIR.
func (f *FS) Fchdir(fd int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	switch {
	case err != nil:
		return err
	case !o.node.isDir():
		return syscall.ENOTDIR
	}
	f.dir = o.node
	return nil
}

// Symlink makes link stand for target, a path that need not lead anywhere. If it
// does not begin with a slash it begins in the link's folder.
//
// Errors: EEXIST, ENOENT, ENOTDIR, ENAMETOOLONG, EINVAL, ENOSPC.
func (f *FS) Symlink(target, link string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	dir, name, err := f.place(link)
	switch {
	case err != nil:
		return err
	case target == "":
		return syscall.ENOENT
	case len(target) >= maxPath:
		return syscall.ENAMETOOLONG
	case byPosition(name) || dir.children[name] != nil:
		return syscall.EEXIST
	case strings.HasSuffix(link, "/"):
		return syscall.ENOENT
	}
	if err := f.charge(int64(len(target))); err != nil {
		return err
	}
	n := f.newNode(syscall.S_IFLNK | 0o777)
	n.data = make([]byte, len(target))
	copy(n.data, target)
	dir.add(name, n)
	return nil
}

// maxPath is one more than the length of the longest target of a link, in bytes.
const maxPath = 4096

// Readlink returns what the symbolic link at path stands for.
//
// Errors: EINVAL: it is none. And as Stat.
func (f *FS) Readlink(path string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find(path, false)
	switch {
	case err != nil:
		return "", err
	case !n.isLink():
		return "", syscall.EINVAL
	}
	return string(n.data), nil
}

// Chmod sets the rights of the file at path, which nobody asks about.
//
// Errors: as Stat.
func (f *FS) Chmod(path string, perm uint32) error {
	return f.change(path, func(n *node) { n.mode = n.mode&syscall.S_IFMT | perm&0o7777 })
}

// Chtimes sets when the file at path was changed last.
//
// Errors: as Stat.
func (f *FS) Chtimes(path string, modified time.Time) error {
	return f.change(path, func(n *node) { n.modified = modified })
}

func (f *FS) change(path string, change func(*node)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find(path, true)
	if err == nil {
		change(n)
	}
	return err
}

// Fchmod sets the rights of an open file.
//
// Errors: EBADF.
func (f *FS) Fchmod(fd int, perm uint32) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	if err == nil {
		o.node.mode = o.node.mode&syscall.S_IFMT | perm&0o7777
	}
	return err
}
