// Numbers and structures, as on Linux where there is no reason for others.

//go:build tamago

package syscall

import "unsafe"

const (
	ImplementsGetwd = true
	PathMax         = 4096
)

// Numbers as on Linux.
const (
	O_RDONLY    = 0
	O_WRONLY    = 1
	O_RDWR      = 2
	O_CREAT     = 0x40
	O_CREATE    = O_CREAT
	O_EXCL      = 0x80
	O_TRUNC     = 0x200
	O_APPEND    = 0x400
	O_SYNC      = 0x101000
	O_DIRECTORY = 0x10000
	O_NONBLOCK  = 0x800
	O_CLOEXEC   = 0x80000

	F_DUPFD = 0
	F_GETFD = 1
	F_SETFD = 2
	F_GETFL = 3
	F_SETFL = 4

	S_IFMT   = 0xf000
	S_IFIFO  = 0x1000
	S_IFCHR  = 0x2000
	S_IFDIR  = 0x4000
	S_IFBLK  = 0x6000
	S_IFREG  = 0x8000
	S_IFLNK  = 0xa000
	S_IFSOCK = 0xc000
	S_ISUID  = 0x800
	S_ISGID  = 0x400
	S_ISVTX  = 0x200
	S_IRUSR  = 0x100
	S_IWUSR  = 0x80
	S_IXUSR  = 0x40
	S_IRWXG  = 0x38
	S_IRWXO  = 0x7
)

type Stat_t struct {
	Dev       int64
	Ino       uint64
	Mode      uint32
	Nlink     uint32
	Uid       uint32
	Gid       uint32
	Rdev      int64
	Size      int64
	Blksize   int32
	Blocks    int32
	Atime     int64
	AtimeNsec int64
	Mtime     int64
	MtimeNsec int64
	Ctime     int64
	CtimeNsec int64
}

type Dirent struct {
	Reclen uint16
	Name   [256]byte
}

func direntIno(buf []byte) (uint64, bool) { return 1, true }

func direntReclen(buf []byte) (uint64, bool) {
	return readInt(buf, unsafe.Offsetof(Dirent{}.Reclen), unsafe.Sizeof(Dirent{}.Reclen))
}

func direntNamlen(buf []byte) (uint64, bool) {
	n, ok := direntReclen(buf)
	return n - uint64(unsafe.Offsetof(Dirent{}.Name)), ok
}

type (
	Timespec struct{ Sec, Nsec int64 }
	Timeval  struct{ Sec, Usec int64 }
)

func setTimespec(sec, nsec int64) Timespec { return Timespec{sec, nsec} }
func setTimeval(sec, usec int64) Timeval   { return Timeval{sec, usec} }
