//go:build tamago && derived

package start

import (
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"vitrine/kernel/cpio"
	"vitrine/kernel/log"
	"vitrine/kernel/vfs"
	"vitrine/mm"
)

// What package os finds: the files of the boot modules that are archives, and
// what is written. syscall.VFS, which the derived toolchain adds, leads here.

// tree is the machine's files, read when somebody first wants one. (Sooner
// there may be no heap, and most programs never do.)
var tree struct {
	once sync.Once
	fs   *vfs.FS
}

// stdout gets what goes to standard output and standard error; nil: Printk does.
var stdout func([]byte) (int, error)

// SetStdout makes write get what package os writes to standard output and
// standard error. Until then Printk gets it, byte by byte.
//
// Context: goroutines.
func SetStdout(write func([]byte) (int, error)) { stdout = write }

// Files returns the machine's files.
//
// Context: goroutines.
func Files() *vfs.FS {
	tree.once.Do(func() {
		tree.fs = vfs.New(int64(Info.UsableBytes() / 8))
		unpackModules(tree.fs)
		add("/tmp", syscall.S_IFDIR|0o777)
		add("/dev/null", syscall.S_IFCHR|0o666)
		if dir, ok := Info.Words().Get("dir"); ok {
			if err := tree.fs.Chdir(dir); err != nil {
				log.Errorf("files", "dir=%s: %v", dir, err)
			}
		}
	})
	return tree.fs
}

// add adds what programs take for granted.
func add(path string, mode uint32) {
	if err := tree.fs.Add(path, mode, time.Now(), nil); err != nil {
		log.Errorf("files", "%s: %v", path, err)
	}
}

// unpackModules adds the files of all boot modules that are archives.
func unpackModules(fs *vfs.FS) {
	for _, m := range Info.Modules() {
		archive, ok := Physical.Bytes(m.Range.Start, m.Range.Size())
		if !ok || !strings.HasPrefix(unsafe.String(unsafe.SliceData(archive), len(archive)), cpio.Magic) {
			continue
		}
		for e, err := range cpio.Files(archive) {
			if err == nil {
				err = fs.Add(e.Name, e.Mode, e.Modified, e.Data)
			}
			if err != nil {
				log.Errorf("files", "module %s, %s: %v", m.Name(), e.Name, err)
			}
		}
	}
}

// startFiles sets the hooks of package syscall.
//
// Context: g0.
func startFiles() {
	v := &syscall.VFS
	v.Open = func(path string, mode int, perm uint32) (int, error) { return Files().Open(path, mode, perm) }
	v.Close = func(fd int) error { return Files().Close(fd) }
	v.Read, v.Write = readFile, writeFile
	v.Pread = func(fd int, b []byte, at int64) (int, error) { return Files().Pread(fd, b, at) }
	v.Pwrite = func(fd int, b []byte, at int64) (int, error) { return Files().Pwrite(fd, b, at) }
	v.Seek = func(fd int, to int64, whence int) (int64, error) { return Files().Seek(fd, to, whence) }
	v.Stat = func(path string, follow bool, st *syscall.Stat_t) error { return fill(st)(Files().Stat(path, follow)) }
	v.Fstat = statFile
	v.ReadDirent = readDirent
	v.Mkdir = func(path string, perm uint32) error { return Files().Mkdir(path, perm) }
	v.Unlink = func(path string) error { return Files().Unlink(path) }
	v.Rmdir = func(path string) error { return Files().Rmdir(path) }
	v.Rename = func(from, to string) error { return Files().Rename(from, to) }
	v.Truncate = func(path string, n int64) error { return Files().Truncate(path, n) }
	v.Ftruncate = func(fd int, n int64) error { return Files().Ftruncate(fd, n) }
	v.Getwd = func() (string, error) { return Files().Getwd() }
	v.Chdir = func(path string) error { return Files().Chdir(path) }
	v.Fchdir = func(fd int) error { return Files().Fchdir(fd) }
	v.Symlink = func(target, link string) error { return Files().Symlink(target, link) }
	v.Readlink = func(path string) (string, error) { return Files().Readlink(path) }
	v.Chmod = func(path string, perm uint32) error { return Files().Chmod(path, perm) }
	v.Fchmod = func(fd int, perm uint32) error { return Files().Fchmod(fd, perm) }
	v.Chtimes = func(path string, sec, nsec int64) error { return Files().Chtimes(path, time.Unix(sec, nsec)) }
}

// readFile reads a file. Standard input is empty.
func readFile(fd int, b []byte) (int, error) {
	if fd == syscall.Stdin {
		return 0, nil
	}
	return Files().Read(fd, b)
}

// writeFile writes to a file, or to the console.
func writeFile(fd int, b []byte) (int, error) {
	switch {
	case fd != syscall.Stdout && fd != syscall.Stderr:
		return Files().Write(fd, b)
	case stdout != nil:
		return stdout(b)
	}
	for _, c := range b {
		Printk(c)
	}
	return len(b), nil
}

// statFile tells about an open file. The standard ones are devices.
func statFile(fd int, st *syscall.Stat_t) error {
	if fd >= 0 && fd < vfs.Standard {
		*st = syscall.Stat_t{Mode: syscall.S_IFCHR | 0o620, Nlink: 1}
		return nil
	}
	return fill(st)(Files().Fstat(fd))
}

// fill puts what vfs tells into st.
func fill(st *syscall.Stat_t) func(vfs.Info, error) error {
	return func(i vfs.Info, err error) error {
		if err != nil {
			return err
		}
		sec, nsec := i.Modified.Unix(), int64(i.Modified.Nanosecond())
		*st = syscall.Stat_t{
			Dev: 1, Ino: i.Inode, Mode: i.Mode, Nlink: 1, Size: i.Size,
			Blksize: mm.PageSize, Blocks: int32((i.Size + 511) / 512),
			Atime: sec, AtimeNsec: nsec, Mtime: sec, MtimeNsec: nsec, Ctime: sec, CtimeNsec: nsec,
		}
		return nil
	}
}

// readDirent writes the next names of a folder into b, as syscall.Dirent
// records, each as long as its name.
func readDirent(fd int, b []byte) (n int, err error) {
	const name = int(unsafe.Offsetof(syscall.Dirent{}.Name))
	err = Files().ReadDir(fd, func(s string) bool {
		size := name + len(s)
		if n+size > len(b) {
			return false
		}
		b[n], b[n+1] = byte(size), byte(size>>8)
		copy(b[n+name:], s)
		n += size
		return true
	})
	return n, err
}
