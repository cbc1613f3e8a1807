package vfs

import (
	"syscall"
	"time"
)

// own makes the bytes of n belong to n, so that they can be written to: those
// of the boot module are copied, with room for size bytes.
//
// Errors: ENOSPC.
func (f *FS) own(n *node, size int64) error {
	if !n.borrowed {
		return nil
	}
	size = max(size, int64(len(n.data)))
	if err := f.charge(size); err != nil {
		return err
	}
	data := make([]byte, len(n.data), size)
	copy(data, n.data)
	n.data, n.borrowed = data, false
	return nil
}

// resize changes the length of a file; new bytes are zero.
//
// Errors: ENOSPC, EFBIG.
func (f *FS) resize(n *node, size int64) error {
	if n.isDevice() {
		return syscall.EINVAL
	}
	if size > f.limit {
		return syscall.EFBIG
	}
	if err := f.own(n, min(size, int64(len(n.data)))); err != nil {
		return err
	}
	old := int64(cap(n.data))
	if size > old {
		// Twice as much, so that writing byte by byte copies each byte a few times
		// only; but not because of the limit.
		room := max(size, min(2*old, f.limit-f.used))
		if err := f.charge(room - old); err != nil {
			return err
		}
		data := make([]byte, len(n.data), room)
		copy(data, n.data)
		n.data = data
	}
	shorter := int64(len(n.data))
	n.data = n.data[:size]
	if size > shorter {
		clear(n.data[shorter:]) // left from when the file was longer
	}
	n.modified = time.Now()
	return nil
}

// Truncate sets the length of the file at path.
//
// Errors: ENOENT, ENOTDIR, EISDIR, EINVAL, ENOSPC, EFBIG.
func (f *FS) Truncate(path string, size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find(path, true)
	switch {
	case err != nil:
		return err
	case n.isDir():
		return syscall.EISDIR
	case size < 0:
		return syscall.EINVAL
	}
	return f.resize(n, size)
}

// Ftruncate sets the length of an open file.
//
// Errors: EBADF, EINVAL, ENOSPC, EFBIG.
func (f *FS) Ftruncate(fd int, size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.file(fd)
	switch {
	case err != nil:
		return err
	case !o.writable() || size < 0:
		return syscall.EINVAL
	}
	return f.resize(o.node, size)
}
