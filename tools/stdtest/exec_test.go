package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/u-root/u-root/pkg/cpio"
)

func TestTheArchiveHasAPackagesFilesAndNoOtherPackages(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{
		"src/p/p.go", "src/p/testdata/x.txt", "src/p/testdata/src/q/q.go", "src/p/sub/s.go", "src/p/data/d.txt", "src/other/o.go", "lib/z.zip",
	} {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(name), 0o640))
	}
	name, err := archive(root, []string{"src/p", "lib/z.zip"}, []string{"etc/hosts"})
	require.NoError(t, err)
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	found := map[string]string{}
	require.NoError(t, cpio.ForEachRecord(cpio.Newc.Reader(f), func(r cpio.Record) error {
		if r.Mode&cpio.S_IFMT == cpio.S_IFREG {
			b, err := io.ReadAll(io.NewSectionReader(r, 0, int64(r.FileSize)))
			require.NoError(t, err)
			found[r.Name] = string(b)
		}
		return nil
	}))
	require.Equal(t, map[string]string{
		"go/src/p/p.go": "src/p/p.go", "go/src/p/testdata/x.txt": "src/p/testdata/x.txt", "go/src/p/testdata/src/q/q.go": "src/p/testdata/src/q/q.go",
		"go/src/p/data/d.txt": "src/p/data/d.txt", "go/lib/z.zip": "lib/z.zip",
		"etc/hosts": "etc/hosts, for the tests of the library\n",
	}, found)

	_, err = archive(root, []string{"none"}, nil)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestTestsThatJSHasNoPartInAreLeftOutOfPackagesThatAreAsForJS(t *testing.T) {
	dir := t.TempDir()
	for constraint, want := range map[string]bool{
		"//go:build !plan9 && !js": true, "//go:build js || linux": false, "//go:build !plan9": false, "": false,
	} {
		file := filepath.Join(dir, "x_test.go")
		require.NoError(t, os.WriteFile(file, []byte("// A comment.\n\n"+constraint+"\n\npackage x\n"), 0o666))
		require.Equal(t, want, notForJS(file), constraint)
	}
}

func TestTheOverlayShowsTestsAndBringsUpTheKernel(t *testing.T) {
	o := options{stock: t.TempDir(), derived: t.TempDir(), work: t.TempDir()}
	src := source(t)
	require.NoError(t, os.Rename(src, filepath.Join(o.stock, "src")))
	require.NoError(t, os.MkdirAll(filepath.Join(o.derived, "src/p"), 0o777))
	file, packages, err := writeOverlay(o)
	require.NoError(t, err)
	require.Equal(t, []string{"p"}, packages)
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(b), `"`+o.derived+`/src/p/x_test.go": "`+o.stock+`/src/p/x_test.go"`)
	require.Contains(t, string(b), `"`+o.derived+`/src/p/vitrine_test.go": "`+o.work+`/bringup/p/vitrine_test.go"`)
	b, err = os.ReadFile(filepath.Join(o.work, "bringup/p/vitrine_test.go"))
	require.NoError(t, err)
	require.Equal(t, "package p_test\n\nimport _ \"vitrine/kernel/start\"\n", string(b))
}
