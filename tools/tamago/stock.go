package main

import (
	"context"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The versions of Go that the edits are known to fit.
const (
	oldest = "1.26"
	newest = "1.27"
)

// stockGo is the Go distribution to derive from.
type stockGo struct {
	root    string // its GOROOT
	version string // the first line of its file VERSION: go1.26.4
	stamp   string // the whole file, which also has the time of the release
}

// UnsupportedError says that there is no Go here to derive from.
type UnsupportedError struct{ reason string }

func (e *UnsupportedError) Error() string { return e.reason }

// findStock reads the version of the Go at root, or if root is empty, of the
// one that the go command selects in the current directory. That is not
// always the one in PATH: an older go command fetches the version that go.mod
// asks for.
//
// Errors: *UnsupportedError.
func findStock(ctx context.Context, root string) (*stockGo, error) {
	if root == "" {
		out, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
		if err != nil {
			return nil, noGo(err)
		}
		root = strings.TrimSpace(string(out))
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	root = original(root)
	b, err := os.ReadFile(filepath.Join(root, "VERSION"))
	if err != nil {
		return nil, &UnsupportedError{fmt.Sprintf("%s is not a Go distribution: %v", root, err)}
	}
	stock := &stockGo{root: root, stamp: string(b)}
	stock.version, _, _ = strings.Cut(stock.stamp, "\n")
	return stock, stock.check()
}

// original is the stock GOROOT that root was derived from, or root if it is
// a stock one itself. An editor may have put a derived one into PATH.
func original(root string) string {
	if _, err := os.Stat(filepath.Join(root, "src", filepath.FromSlash(systemFile))); err != nil {
		return root
	}
	tools, err := os.Readlink(filepath.Join(root, "pkg", "tool"))
	if err != nil {
		return root
	}
	return filepath.Dir(filepath.Dir(tools))
}

// noGo explains why "go env GOROOT" failed.
func noGo(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return &UnsupportedError{fmt.Sprintf("go env GOROOT: %v\n%s", err, exit.Stderr)}
	}
	return &UnsupportedError{fmt.Sprintf("no go command: %v; install Go %s or newer from https://go.dev/dl, or name one with -goroot", err, oldest)}
}

// check refuses what is too old, and a tree in which the go command cannot
// be run.
func (s *stockGo) check() error {
	if version.IsValid(s.version) && version.Compare(version.Lang(s.version), "go"+oldest) < 0 {
		return &UnsupportedError{fmt.Sprintf(`%s is %s, and this needs go%s or newer.
If GOTOOLCHAIN=local is set (go env GOTOOLCHAIN), the go command may not fetch
the version that go.mod asks for: unset it, or set GOTOOLCHAIN=auto. Or install
Go from https://go.dev/dl, or name another with -goroot.`, s.root, s.version, oldest)}
	}
	info, err := os.Stat(s.goCommand())
	if errors.Is(err, fs.ErrNotExist) {
		return &UnsupportedError{fmt.Sprintf("%s has no go command: %v", s.root, err)}
	}
	if err == nil && info.Mode()&0o111 == 0 {
		return &UnsupportedError{fmt.Sprintf("%s cannot be executed; the go command changes that when it selects this toolchain: GOTOOLCHAIN=%s go version", s.goCommand(), s.version)}
	}
	return err
}

// known reports whether the edits are known to fit this version. Development
// versions are not.
func (s *stockGo) known() bool {
	lang := version.Lang(s.version)
	return lang != "" && version.Compare(lang, "go"+newest) <= 0
}

func (s *stockGo) goCommand() string { return filepath.Join(s.root, "bin", "go") }

// source is the directory of the packages, with symbolic links resolved:
// distributions of Linux like to keep it elsewhere.
func (s *stockGo) source() (string, error) {
	return filepath.EvalSymlinks(filepath.Join(s.root, "src"))
}
