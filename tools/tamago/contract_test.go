package main

import (
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The contract of GOOS=tamago is the package goos of this module, at the
// version in go.mod.
const upstream = "github.com/usbarmory/tamago"

// Upstream's package declares the first hook as CPUinit. That is a slip: its
// own assembly, and the runtime's entry code, say CPUInit. (The declaration
// is only documentation: nothing calls it from Go.)
var renamed = map[string]string{"CPUinit": "CPUInit"}

// upstreamGoos is the directory of upstream's package goos.
func upstreamGoos(t *testing.T) string {
	t.Helper()
	out, err := command(t, repository(t), nil, "go", "list", "-m", "-f", "{{.Dir}}", upstream)
	require.NoError(t, err, out)
	dir := strings.TrimSpace(out)
	require.NotEmpty(t, dir, "run: go mod download %s", upstream)
	return filepath.Join(dir, "goos")
}

// exports type-checks the package goos in dir, as built with tags, and
// returns what it exports.
func exports(t *testing.T, dir string, tags ...string) map[string]types.Object {
	t.Helper()
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled, ctx.BuildTags = "tamago", "amd64", false, tags
	pkg, err := ctx.ImportDir(dir, 0)
	require.NoError(t, err)
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range pkg.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, 0)
		require.NoError(t, err)
		files = append(files, f)
	}
	config := types.Config{Importer: importer.Default()}
	checked, err := config.Check("goos", fset, files, nil)
	require.NoError(t, err)
	names := map[string]types.Object{}
	for _, name := range checked.Scope().Names() {
		if o := checked.Scope().Lookup(name); o.Exported() {
			names[name] = o
		}
	}
	return names
}

// describe is an object without its value: func Printk(byte), var Bloc uintptr.
func describe(o types.Object) string {
	switch o := o.(type) {
	case *types.Const:
		return "const " + o.Type().String()
	case *types.Var:
		return "var " + types.TypeString(unnamed(o.Type()), nil)
	case *types.Func:
		return types.TypeString(unnamed(o.Type()), nil)
	}
	return o.String()
}

// unnamed drops the names of a function's parameters.
func unnamed(t types.Type) types.Type {
	f, ok := t.(*types.Signature)
	if !ok {
		return t
	}
	drop := func(old *types.Tuple) *types.Tuple {
		var vars []*types.Var
		for v := range old.Variables() {
			vars = append(vars, types.NewParam(token.NoPos, nil, "", v.Type()))
		}
		return types.NewTuple(vars...)
	}
	return types.NewSignatureType(nil, nil, nil, drop(f.Params()), drop(f.Results()), f.Variadic())
}

func descriptions(names map[string]types.Object) map[string]string {
	all := map[string]string{}
	for name, o := range names {
		if to, ok := renamed[name]; ok {
			name = to
		}
		all[name] = describe(o)
	}
	return all
}

func TestTheHookPackageKeepsTheContract(t *testing.T) {
	contract := descriptions(exports(t, upstreamGoos(t)))
	require.Equal(t, "func()", contract["CPUInit"])
	for _, tags := range [][]string{nil, {"derived"}} {
		require.Equal(t, contract, descriptions(exports(t, filepath.Join(repository(t), "boot/goos"), tags...)), "boot/goos with tags %v", tags)
	}
}

func TestTheStubOfTheDerivedLibraryKeepsTheContract(t *testing.T) {
	require.Equal(t, descriptions(exports(t, upstreamGoos(t))), descriptions(exports(t, "_port/runtime/goos")))
}

// If one of these fails, upstream has changed the contract, and the exception
// above with it.
func TestTheExceptionToTheContractStillHolds(t *testing.T) {
	dir := upstreamGoos(t)
	names := exports(t, dir)
	require.Contains(t, names, "CPUinit")
	require.NotContains(t, names, "CPUInit")
	b, err := os.ReadFile(filepath.Join(dir, "goos_amd64.s"))
	require.NoError(t, err)
	require.Contains(t, string(b), "TEXT ·CPUInit(SB)")
}
