package vfs

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFoldersAreMadeAndRemoved(t *testing.T) {
	f := small(t)
	require.NoError(t, f.Mkdir("d/new/", 0o755))
	require.Equal(t, []string{"b.txt", "empty", "new"}, list(t, f, "d"))
	require.Equal(t, syscall.EEXIST, f.Mkdir("d/new", 0o755))
	require.Equal(t, syscall.EEXIST, f.Mkdir("/", 0o755))
	require.Equal(t, syscall.ENOENT, f.Mkdir("none/new", 0o755))
	require.Equal(t, syscall.ENOTDIR, f.Mkdir("a.txt/new", 0o755))
	require.Equal(t, syscall.ENOTEMPTY, f.Rmdir("d"))
	require.Equal(t, syscall.ENOTDIR, f.Rmdir("a.txt"))
	require.Equal(t, syscall.EBUSY, f.Rmdir("/"))
	require.Equal(t, syscall.EINVAL, f.Rmdir("d/."))
	require.NoError(t, f.Rmdir("d/new"))
	require.Equal(t, syscall.ENOENT, f.Rmdir("d/new"))
}

func TestAWorkingFolderThatIsRemovedHasNoName(t *testing.T) {
	f := small(t)
	require.NoError(t, f.Chdir("d/empty"))
	require.NoError(t, f.Rmdir("/d/empty"))
	_, err := f.Getwd()
	require.Equal(t, syscall.ENOENT, err)
	require.Equal(t, syscall.ENOENT, f.Mkdir("new", 0o700))
	_, err = f.Open("new", syscall.O_WRONLY|syscall.O_CREAT, 0o600)
	require.Equal(t, syscall.ENOENT, err)
	require.NoError(t, f.Chdir(".."))
	require.Equal(t, "/d", must(f.Getwd()))
	require.Equal(t, syscall.ENOTDIR, f.Chdir("b.txt"))
}

func TestARemovedFileIsThereForWhoHasItOpen(t *testing.T) {
	f := small(t)
	fd := must(f.Open("n", syscall.O_RDWR|syscall.O_CREAT, 0o600))
	must(f.Write(fd, []byte("123")))
	require.NoError(t, f.Unlink("n"))
	require.Equal(t, syscall.ENOENT, f.Unlink("n"))
	require.Equal(t, syscall.EISDIR, f.Unlink("d"))
	b := make([]byte, 9)
	require.Equal(t, 3, must(f.Pread(fd, b, 0)))
	require.EqualValues(t, 3, f.Used())
	require.NoError(t, f.Close(fd))
	require.Zero(t, f.Used())
}

func TestRenameMovesAndReplaces(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     error
	}{
		{"a.txt", "d/c.txt", nil},
		{"a.txt", "d/b.txt", nil},
		{"a.txt", "a.txt", nil},
		{"d", "e", nil},
		{"d", "a.txt", syscall.ENOTDIR},
		{"a.txt", "d", syscall.EISDIR},
		{"d", "d/empty/d", syscall.EINVAL},
		{"d", "d/empty", syscall.EINVAL},
		{"none", "x", syscall.ENOENT},
		{"a.txt", "none/x", syscall.ENOENT},
		{"/", "x", syscall.EBUSY},
		{"a.txt", "d/..", syscall.EBUSY},
	} {
		f := small(t)
		require.Equal(t, c.want, f.Rename(c.from, c.to), "%s to %s", c.from, c.to)
		if c.want != nil {
			require.Equal(t, []string{"a.txt", "d"}, list(t, f, "/"))
			continue
		}
		_, err := f.Stat(c.to, true)
		require.NoError(t, err)
		if c.from != c.to {
			_, err = f.Stat(c.from, true)
			require.Equal(t, syscall.ENOENT, err)
		}
	}
	f := small(t)
	require.NoError(t, f.Mkdir("full", 0o755))
	require.NoError(t, f.Rename("a.txt", "full/a.txt"))
	require.Equal(t, syscall.ENOTEMPTY, f.Rename("d", "full"))
	require.NoError(t, f.Rename("full", "d/empty"), "an empty folder may be replaced")
	require.Equal(t, "from the module", content(t, f, "d/empty/a.txt"))
	require.NoError(t, f.Chdir("d/empty"))
	require.NoError(t, f.Rename("/d", "/e"))
	require.Equal(t, "/e/empty", must(f.Getwd()))
}

