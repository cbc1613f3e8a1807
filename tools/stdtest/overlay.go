package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// bringUp is the name of the file that each package's tests get besides their
// own: it makes the test binary a kernel. It has to be of the external test
// package, because kernel/start imports much of the library.
const bringUp = "vitrine_test.go"

// writeOverlay writes an overlay for the go command that shows it the stock
// library's tests in the derived tree, which has none. It returns the
// overlay's name and the packages that have tests.
func writeOverlay(o options) (file string, packages []string, err error) {
	replace := map[string]string{}
	src := filepath.Join(o.stock, "src")
	err = filepath.WalkDir(src, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		pkg, err := filepath.Rel(src, p)
		if err != nil {
			return err
		}
		if pkg == "cmd" || pkg == "vendor" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), "_") {
			return filepath.SkipDir
		}
		tests, err := filepath.Glob(filepath.Join(p, "*_test.go"))
		if err != nil || len(tests) == 0 {
			return err
		}
		to := filepath.Join(o.derived, "src", pkg)
		if _, err := os.Stat(to); err != nil {
			return filepath.SkipDir // the derived tree has no such package
		}
		if likeJS[filepath.ToSlash(pkg)] {
			tests = slices.DeleteFunc(tests, notForJS)
		}
		for _, t := range append(tests, embedded(p, tests)...) {
			rel, err := filepath.Rel(p, t)
			if err != nil {
				return err
			}
			replace[filepath.Join(to, rel)] = t
		}
		name, err := packageName(p)
		if err != nil {
			return err
		}
		start := filepath.Join(o.work, "bringup", name, bringUp)
		if err := writeFile(start, fmt.Sprintf("package %s_test\n\nimport _ \"vitrine/kernel/start\"\n", name)); err != nil {
			return err
		}
		replace[filepath.Join(to, bringUp)] = start
		packages = append(packages, filepath.ToSlash(pkg))
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	js, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
	if err != nil {
		return "", nil, err
	}
	file = filepath.Join(o.work, "overlay.json")
	return file, packages, writeFile(file, string(js))
}

// likeJS are packages in which tamago takes part in a file where js does: the
// derivation has rewritten their constraints (tools/tamago/stdfiles.go). Tests
// that js has no part in are about what is not there.
var likeJS = map[string]bool{"internal/poll": true, "os": true, "os/signal": true, "os/user": true, "syscall": true}

// notForJS tells whether a file's build constraint names js and excludes it.
func notForJS(file string) bool {
	b, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "package ") {
			break
		}
		if x, err := constraint.Parse(strings.TrimSpace(line)); err == nil && strings.Contains(line, "js") {
			return !x.Eval(func(tag string) bool { return tag == "js" || tag == "wasm" || strings.HasPrefix(tag, "go1.") })
		}
	}
	return false
}

// embedded returns the files below dir that tests may embed: all but sources, if
// there is a go:embed line.
func embedded(dir string, tests []string) (files []string) {
	for _, t := range tests {
		b, err := os.ReadFile(t)
		if err != nil || !bytes.Contains(b, []byte("\n//go:embed ")) {
			continue
		}
		filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || p == t:
			case d.IsDir():
				if p != dir && isPackage(p) {
					return filepath.SkipDir
				}
			case filepath.Ext(p) != ".go":
				files = append(files, p)
			}
			return nil
		})
		return files
	}
	return nil
}

// packageName returns the name of the package in a folder, from any of its
// files.
func packageName(dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
		if err != nil {
			return "", err
		}
		// A program beside the package, which it generates, is of no interest.
		if name := strings.TrimSuffix(f.Name.Name, "_test"); name != "main" || path.Base(dir) == "main" {
			return name, nil
		}
	}
	return "", fmt.Errorf("%s: there is no package", dir)
}

// writeFile writes a file, and the folders above it, unless it is as it should
// be: the go command looks at the times of files.
func writeFile(name, text string) error {
	if old, err := os.ReadFile(name); err == nil && string(old) == text {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o666)
}
