package vfs

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzFS does what the fuzzer says to a few names, and then looks whether the
// tree still holds together.
func FuzzFS(f *testing.F) {
	f.Add([]byte("\x00\x11\x23\x45\x67\x89\xab\xcd\xef"))
	f.Add([]byte{0x01, 0x10, 0x21, 0x02, 0x30, 0x44, 0x50, 0x61, 0x71, 0x82, 0x90})
	f.Add([]byte{0xc1, 0xc2, 0xc3, 0x01, 0x12, 0x23, 0xb1, 0x91, 0xe2})
	names := []string{"/a", "/d", "/d/b", "/d/e", "/d/e/c", "d", "..", "/d/../a"}
	f.Fuzz(func(t *testing.T, script []byte) {
		fs := New(1000)
		require.NoError(t, fs.Add("/a", syscall.S_IFREG|0o600, time.Time{}, []byte("module")))
		for i, op := range script {
			name, other := names[op&7], names[i&7]
			fd := 3 + int(op&3)
			switch op >> 4 {
			case 0, 1:
				_, _ = fs.Open(name, syscall.O_RDWR|syscall.O_CREAT, 0o600)
			case 2:
				_, _ = fs.Open(name, syscall.O_RDONLY, 0)
			case 3:
				_ = fs.Close(fd)
			case 4:
				_, _ = fs.Write(fd, make([]byte, i))
			case 5:
				_, _ = fs.Pwrite(fd, []byte{op}, int64(i)<<(op&15))
			case 6:
				_, _ = fs.Read(fd, make([]byte, i))
			case 7:
				_, _ = fs.Seek(fd, int64(int8(op)), int(op&3))
			case 8:
				_ = fs.Mkdir(name, 0o700)
			case 9:
				_ = fs.Unlink(name)
			case 10:
				_ = fs.Rmdir(name)
			case 11:
				_ = fs.Rename(name, other)
			case 12:
				_ = fs.Truncate(name, int64(i)*int64(op&7))
				_ = fs.Symlink(other, name)
			case 13:
				_ = fs.Ftruncate(fd, int64(i))
			case 14:
				_ = fs.Chdir(name)
			default:
				_ = fs.ReadDir(fd, func(string) bool { return op&1 == 0 })
			}
		}
		check(t, fs)
	})
}

// check walks everything that can be reached: by names each node once, and all
// bytes are counted.
func check(t *testing.T, fs *FS) {
	t.Helper()
	seen := map[*node]bool{}
	used := int64(0)
	count := func(n *node) {
		if !seen[n] && !n.borrowed {
			used += int64(cap(n.data))
		}
		seen[n] = true
	}
	var walk func(n *node)
	walk = func(n *node) {
		require.False(t, seen[n], "a node in two places")
		count(n)
		for name, c := range n.children {
			require.True(t, c.linked, name)
			require.Same(t, n, c.parent, name)
			walk(c)
		}
	}
	walk(fs.root)
	opened := map[*node]int{}
	for _, o := range fs.files {
		if o != nil {
			count(o.node)
			opened[o.node]++
		}
	}
	for n := range seen {
		require.Equal(t, opened[n], n.opened)
	}
	require.Equal(t, used, fs.used)
	require.LessOrEqual(t, fs.used, fs.limit)
}
