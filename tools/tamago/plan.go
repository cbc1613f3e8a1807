package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// A derivation is planned in memory before a file is written: an edit that
// does not fit stops it at once, and "tamago list" can show it.

// Change is one file of GOROOT/src that differs from the stock one.
type Change struct {
	File    string `json:"file"` // below GOROOT/src
	Kind    Kind   `json:"kind"`
	Purpose string `json:"purpose"`
}

// Kind says how a file comes to differ.
type Kind string

// The kinds of changes.
const (
	Edited      Kind = "edit"       // text replaced, see edits.go
	Constrained Kind = "constraint" // another //go:build line, see stdfiles.go
	Copied      Kind = "copy"       // a copy of a js or wasm file under a new name
	Added       Kind = "new"        // a file of _port
)

// tree is a stock source tree with changes laid over it.
type tree struct {
	stock fs.FS             // GOROOT/src
	files map[string][]byte // what is changed or added
	log   []Change
}

func newTree(stock fs.FS) *tree {
	return &tree{stock: stock, files: map[string][]byte{}}
}

// read returns the file as it is after the changes so far.
func (t *tree) read(name string) ([]byte, error) {
	if b, ok := t.files[name]; ok {
		return b, nil
	}
	return fs.ReadFile(t.stock, name)
}

// write changes or adds a file.
func (t *tree) write(name string, b []byte, kind Kind, purpose string) {
	t.files[name] = b
	t.log = append(t.log, Change{name, kind, purpose})
}

// exists reports whether the stock tree or an earlier change has the file.
func (t *tree) exists(name string) bool {
	if _, ok := t.files[name]; ok {
		return true
	}
	_, err := fs.Stat(t.stock, name)
	return err == nil
}

// plan is all that a derivation writes besides copies of stock files.
type plan struct {
	command *tree // for building cmd/go, which runs on the host
	library *tree // for the derived GOROOT's src
}

// newPlan applies all edits to the sources of stock.
//
// Errors: *AnchorError, or what reading the sources gives.
func newPlan(stock *stockGo) (*plan, error) {
	src, err := stock.source()
	if err != nil {
		return nil, err
	}
	p, err := planFor(os.DirFS(src))
	if anchor, ok := err.(*AnchorError); ok {
		anchor.stock = stock
	}
	return p, err
}

// planFor is newPlan for any file system.
func planFor(src fs.FS) (*plan, error) {
	p := &plan{command: newTree(src), library: newTree(src)}
	for _, apply := range []func() error{
		func() error { return applyEdits(p.command, slices.Concat(platformEdits, commandEdits)) },
		func() error { return addPort(p.command, func(f string) bool { return strings.HasPrefix(f, "cmd/") }) },
		func() error { return applyEdits(p.library, slices.Concat(platformEdits, libraryEdits)) },
		func() error { return constrainAll(p.library) },
		func() error { return addPort(p.library, func(f string) bool { return !strings.HasPrefix(f, "cmd/") }) },
		func() error { return addSystem(p.library) },
	} {
		if err := apply(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// changes lists what differs from stock, in the order of the file names.
func (p *plan) changes() []Change {
	all := slices.Clone(p.command.log)
	for _, c := range p.library.log {
		if !slices.Contains(p.command.log, c) { // platformEdits are in both trees
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b Change) int { return strings.Compare(a.File, b.File) })
	return all
}

// addPort adds the files of _port that want accepts. A stock file of the same
// name is an error: it would be lost.
func addPort(t *tree, want func(name string) bool) error {
	return fs.WalkDir(port, portRoot, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.TrimPrefix(p, portRoot+"/")
		if !want(name) {
			return nil
		}
		if t.exists(name) {
			return fmt.Errorf("%s: this Go has a file of that name already; rename the one in tools/tamago/%s", name, path.Join(portRoot, name))
		}
		b, err := port.ReadFile(p)
		if err == nil {
			t.write(name, b, Added, purposeOf(b))
		}
		return err
	})
}

// purposeOf is the first sentence of the comment that opens a file of _port.
func purposeOf(b []byte) string {
	var text []string
	for line := range strings.Lines(string(b)) {
		comment, ok := strings.CutPrefix(line, "//")
		if !ok {
			break
		}
		text = append(text, strings.TrimSpace(comment))
	}
	sentence, _, _ := strings.Cut(strings.Join(text, " "), ". ")
	return strings.TrimSuffix(sentence, ".")
}

// systemFile is the file that tells a derived tree from a stock one.
const systemFile = "internal/goos/zgoos_tamago.go"

// addSystem adds internal/goos's file of constants for tamago: every system
// has one, with a constant for every other system, so the list of systems is
// taken from the stock file of another.
func addSystem(t *tree) error {
	const model = "internal/goos/zgoos_wasip1.go"
	b, err := t.read(model)
	if err != nil {
		return err
	}
	s := string(b)
	for _, r := range [][2]string{
		{"//go:build wasip1", "//go:build tamago"},
		{"`wasip1`", "`tamago`"},
		{"const IsWasip1 = 1", "const IsWasip1 = 0"},
	} {
		e := edit{File: model, Purpose: "have constants for GOOS=tamago made from those for wasip1", Old: r[0], New: r[1]}
		if s, err = e.apply(s); err != nil {
			return err
		}
	}
	t.write(systemFile, []byte(s+"const IsTamago = 1\n"), Added, "the constants of package goos for GOOS=tamago")
	return nil
}
