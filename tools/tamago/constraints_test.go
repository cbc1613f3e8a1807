package main

import (
	"go/build/constraint"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestTamagoTakesPartWhereJSDoes(t *testing.T) {
	for before, after := range map[string]string{
		"unix || (js && wasm)":  "(unix || (js && wasm)) || tamago",
		"js":                    "(js) || tamago",
		"!js":                   "(!js) && !tamago",
		"!js && !plan9":         "(!js && !plan9) && !tamago",
		"!js && amd64":          "(!js && amd64) && !tamago",
		"js && go1.20":          "(js && go1.20) || tamago",
		"!windows && !js || gc": "",
		"js && cgo":             "", // not even js takes part
		"linux":                 "", // does not name js
		"wasip1 || plan9":       "",
	} {
		x, err := constraint.Parse("//go:build " + before)
		require.NoError(t, err)
		require.Equal(t, after, likeJSConstraint(x), before)
		if after == "" {
			continue
		}
		y, err := constraint.Parse("//go:build " + after)
		require.NoError(t, err)
		require.Equal(t, x.Eval(tags("js", "wasm")), y.Eval(tags("tamago", "amd64")), before)
		for _, other := range []string{"linux", "js", "plan9", "windows"} {
			require.Equal(t, x.Eval(tags(other, "amd64")), y.Eval(tags(other, "amd64")), "%s for %s", before, other)
		}
	}
	require.Empty(t, likeJSConstraint(nil))
}

func TestTheConstraintLineIsReplacedAndNothingElse(t *testing.T) {
	const before = "// Copyright.\n\n//go:build js\n\n// Package p.\npackage p\n\n//go:build not a constraint here\n"
	after, err := constrain([]byte(before), likeJSConstraint)
	require.NoError(t, err)
	require.Equal(t, strings.Replace(before, "//go:build js\n", "//go:build (js) || tamago\n", 1), string(after))
}

func TestAFileWithoutConstraintGetsOneOnTop(t *testing.T) {
	out, err := constrain([]byte("package p\n"), func(x constraint.Expr) string { return participate(x, false) })
	require.NoError(t, err)
	require.Equal(t, "//go:build !tamago\n\npackage p\n", string(out))

	out, err = constrain([]byte("package p\n"), func(x constraint.Expr) string { return participate(x, true) })
	require.NoError(t, err)
	require.Equal(t, "package p\n", string(out))
}

func TestABadConstraintIsAnError(t *testing.T) {
	_, err := constrain([]byte("//go:build js &&\npackage p\n"), likeJSConstraint)
	require.Error(t, err)
}

func TestAFileTiedToJSByItsNameIsCopied(t *testing.T) {
	tree := newTree(fstest.MapFS{
		"p/a_js.go":      {Data: []byte("//go:build js && wasm\n\npackage p\n")},
		"p/b_wasm.go":    {Data: []byte("package p\n")},
		"p/b_js_test.go": {Data: []byte("package p\n")},
		"p/c.s":          {Data: []byte("//go:build js\n")},
	})
	require.NoError(t, constrainPackage(tree, "p"))
	require.Len(t, tree.files, 2)
	require.Equal(t, "//go:build tamago\n\npackage p\n", string(tree.files["p/a_fromjs_tamago.go"]))
	require.Equal(t, "//go:build tamago\n\npackage p\n", string(tree.files["p/b_fromjs_tamago.go"]))
}

func TestTwoCopiesOfOneNameAreAnError(t *testing.T) {
	tree := newTree(fstest.MapFS{"p/a_js.go": {Data: []byte("package p\n")}, "p/a_wasm.go": {Data: []byte("package p\n")}})
	require.ErrorContains(t, constrainPackage(tree, "p"), "two copies")
}

func TestAnAddedFileMustNotHideAStockOne(t *testing.T) {
	tree := newTree(fstest.MapFS{"time/zoneinfo_tamago.go": {}})
	require.ErrorContains(t, addPort(tree, func(string) bool { return true }), "rename")
}
