package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// repository is the directory of go.mod.
func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(dir, "go.mod"))
	return dir
}

// goosFiles asks the derived go command of which files runtime/goos is made.
func goosFiles(t *testing.T, dir, pkg string) (string, error) {
	t.Helper()
	env := []string{"GOOS=tamago", "GOARCH=amd64", "GOOSPKG=" + pkg}
	out, err := command(t, dir, env, filepath.Join(derived(t), "bin", "go"), "list", "-f", "{{.GoFiles}} {{.SFiles}}", "runtime/goos")
	return strings.TrimSpace(out), err
}

// hookModule is a module with hook packages in goos and boot/goos; required
// has one, too.
func hookModule(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                   "module example.org/main\n\ngo 1.26\n\nrequire example.org/required v1.2.3\n\nreplace example.org/required => ./required\n",
		"goos/top.go":              "package goos\n",
		"boot/goos/boot.go":        "package goos\n",
		"boot/goos/boot_amd64.s":   "",
		"boot/goos/boot_test.go":   "package goos\n",
		"boot/goos/notes/n.go":     "package notes\n",
		"required/go.mod":          "module example.org/required\n\ngo 1.26\n",
		"required/goos/library.go": "package goos\n",
		"cmd/main.go":              "package main\n",
	} {
		file := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
	}
	return dir
}

func TestGOOSPKGNamesTheHookPackage(t *testing.T) {
	dir := hookModule(t)
	for _, c := range []struct{ pkg, want string }{
		{"", "[goos.go] [goos_amd64.s]"},
		{"example.org/main", "[top.go] []"},
		{"example.org/main/boot", "[boot.go] [boot_amd64.s]"},
		{filepath.Join(dir, "boot"), "[boot.go] [boot_amd64.s]"},
		{"example.org/required", "[library.go] []"},
	} {
		got, err := goosFiles(t, filepath.Join(dir, "cmd"), c.pkg)
		require.NoError(t, err, got)
		require.Equal(t, c.want, got, "GOOSPKG=%s", c.pkg)
	}
}

func TestGOOSPKGFindsAModuleInTheModuleCache(t *testing.T) {
	got, err := goosFiles(t, repository(t), "github.com/usbarmory/tamago")
	require.NoError(t, err, got)
	require.Equal(t, "[goos.go mem.go] [goos_amd64.s]", got)
}

func TestAWrongGOOSPKGIsExplained(t *testing.T) {
	dir := hookModule(t)
	for pkg, want := range map[string]string{
		"example.org/other":      "nor required",
		"example.org/main/none":  "no such file",
		"boot":                   "nor required",
		filepath.Join(dir, "no"): "no such file",
	} {
		got, err := goosFiles(t, dir, pkg)
		require.Error(t, err, pkg)
		require.Contains(t, got, "GOOSPKG="+pkg)
		require.Contains(t, got, want)
	}
	got, err := goosFiles(t, "/", "example.org/main")
	require.Error(t, err)
	require.Contains(t, got, "absolute directory")
}

func TestAnOverlayOfTheUsersWorksTogetherWithGOOSPKG(t *testing.T) {
	dir := hookModule(t)
	unsaved := filepath.Join(dir, "unsaved")
	require.NoError(t, os.WriteFile(unsaved, []byte("package goos\n\nimport \"C\"\n"), 0o666))
	overlay := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(overlay, []byte(`{"Replace": {"`+filepath.Join(dir, "boot/goos/boot.go")+`": "`+unsaved+`"}}`), 0o666))
	env := []string{"GOOS=tamago", "GOARCH=amd64", "GOOSPKG=example.org/main/boot"}
	out, err := command(t, dir, env, filepath.Join(derived(t), "bin", "go"), "list", "-e", "-overlay", overlay, "-f", "{{.GoFiles}} {{.IgnoredGoFiles}}", "runtime/goos")
	require.NoError(t, err, out)
	require.Equal(t, "[] [boot.go]\n", out, "the unsaved text imports C, so it is ignored")
}

func TestTheDerivedGoStaysItself(t *testing.T) {
	root := derived(t)
	out, err := command(t, t.TempDir(), []string{"GOTOOLCHAIN=go1.21.0"}, filepath.Join(root, "bin", "go"), "env", "GOROOT")
	require.NoError(t, err, out)
	require.Equal(t, root+"\n", out)

	stock, err := findStock(t.Context(), "")
	require.NoError(t, err)
	env := []string{"GOOS=tamago", "GOARCH=amd64", "GOOSPKG=example.org/main", "GOROOT=" + stock.root}
	out, err = command(t, hookModule(t), env, filepath.Join(root, "bin", "go"), "list", "runtime")
	require.Error(t, err)
	require.Contains(t, out, "unset GOROOT")
}
