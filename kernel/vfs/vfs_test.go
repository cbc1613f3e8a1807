package vfs

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// small is a tree with room for 100 bytes:
//
//	/a.txt  "from the module"
//	/d/     b.txt "b", empty/
func small(t *testing.T) *FS {
	t.Helper()
	f := New(100)
	require.NoError(t, f.Add("a.txt", syscall.S_IFREG|0o644, time.Unix(1, 2), []byte("from the module")))
	require.NoError(t, f.Add("/d/b.txt", syscall.S_IFREG|0o600, time.Unix(3, 4), []byte("b")))
	require.NoError(t, f.Add("d/empty", syscall.S_IFDIR|0o700, time.Unix(5, 6), nil))
	return f
}

// must is the value of a call that is not to fail.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// content reads the whole of a file.
func content(t *testing.T, f *FS, path string) string {
	t.Helper()
	fd, err := f.Open(path, syscall.O_RDONLY, 0)
	require.NoError(t, err, path)
	defer func() { require.NoError(t, f.Close(fd)) }()
	b := make([]byte, 1000)
	n, err := f.Read(fd, b)
	require.NoError(t, err)
	return string(b[:n])
}

// list returns the names in a folder.
func list(t *testing.T, f *FS, path string) (names []string) {
	t.Helper()
	fd, err := f.Open(path, syscall.O_RDONLY|syscall.O_DIRECTORY, 0)
	require.NoError(t, err, path)
	defer func() { require.NoError(t, f.Close(fd)) }()
	require.NoError(t, f.ReadDir(fd, func(name string) bool { names = append(names, name); return true }))
	return names
}

func TestFilesOfTheModuleAreThere(t *testing.T) {
	f := small(t)
	require.Equal(t, "from the module", content(t, f, "/a.txt"))
	require.Equal(t, "b", content(t, f, "d/b.txt"))
	require.Equal(t, []string{"a.txt", "d"}, list(t, f, "/"))
	require.Equal(t, []string{"b.txt", "empty"}, list(t, f, "d"))
	info, err := f.Stat("d/b.txt", true)
	require.NoError(t, err)
	require.Equal(t, Info{Mode: syscall.S_IFREG | 0o600, Size: 1, Inode: info.Inode, Modified: time.Unix(3, 4)}, info)
	info, err = f.Stat("d/empty", true)
	require.NoError(t, err)
	require.Equal(t, uint32(syscall.S_IFDIR|0o700), info.Mode)
	require.Zero(t, f.Used(), "they take no memory of their own")
}

func TestALaterFileOfTheModuleReplacesOneOfTheSameName(t *testing.T) {
	f := small(t)
	require.NoError(t, f.Add("a.txt", syscall.S_IFREG|0o644, time.Time{}, []byte("newer")))
	require.Equal(t, "newer", content(t, f, "a.txt"))
	require.Equal(t, syscall.EISDIR, f.Add("d", syscall.S_IFREG|0o644, time.Time{}, nil))
	require.Equal(t, syscall.ENOTDIR, f.Add("a.txt", syscall.S_IFDIR|0o755, time.Time{}, nil))
	require.Equal(t, syscall.ENOTDIR, f.Add("a.txt/x", syscall.S_IFREG|0o644, time.Time{}, nil))
	require.Equal(t, syscall.EINVAL, f.Add("pipe", syscall.S_IFIFO|0o666, time.Time{}, nil))
	require.Equal(t, []string{"a.txt", "d"}, list(t, f, "/"))
	require.NoError(t, f.Add("link", syscall.S_IFLNK|0o777, time.Time{}, []byte("a.txt")))
	require.Equal(t, "newer", content(t, f, "link"))
	require.Equal(t, syscall.ENOTDIR, f.Add("link/x", syscall.S_IFREG|0o644, time.Time{}, nil))
}

func TestWritingToAFileOfTheModuleLeavesTheModuleAlone(t *testing.T) {
	f := New(100)
	module := []byte("hello, world")
	require.NoError(t, f.Add("m", syscall.S_IFREG|0o644, time.Time{}, module[:5]))
	fd := must(f.Open("m", syscall.O_RDWR, 0))
	must(f.Pwrite(fd, []byte("J"), 0))
	require.Equal(t, "Jello", content(t, f, "m"))
	require.EqualValues(t, 5, f.Used())
	must(f.Pwrite(fd, []byte("!!"), 5))
	require.Equal(t, "Jello!!", content(t, f, "m"))
	require.Equal(t, "hello, world", string(module))
	require.NoError(t, f.Close(fd))
}

