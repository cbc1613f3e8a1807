package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// copyStock fills tree with what the derived GOROOT shares with stock: the
// sources as copies, as they are going to be changed and as the go command
// follows no symbolic links below src; the stock tools and everything else as
// links.
func copyStock(stock *stockGo, tree string) error {
	src, err := stock.source()
	if err != nil {
		return err
	}
	for _, dir := range []string{"bin", "pkg"} {
		if err := os.MkdirAll(filepath.Join(tree, dir), 0o777); err != nil {
			return err
		}
	}
	for _, name := range []string{"bin/gofmt", "lib", "pkg/include", "pkg/tool"} {
		if err := os.Symlink(filepath.Join(stock.root, name), filepath.Join(tree, name)); err != nil {
			return err
		}
	}
	for _, name := range []string{"VERSION", "go.env"} {
		err := copyFile(filepath.Join(stock.root, name), filepath.Join(tree, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // some distributions have no go.env
			return err
		}
	}
	files, err := sources(src)
	if err != nil {
		return err
	}
	return copyFiles(src, filepath.Join(tree, "src"), files)
}

// sources lists the files below src that are copied: all but tests and their
// data, and of the commands only cmd/go and what it is made of.
func sources(src string) (files []string, err error) {
	err = filepath.WalkDir(src, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(src, p)
		if err != nil {
			return err
		}
		if !d.IsDir() {
			if !strings.HasSuffix(name, "_test.go") {
				files = append(files, name)
			}
			return nil
		}
		command, ok := strings.CutPrefix(name, "cmd/")
		switch {
		case d.Name() == "testdata",
			ok && !strings.Contains(command, "/") && command != "go" && command != "internal" && command != "vendor":
			return filepath.SkipDir
		}
		return nil
	})
	return files, err
}

// copyFiles copies files, which are relative names, several at a time.
func copyFiles(from, to string, files []string) error {
	dirs := map[string]bool{}
	for _, name := range files {
		if dir := filepath.Join(to, filepath.Dir(name)); !dirs[dir] {
			dirs[dir] = true
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return err
			}
		}
	}
	workers := 2 * runtime.NumCPU()
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(files) && errs[w] == nil; i += workers {
				errs[w] = copyFile(filepath.Join(from, files[i]), filepath.Join(to, files[i]))
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// copyFile copies the contents of a file. The copy can be written to even if
// the original cannot, as in the module cache.
func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o666)
}

// writeFiles writes what a plan has changed and added.
func writeFiles(dir string, files map[string][]byte) error {
	for name, b := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(to, b, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// updateLink makes link a symbolic link to target, in one step: whoever
// follows it gets the old target or the new one. A new target also gets the
// current time, which is what make sees when it looks at the link.
func updateLink(link, target string) error {
	if old, err := os.Readlink(link); err == nil && old == target {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(link), 0o777); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(link), ".link")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tmp := filepath.Join(dir, "link")
	if err := os.Symlink(target, tmp); err != nil {
		return err
	}
	if err := os.Rename(tmp, link); err != nil {
		return err
	}
	now := time.Now()
	os.Chtimes(target, now, now) // at worst, make is not told
	return nil
}
