package figure

import (
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// constants evaluates constants and the layout of types in the kernel's
// packages, as the compiler for the machine does.
type constants struct {
	root     string
	packages map[string]*types.Package
}

// sizes are those of the machine.
var sizes = types.SizesFor("gc", "amd64")

// pkg returns a package, by its folder.
func (s *Sources) pkg(dir string) (*types.Package, error) {
	if s.constants == nil {
		s.constants = &constants{s.Root, map[string]*types.Package{}}
	}
	return s.constants.load(dir)
}

// load type-checks the package in dir. Function bodies are left out, and so is
// what the standard library declares: constants and layouts do not need it.
func (c *constants) load(dir string) (*types.Package, error) {
	if p := c.packages[dir]; p != nil {
		return p, nil
	}
	entries, err := os.ReadDir(filepath.Join(c.root, dir))
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, filepath.Join(c.root, dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	config := types.Config{IgnoreFuncBodies: true, FakeImportC: true, Importer: c, Sizes: sizes, Error: func(error) {}}
	p, _ := config.Check("vitrine/"+dir, fset, files, nil) // what it needs of others is missing
	c.packages[dir] = p
	return p, nil
}

// Import returns packages of ours; of the standard library, empty ones.
func (c *constants) Import(importPath string) (*types.Package, error) {
	if dir, ok := strings.CutPrefix(importPath, "vitrine/"); ok {
		return c.load(dir)
	}
	if importPath == "unsafe" {
		return types.Unsafe, nil
	}
	p := types.NewPackage(importPath, path.Base(importPath))
	p.MarkComplete()
	return p, nil
}

// value returns a constant: "mm/paging", "Present".
func (s *Sources) value(dir, name string) (uint64, error) {
	p, err := s.pkg(dir)
	if err != nil {
		return 0, err
	}
	c, ok := p.Scope().Lookup(name).(*types.Const)
	if !ok {
		return 0, fmt.Errorf("%s declares no constant %s", dir, name)
	}
	v, exact := constant.Uint64Val(constant.ToInt(c.Val()))
	if !exact {
		return 0, fmt.Errorf("%s.%s is no number of 64 bits", dir, name)
	}
	return v, nil
}

// values returns constants of a package.
func (s *Sources) values(dir string, names ...string) ([]uint64, error) {
	var all []uint64
	var errs error
	for _, name := range names {
		v, err := s.value(dir, name)
		all, errs = append(all, v), errors.Join(errs, err)
	}
	return all, errs
}

// field is a field of a structure.
type field struct {
	name         string
	offset, size int64
}

// fields returns the layout of a structure.
func (s *Sources) fields(dir, name string) ([]field, error) {
	p, err := s.pkg(dir)
	if err != nil {
		return nil, err
	}
	object := p.Scope().Lookup(name)
	if object == nil {
		return nil, fmt.Errorf("%s declares no type %s", dir, name)
	}
	structure, ok := object.Type().Underlying().(*types.Struct)
	if !ok {
		return nil, fmt.Errorf("%s.%s is no structure", dir, name)
	}
	var list []*types.Var
	for i := range structure.NumFields() {
		list = append(list, structure.Field(i))
	}
	offsets := sizes.Offsetsof(list)
	var all []field
	for i, f := range list {
		all = append(all, field{f.Name(), offsets[i], sizes.Sizeof(f.Type())})
	}
	return all, nil
}