func TestPathsAreWalkedNameByName(t *testing.T) {
	f := small(t)
	for _, path := range []string{"/d/b.txt", "d//b.txt", "./d/b.txt", "d/../d/b.txt", "/../../d/b.txt", "d/empty/../b.txt"} {
		require.Equal(t, "b", content(t, f, path), path)
	}
	require.NoError(t, f.Chdir("d/empty"))
	require.Equal(t, "b", content(t, f, "../b.txt"))
	require.Equal(t, "/d/empty", must(f.Getwd()))
	for path, want := range map[string]error{
		"":                             syscall.ENOENT,
		"/none":                        syscall.ENOENT,
		"/none/../a.txt":               syscall.ENOENT,
		"/a.txt/":                      syscall.ENOTDIR,
		"/a.txt/x":                     syscall.ENOTDIR,
		"/a.txt/..":                    syscall.ENOTDIR,
		"/d\x00":                       syscall.EINVAL,
		"/" + strings.Repeat("x", 256): syscall.ENAMETOOLONG,
	} {
		_, err := f.Stat(path, true)
		require.Equal(t, want, err, "%q", path)
	}
}

func TestOpenDoesWhatItsFlagsSay(t *testing.T) {
	for _, c := range []struct {
		path  string
		flags int
		want  error
	}{
		{"new", syscall.O_RDWR | syscall.O_CREAT, nil},
		{"new", syscall.O_RDWR, syscall.ENOENT},
		{"none/new", syscall.O_RDWR | syscall.O_CREAT, syscall.ENOENT},
		{"a.txt/new", syscall.O_RDWR | syscall.O_CREAT, syscall.ENOTDIR},
		{"new/", syscall.O_RDWR | syscall.O_CREAT, syscall.EISDIR},
		{"a.txt", syscall.O_RDWR | syscall.O_CREAT, nil},
		{"a.txt", syscall.O_RDWR | syscall.O_CREAT | syscall.O_EXCL, syscall.EEXIST},
		{"d", syscall.O_RDWR, syscall.EISDIR},
		{"d", syscall.O_RDONLY | syscall.O_CREAT, syscall.EISDIR},
		{"d", syscall.O_RDONLY, nil},
		{"a.txt", syscall.O_RDONLY | syscall.O_DIRECTORY, syscall.ENOTDIR},
	} {
		_, err := small(t).Open(c.path, c.flags, 0o600)
		require.Equal(t, c.want, err, "%s %#x", c.path, c.flags)
	}
	f := small(t)
	require.NoError(t, f.Close(must(f.Open("a.txt", syscall.O_WRONLY|syscall.O_TRUNC, 0))))
	require.Empty(t, content(t, f, "a.txt"))
}

func TestDescriptorsAreTheLowestThatAreFree(t *testing.T) {
	f := small(t)
	for _, want := range []int{3, 4, 5} {
		require.Equal(t, want, must(f.Open("a.txt", syscall.O_RDONLY, 0)))
	}
	require.NoError(t, f.Close(4))
	require.Equal(t, syscall.EBADF, f.Close(4))
	require.Equal(t, 4, must(f.Open("a.txt", syscall.O_RDONLY, 0)))
	for _, fd := range []int{-1, 0, 2, 6, 1 << 40} {
		require.Equal(t, syscall.EBADF, f.Close(fd))
	}
}

func TestADescriptorDoesOnlyWhatItWasOpenedFor(t *testing.T) {
	f := small(t)
	r := must(f.Open("a.txt", syscall.O_RDONLY, 0))
	w := must(f.Open("a.txt", syscall.O_WRONLY, 0))
	d := must(f.Open("d", syscall.O_RDONLY, 0))
	_, err := f.Write(r, []byte("x"))
	require.Equal(t, syscall.EBADF, err)
	_, err = f.Read(w, make([]byte, 1))
	require.Equal(t, syscall.EBADF, err)
	_, err = f.Read(d, make([]byte, 1))
	require.Equal(t, syscall.EISDIR, err)
	require.Equal(t, syscall.EINVAL, f.Ftruncate(r, 0))
	require.Equal(t, syscall.ENOTDIR, f.ReadDir(r, nil))
}

