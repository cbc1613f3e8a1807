package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	module = "vitrine/"
	root   = "../.."
)

// source is one parsed Go file.
type source struct {
	path string // from the root, with slashes
	dir  string
	test bool
	file *ast.File
}

// imports returns the paths that s imports; those of this module without its
// name.
func (s source) imports() (own, others []string) {
	for _, spec := range s.file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		switch in, ok := strings.CutPrefix(path, module); {
		case ok:
			own = append(own, in)
		case path == "runtime/goos":
			own = append(own, "boot/goos") // which the go command puts in its place
		default:
			others = append(others, path)
		}
	}
	return own, others
}

// skipped are folders that hold no sources of the program: what is built, what
// tests read, and the files that the derivation adds to the standard library.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") ||
		name == "build" || name == "testdata"
}

// files returns the paths of all files below the root that keep accepts.
func files(t *testing.T, keep func(path string) bool) (paths []string) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		switch {
		case err != nil:
			return err
		case d.IsDir() && rel != "." && skipped(d.Name()):
			return fs.SkipDir
		case !d.IsDir() && keep(rel):
			paths = append(paths, rel)
		}
		return nil
	})
	require.NoError(t, err)
	return paths
}

// sources parses every Go file of the repository.
func sources(t *testing.T) (all []source) {
	fset := token.NewFileSet()
	for _, path := range files(t, func(p string) bool { return strings.HasSuffix(p, ".go") }) {
		f, err := parser.ParseFile(fset, filepath.Join(root, path), nil, parser.ParseComments)
		require.NoError(t, err)
		all = append(all, source{path, dirOf(path), strings.HasSuffix(path, "_test.go"), f})
	}
	require.NotEmpty(t, all)
	return all
}

func dirOf(path string) string { return filepath.ToSlash(filepath.Dir(path)) }

func read(t *testing.T, path string) string {
	b, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	return string(b)
}

// kernelCode tells whether a folder is part of what runs on the machine.
func kernelCode(dir string) bool {
	top, _, _ := strings.Cut(dir, "/")
	switch top {
	case "boot", "drivers", "interrupts", "kernel", "mm":
		return true
	}
	return false
}
