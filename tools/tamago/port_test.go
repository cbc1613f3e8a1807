package main

import (
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAddedFilesAreFormattedAndSayWhatTheyAreFor(t *testing.T) {
	err := fs.WalkDir(port, portRoot, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := port.ReadFile(p)
		require.NoError(t, err)
		require.NotEmpty(t, purposeOf(b), p)
		if strings.HasSuffix(p, ".go") {
			formatted, err := format.Source(b)
			require.NoError(t, err, p)
			require.Equal(t, string(formatted), string(b), p)
		}
		return nil
	})
	require.NoError(t, err)
}

// A file that is forgotten here would change without a new derivation.
func TestTheContentAddressCoversAllThatDerives(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	harmless := regexp.MustCompile(`^(cache|doc|main|progress|stock|.*_test)\.go$`)
	for _, f := range files {
		if !harmless.MatchString(f) {
			_, err := self.ReadFile(f)
			require.NoError(t, err, "%s is not embedded in self", f)
		}
	}
	onDisk := 0
	require.NoError(t, filepath.WalkDir(portRoot, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			onDisk++
		}
		return err
	}))
	embedded := 0
	require.NoError(t, fs.WalkDir(port, ".", func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			embedded++
		}
		return err
	}))
	require.Equal(t, onDisk, embedded, "a name in _port begins with . or _")
}

func TestTheContentAddressDependsOnTheStockGo(t *testing.T) {
	a := &stockGo{root: "/a", version: "go1.26.4", stamp: "go1.26.4\ntime 1"}
	for _, b := range []stockGo{
		{root: "/b", version: a.version, stamp: a.stamp},
		{root: a.root, version: a.version, stamp: "go1.26.4\ntime 2"},
	} {
		require.NotEqual(t, address(a), address(&b))
	}
	require.Equal(t, address(a), address(&stockGo{root: a.root, version: a.version, stamp: a.stamp}))
}

func TestTheRuntimesConstantsComeFromTheHookPackage(t *testing.T) {
	for _, e := range libraryEdits {
		require.NotContains(t, e.New, "0xffffff80", e.Purpose)
		require.NotEqual(t, e.Old, e.New, e.Purpose)
	}
	b, err := os.ReadFile("_port/runtime/goosconst_tamago.go")
	require.NoError(t, err)
	for _, name := range []string{"ArenaBaseOffset", "HeapAddrBits", "LogHeapArenaBytes", "LogPallocChunkPages", "MinPhysPageSize", "StackSystem"} {
		require.Contains(t, string(b), "goos."+name)
	}
}