func TestThePositionMovesAsOneReadsAndWrites(t *testing.T) {
	f := small(t)
	fd := must(f.Open("n", syscall.O_RDWR|syscall.O_CREAT, 0o600))
	must(f.Write(fd, []byte("12345")))
	must(f.Write(fd, []byte("67")))
	require.EqualValues(t, 7, must(f.Seek(fd, 0, 1)))
	require.EqualValues(t, 5, must(f.Seek(fd, -2, 2)))
	b := make([]byte, 9)
	require.Equal(t, 2, must(f.Read(fd, b)))
	require.Equal(t, "67", string(b[:2]))
	require.Zero(t, must(f.Read(fd, b)), "the end")
	must(f.Pwrite(fd, []byte("x"), 9))
	require.Equal(t, "1234567\x00\x00x", content(t, f, "n"))
	for _, c := range [][2]int64{{-1, 0}, {1 << 62, 3}, {-8, 1}, {1<<63 - 1, 2}} {
		_, err := f.Seek(fd, c[0], int(c[1]))
		require.Equal(t, syscall.EINVAL, err, c)
	}
	require.EqualValues(t, 7, must(f.Seek(fd, 0, 1)))
	app := must(f.Open("n", syscall.O_WRONLY|syscall.O_APPEND, 0))
	must(f.Write(app, []byte("end")))
	require.Equal(t, "1234567\x00\x00xend", content(t, f, "n"))
}

func TestBytesThatTruncateHasTakenAwayDoNotComeBack(t *testing.T) {
	f := small(t)
	fd := must(f.Open("n", syscall.O_RDWR|syscall.O_CREAT, 0o600))
	must(f.Write(fd, []byte("secret")))
	require.NoError(t, f.Truncate("n", 2))
	require.NoError(t, f.Ftruncate(fd, 4))
	require.Equal(t, "se\x00\x00", content(t, f, "n"))
	require.Equal(t, syscall.EINVAL, f.Truncate("n", -1))
	require.Equal(t, syscall.EISDIR, f.Truncate("d", 0))
}

func TestTheDeviceIsEmptyWhateverIsWrittenToIt(t *testing.T) {
	f := small(t)
	require.NoError(t, f.Add("/dev/null", syscall.S_IFCHR|0o666, time.Time{}, nil))
	fd := must(f.Open("/dev/null", syscall.O_RDWR|syscall.O_TRUNC, 0))
	require.Equal(t, 1000, must(f.Write(fd, make([]byte, 1000))))
	require.Equal(t, 3, must(f.Pwrite(fd, []byte("123"), 1<<50)))
	require.Zero(t, must(f.Pread(fd, make([]byte, 9), 0)))
	require.Equal(t, Info{Mode: syscall.S_IFCHR | 0o666, Inode: must(f.Fstat(fd)).Inode}, must(f.Fstat(fd)))
	require.Equal(t, syscall.EINVAL, f.Ftruncate(fd, 1))
	require.Zero(t, f.Used())
}

func TestThereIsALimitAndNoWayAroundIt(t *testing.T) {
	f := small(t)
	fd := must(f.Open("n", syscall.O_RDWR|syscall.O_CREAT, 0o600))
	must(f.Write(fd, make([]byte, 90)))
	_, err := f.Write(fd, make([]byte, 11))
	require.Error(t, err)
	_, err = f.Pwrite(fd, []byte("x"), 1<<50)
	require.Equal(t, syscall.EFBIG, err)
	_, err = f.Pwrite(fd, []byte("x"), 1<<63-1)
	require.Equal(t, syscall.EFBIG, err)
	_, err = f.Pwrite(fd, []byte("x"), -1)
	require.Equal(t, syscall.EINVAL, err)
	require.Equal(t, syscall.EFBIG, f.Truncate("a.txt", 1<<40))
	require.Equal(t, syscall.ENOSPC, f.Truncate("a.txt", 20))
	require.EqualValues(t, 90, must(f.Stat("n", true)).Size)
	require.NoError(t, f.Unlink("n"))
	require.Equal(t, syscall.ENOSPC, f.Truncate("a.txt", 20), "it is still open")
	require.NoError(t, f.Close(fd))
	require.NoError(t, f.Truncate("a.txt", 20))
	require.LessOrEqual(t, f.Used(), int64(100))
}
