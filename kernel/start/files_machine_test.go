//go:build tamago && derived

package start

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Package vfs has its own tests; these are about what package os makes of it.

func TestProgramsReadAndWriteFiles(t *testing.T) {
	dir := t.TempDir()
	require.True(t, strings.HasPrefix(dir, "/tmp/"), dir)
	name := filepath.Join(dir, "a")
	require.NoError(t, os.WriteFile(name, []byte("hello"), 0o640))
	f, err := os.OpenFile(name, os.O_APPEND|os.O_RDWR, 0)
	require.NoError(t, err)
	_, err = f.WriteString(", world")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "hello, world", string(b))

	then := time.Unix(1234567890, 987654321)
	require.NoError(t, os.Chtimes(name, time.Time{}, then))
	require.NoError(t, os.Chmod(name, 0o400))
	info, err := os.Stat(name)
	require.NoError(t, err)
	require.Equal(t, "-r-------- a", info.Mode().String()+" "+info.Name())
	require.EqualValues(t, 12, info.Size())
	require.True(t, then.Equal(info.ModTime()), info.ModTime())
}

func TestAFolderOfManyFilesIsListedWhole(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for i := range 300 { // more than fit into one buffer
		name := strings.Repeat("x", i%250) + string(rune('a'+i/250))
		want = append(want, name)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var got []string
	for _, e := range entries {
		require.True(t, e.Type().IsRegular())
		got = append(got, e.Name())
	}
	require.ElementsMatch(t, want, got)
}

func TestErrorsOfFilesAreThoseThatProgramsAskFor(t *testing.T) {
	_, err := os.Stat("/none")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorIs(t, os.Mkdir("/tmp", 0o700), fs.ErrExist)
	require.ErrorIs(t, os.Link("/tmp", "/link"), errors.ErrUnsupported)
}

func TestTheNullDeviceIsThere(t *testing.T) {
	f, err := os.OpenFile(os.DevNull, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
	require.NoError(t, err)
	defer f.Close()
	n, err := f.WriteString("gone")
	require.NoError(t, err)
	require.Equal(t, 4, n)
	b, err := os.ReadFile(os.DevNull)
	require.NoError(t, err)
	require.Empty(t, b)
}

func TestTheStandardFilesAreDevices(t *testing.T) {
	for _, f := range []*os.File{os.Stdin, os.Stdout, os.Stderr} {
		info, err := f.Stat()
		require.NoError(t, err)
		require.Equal(t, fs.ModeDevice|fs.ModeCharDevice, info.Mode().Type())
	}
	n, _ := os.Stdin.Read(make([]byte, 1))
	require.Zero(t, n)
}
