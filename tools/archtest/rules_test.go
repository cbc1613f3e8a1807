package archtest

import (
	"go/ast"
	"path"
	"regexp"
	"strings"
	"testing"
)

func TestNothingInTheKernelHasAnInitFunction(t *testing.T) {
	for _, s := range sources(t) {
		if !kernelCode(s.dir) || s.test {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: the boot list names what starts, and when", s.path)
			}
		}
	}
}

// The directive reaches past a package's door, so every file with one is known.
func TestOnlyListedFilesReachIntoTheRuntime(t *testing.T) {
	have := map[string]bool{}
	for _, s := range sources(t) {
		for _, group := range s.file.Comments {
			for _, c := range group.List {
				if fields := strings.Fields(c.Text); fields[0] == "//go:linkname" && len(fields) > 2 {
					have[s.path] = true
				}
			}
		}
	}
	sameAsTable(t, have, "linkname")
}

func TestOnlyListedFilesAreAssembly(t *testing.T) {
	have := map[string]bool{}
	for _, p := range files(t, func(p string) bool {
		return path.Ext(p) == ".s" || path.Ext(p) == ".S"
	}) {
		have[p] = true
	}
	sameAsTable(t, have, "assembly")
}

func TestOnlyListedPackagesUseUnsafe(t *testing.T) {
	have := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || !kernelCode(s.dir) {
			continue
		}
		for _, spec := range s.file.Imports {
			blank := spec.Name != nil && spec.Name.Name == "_" // for go:linkname
			if spec.Path.Value == `"unsafe"` && !blank {
				have[s.dir] = true
			}
		}
	}
	sameAsTable(t, have, "unsafe")
}

func TestOnlyListedPackagesUseOtherModules(t *testing.T) {
	have := map[string]bool{}
	for _, s := range sources(t) {
		_, others := s.imports()
		for _, p := range others {
			if first, _, _ := strings.Cut(p, "/"); !s.test && strings.Contains(first, ".") {
				have[s.dir] = true
			}
		}
	}
	sameAsTable(t, have, "modules")
}

var optionWord = regexp.MustCompile(`\{word: "([a-z]+)=?"`)

func TestTheWordsOfTheCommandLineAreDocumented(t *testing.T) {
	have := map[string]bool{"--": true}
	for _, m := range optionWord.FindAllStringSubmatch(read(t, "kernel/options.go"), -1) {
		have[m[1]] = true
	}
	for _, row := range table(t, "docs/HACKING.md", "options") {
		word, _, _ := strings.Cut(code(row[0])[0], "=")
		word, _, _ = strings.Cut(word, " ")
		if !have[word] {
			t.Errorf("docs/HACKING.md tells of the option %s, which kernel/options.go does not know", word)
		}
		delete(have, word)
	}
	for word := range have {
		t.Errorf("docs/HACKING.md does not tell of the option %s", word)
	}
}

// sameAsTable compares what the sources have with the first column of a table.
func sameAsTable(t *testing.T, have map[string]bool, name string) {
	t.Helper()
	want := map[string]bool{}
	for _, key := range column(t, name) {
		want[key] = true
	}
	for key := range have {
		if !want[key] {
			t.Errorf("%s is not in the table %q of %s", key, name, architecture)
		}
	}
	for key := range want {
		if !have[key] {
			t.Errorf("the table %q of %s has %s, which does not need it", name, architecture, key)
		}
	}
}
