package archtest

import (
	"go/ast"
	"go/token"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// state collects the package-level variables of the kernel that can change:
// those declared without a value, and those that are assigned to somewhere. (One
// that has a value and is changed through a pointer only escapes.)
func state(t *testing.T) map[string]map[string]bool {
	initialised, changing := map[string]map[string]bool{}, map[string]map[string]bool{}
	fakes := column(t, "fakes")
	var all []source
	for _, s := range sources(t) {
		if s.test || !kernelCode(s.dir) || slices.Contains(fakes, s.dir) {
			continue
		}
		all = append(all, s)
		if changing[s.dir] == nil {
			changing[s.dir], initialised[s.dir] = map[string]bool{}, map[string]bool{}
		}
		for _, spec := range variables(s.file) {
			for _, n := range spec.Names {
				if n.Name == "_" {
					continue
				}
				if spec.Values == nil {
					changing[s.dir][n.Name] = true
				} else {
					initialised[s.dir][n.Name] = true
				}
			}
		}
	}
	for _, s := range all {
		local := func(id *ast.Ident) bool {
			if id.Obj == nil {
				return false // declared in another file: not local
			}
			spec, ok := id.Obj.Decl.(*ast.ValueSpec)
			return !ok || s.file.Scope.Lookup(id.Name) == nil || s.file.Scope.Lookup(id.Name).Decl != spec
		}
		change := func(e ast.Expr) {
			if id := base(e); id != nil && initialised[s.dir][id.Name] && !local(id) {
				changing[s.dir][id.Name] = true
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					for _, e := range n.Lhs {
						change(e)
					}
				}
			case *ast.IncDecStmt:
				change(n.X)
			}
			return true
		})
	}
	return changing
}

// variables returns the variables that a file declares at package level.
func variables(f *ast.File) (specs []*ast.ValueSpec) {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				specs = append(specs, spec.(*ast.ValueSpec))
			}
		}
	}
	return specs
}

// base returns x of x, x.f, x[i], x.f[i].g.
func base(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return base(e.X)
	case *ast.IndexExpr:
		return base(e.X)
	case *ast.ParenExpr:
		return base(e.X)
	}
	return nil
}

func TestGlobalStateIsListedWithItsOwner(t *testing.T) {
	want := map[string]map[string]bool{}
	for _, row := range table(t, architecture, "state") {
		for _, pkg := range code(row[0]) {
			if want[pkg] == nil {
				want[pkg] = map[string]bool{}
			}
			for _, name := range code(row[1]) {
				want[pkg][name] = true
			}
		}
		require.NotEmpty(t, row[2], "who may touch %s of %s, and when?", row[1], row[0])
	}
	have := state(t)
	for pkg, names := range have {
		for name := range names {
			if !want[pkg][name] {
				t.Errorf("%s.%s is not in the table state of %s", pkg, name, architecture)
			}
		}
	}
	for pkg, names := range want {
		for name := range names {
			if !have[pkg][name] {
				t.Errorf("%s lists %s.%s, which does not change or is not there", architecture, pkg, name)
			}
		}
	}
}