func TestLinksAreFollowed(t *testing.T) {
	f := small(t)
	for link, target := range map[string]string{
		"/d/up": "../a.txt", "/d/self": "self", "/abs": "/d", "/new": "/d/fresh", "/d/1": "2", "/d/2": "/abs/b.txt", "/none": "x/y",
	} {
		require.NoError(t, f.Symlink(target, link))
		require.Equal(t, target, must(f.Readlink(link)))
	}
	require.Equal(t, "from the module", content(t, f, "/d/up"))
	require.Equal(t, "b", content(t, f, "abs/b.txt"))
	require.Equal(t, "b", content(t, f, "abs/1"))
	require.Equal(t, []string{"1", "2", "b.txt", "empty", "self", "up"}, list(t, f, "abs/"))

	for path, want := range map[string]error{
		"/d/self": syscall.ELOOP, "/d/self/x": syscall.ELOOP, "/new": syscall.ENOENT, "/none": syscall.ENOENT, "/d/up/": syscall.ENOTDIR,
	} {
		_, err := f.Open(path, syscall.O_RDONLY, 0)
		require.Equal(t, want, err, path)
	}
	_, err := f.Open("/d/self", syscall.O_WRONLY|syscall.O_CREAT, 0o600)
	require.Equal(t, syscall.ELOOP, err)
	_, err = f.Open("/new", syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL, 0o600)
	require.Equal(t, syscall.EEXIST, err)
	fd := must(f.Open("/new", syscall.O_WRONLY|syscall.O_CREAT, 0o600))
	must(f.Write(fd, []byte("!")))
	require.Equal(t, "!", content(t, f, "/d/fresh"))
}

func TestALinkIsRemovedAndRenamedItself(t *testing.T) {
	f := small(t)
	require.NoError(t, f.Symlink("d", "link"))
	require.Equal(t, uint32(syscall.S_IFLNK|0o777), must(f.Stat("link", false)).Mode)
	require.Equal(t, uint32(syscall.S_IFDIR), must(f.Stat("link", true)).Mode&syscall.S_IFMT)
	require.EqualValues(t, 1, f.Used())
	require.Equal(t, syscall.ENOTDIR, f.Rmdir("link"))
	require.NoError(t, f.Rename("link", "moved"))
	require.Equal(t, "d", must(f.Readlink("moved")))
	require.NoError(t, f.Unlink("moved"))
	require.Equal(t, []string{"a.txt", "d"}, list(t, f, "/"))
	require.Zero(t, f.Used())

	require.Equal(t, syscall.EEXIST, f.Symlink("x", "d"))
	require.Equal(t, syscall.ENOENT, f.Symlink("", "l"))
	require.Equal(t, syscall.ENAMETOOLONG, f.Symlink(strings.Repeat("x", 5000), "l"))
	require.Equal(t, syscall.ENOSPC, f.Symlink(strings.Repeat("x", 101), "l"))
	_, err := f.Readlink("a.txt")
	require.Equal(t, syscall.EINVAL, err)
}

func TestTheWorkingFolderCanBeAnOpenOne(t *testing.T) {
	f := small(t)
	require.NoError(t, f.Fchdir(must(f.Open("d", syscall.O_RDONLY, 0))))
	require.Equal(t, "/d", must(f.Getwd()))
	require.Equal(t, syscall.ENOTDIR, f.Fchdir(must(f.Open("b.txt", syscall.O_RDONLY, 0))))
	require.Equal(t, syscall.EBADF, f.Fchdir(99))
}

func TestAFolderIsListedOnceFromEachRewind(t *testing.T) {
	f := small(t)
	fd := must(f.Open("/", syscall.O_RDONLY, 0))
	one := func() (got string) {
		require.NoError(t, f.ReadDir(fd, func(name string) bool {
			if got != "" {
				return false // it has to come again next time
			}
			got = name
			return true
		}))
		return got
	}
	require.Equal(t, "a.txt", one())
	require.NoError(t, f.Unlink("a.txt"))
	require.Equal(t, "d", one())
	require.Empty(t, one())
	must(f.Seek(fd, 0, 0))
	require.Equal(t, "d", one())
	_, err := f.Seek(fd, 1, 0)
	require.Equal(t, syscall.EINVAL, err)
}

func TestRightsAndTimesAreKept(t *testing.T) {
	f := small(t)
	require.NoError(t, f.Chmod("a.txt", 0o4711))
	require.Equal(t, uint32(syscall.S_IFREG|0o4711), must(f.Stat("a.txt", true)).Mode)
	fd := must(f.Open("d", syscall.O_RDONLY, 0))
	require.NoError(t, f.Fchmod(fd, 0o1777|syscall.S_IFREG))
	require.Equal(t, uint32(syscall.S_IFDIR|0o1777), must(f.Fstat(fd)).Mode)
	require.NoError(t, f.Chtimes("a.txt", time.Unix(7, 8)))
	require.Equal(t, time.Unix(7, 8), must(f.Stat("a.txt", true)).Modified)
	require.Equal(t, syscall.ENOENT, f.Chmod("none", 0))
	require.Equal(t, syscall.ENOENT, f.Chtimes("none", time.Time{}))
	require.Equal(t, syscall.EBADF, f.Fchmod(99, 0))
}

func TestAFolderChangesWhenANameComesOrGoes(t *testing.T) {
	f := small(t)
	then := time.Unix(1, 0)
	for what, change := range map[string]func() error{
		"comes": func() error { return f.Mkdir("x", 0o755) },
		"goes":  func() error { return f.Unlink("a.txt") },
	} {
		require.NoError(t, f.Chtimes("/", then))
		require.NoError(t, change())
		require.NotEqual(t, then, must(f.Stat("/", true)).Modified, what)
	}
}
