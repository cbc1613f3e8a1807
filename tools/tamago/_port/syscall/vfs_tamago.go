// Files: what the kernel makes of VFS.

//go:build tamago

package syscall

import "unsafe"

// VFS holds the kernel's file operations, an extension of the hook contract.
// A nil one returns ENOSYS. As long as Write is nil, standard output and
// standard error go to the console (the hook Printk).
//
// The kernel fills it in before main, or takes care that nobody uses files
// meanwhile. The functions may block; they are called on ordinary goroutines.
var VFS struct {
	Open       func(path string, mode int, perm uint32) (fd int, err error)
	Close      func(fd int) error
	Read       func(fd int, b []byte) (int, error)
	Write      func(fd int, b []byte) (int, error)
	Pread      func(fd int, b []byte, off int64) (int, error)
	Pwrite     func(fd int, b []byte, off int64) (int, error)
	Seek       func(fd int, off int64, whence int) (int64, error)
	Stat       func(path string, follow bool, st *Stat_t) error
	Fstat      func(fd int, st *Stat_t) error
	ReadDirent func(fd int, b []byte) (int, error)
	Mkdir      func(path string, perm uint32) error
	Unlink     func(path string) error
	Rmdir      func(path string) error
	Rename     func(from, to string) error
	Truncate   func(path string, n int64) error
	Ftruncate  func(fd int, n int64) error
	Getwd      func() (string, error)
	Chdir      func(path string) error
	Fchdir     func(fd int) error
	Symlink    func(target, link string) error
	Readlink   func(path string) (target string, err error)
	Chmod      func(path string, perm uint32) error
	Fchmod     func(fd int, perm uint32) error
	Chtimes    func(path string, sec, nsec int64) error // of the last change
}

var (
	Stdin  = 0
	Stdout = 1
	Stderr = 2
)

func Open(path string, mode int, perm uint32) (int, error) {
	if VFS.Open != nil {
		return VFS.Open(path, mode, perm)
	}
	return -1, ENOSYS
}

func Close(fd int) error {
	if VFS.Close != nil {
		return VFS.Close(fd)
	}
	return ENOSYS
}

func Read(fd int, b []byte) (int, error) {
	if VFS.Read != nil {
		return VFS.Read(fd, b)
	}
	return 0, ENOSYS
}

func Write(fd int, b []byte) (int, error) {
	if VFS.Write != nil {
		return VFS.Write(fd, b)
	}
	if fd != 1 && fd != 2 {
		return 0, EBADF
	}
	printk(unsafe.Pointer(unsafe.SliceData(b)), len(b))
	return len(b), nil
}

func Pread(fd int, b []byte, off int64) (int, error) {
	if VFS.Pread != nil {
		return VFS.Pread(fd, b, off)
	}
	return 0, ENOSYS
}

func Pwrite(fd int, b []byte, off int64) (int, error) {
	if VFS.Pwrite != nil {
		return VFS.Pwrite(fd, b, off)
	}
	return 0, ENOSYS
}

func Seek(fd int, off int64, whence int) (int64, error) {
	if VFS.Seek != nil {
		return VFS.Seek(fd, off, whence)
	}
	return 0, ENOSYS
}

func Stat(path string, st *Stat_t) error {
	if VFS.Stat != nil {
		return VFS.Stat(path, true, st)
	}
	return ENOSYS
}

func Lstat(path string, st *Stat_t) error {
	if VFS.Stat != nil {
		return VFS.Stat(path, false, st)
	}
	return ENOSYS
}

func Fstat(fd int, st *Stat_t) error {
	if VFS.Fstat != nil {
		return VFS.Fstat(fd, st)
	}
	return ENOSYS
}

func ReadDirent(fd int, b []byte) (int, error) {
	if VFS.ReadDirent != nil {
		return VFS.ReadDirent(fd, b)
	}
	return 0, ENOSYS
}

func Mkdir(path string, perm uint32) error {
	if VFS.Mkdir != nil {
		return VFS.Mkdir(path, perm)
	}
	return ENOSYS
}

func Unlink(path string) error {
	if VFS.Unlink != nil {
		return VFS.Unlink(path)
	}
	return ENOSYS
}

func Rmdir(path string) error {
	if VFS.Rmdir != nil {
		return VFS.Rmdir(path)
	}
	return ENOSYS
}

func Rename(from, to string) error {
	if VFS.Rename != nil {
		return VFS.Rename(from, to)
	}
	return ENOSYS
}

func Truncate(path string, n int64) error {
	if VFS.Truncate != nil {
		return VFS.Truncate(path, n)
	}
	return ENOSYS
}

func Ftruncate(fd int, n int64) error {
	if VFS.Ftruncate != nil {
		return VFS.Ftruncate(fd, n)
	}
	return ENOSYS
}

func Getwd() (string, error) {
	if VFS.Getwd != nil {
		return VFS.Getwd()
	}
	return "/", nil
}

func Chdir(path string) error {
	if VFS.Chdir != nil {
		return VFS.Chdir(path)
	}
	return ENOSYS
}

func Fchdir(fd int) error {
	if VFS.Fchdir != nil {
		return VFS.Fchdir(fd)
	}
	return ENOSYS
}

func Symlink(target, link string) error {
	if VFS.Symlink != nil {
		return VFS.Symlink(target, link)
	}
	return ENOSYS
}

func Readlink(path string, buf []byte) (int, error) {
	if VFS.Readlink != nil {
		s, err := VFS.Readlink(path)
		return copy(buf, s), err
	}
	return 0, ENOSYS
}

func Chmod(path string, mode uint32) error {
	if VFS.Chmod != nil {
		return VFS.Chmod(path, mode)
	}
	return ENOSYS
}

func Fchmod(fd int, mode uint32) error {
	if VFS.Fchmod != nil {
		return VFS.Fchmod(fd, mode)
	}
	return ENOSYS
}

// UtimesNano sets the times of access, which nobody keeps, and of change. A
// number of nanoseconds that is none leaves the time as it is.
func UtimesNano(path string, ts []Timespec) error {
	switch {
	case VFS.Chtimes == nil:
		return ENOSYS
	case len(ts) != 2:
		return EINVAL
	case ts[1].Nsec < 0 || ts[1].Nsec >= 1e9:
		var st Stat_t
		return Stat(path, &st)
	}
	return VFS.Chtimes(path, ts[1].Sec, ts[1].Nsec)
}

func Getcwd(buf []byte) (int, error) {
	s, err := Getwd()
	return copy(buf, s), err
}

func CloseOnExec(fd int)                         {}
func SetNonblock(fd int, nonblocking bool) error { return nil }
