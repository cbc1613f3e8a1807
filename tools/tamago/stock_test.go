package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mirror makes a GOROOT that is the installed Go by symbolic links, but for
// its VERSION and for file, whose contents change changes.
func mirror(t *testing.T, version, file string, change func(string) string) string {
	t.Helper()
	stock, err := findStock(t.Context(), "")
	require.NoError(t, err)
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "VERSION"), []byte(version+"\n"), 0o666))
	linkAll(t, stock.root, root, strings.Split("src/"+file, "/"))
	if file != "" {
		b, err := os.ReadFile(filepath.Join(stock.root, "src", file))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(root, "src", file), []byte(change(string(b))), 0o666))
	}
	return root
}

// linkAll links the entries of from into to, except that along path there
// are directories, and nothing at its end.
func linkAll(t *testing.T, from, to string, path []string) {
	t.Helper()
	entries, err := os.ReadDir(from)
	require.NoError(t, err)
	for _, e := range entries {
		source, target := filepath.Join(from, e.Name()), filepath.Join(to, e.Name())
		switch {
		case e.Name() == "VERSION":
		case e.Name() != path[0]:
			require.NoError(t, os.Symlink(source, target))
		case len(path) > 1:
			require.NoError(t, os.Mkdir(target, 0o777))
			linkAll(t, source, target, path[1:])
		}
	}
}

func tamper(s string) string { return strings.Replace(s, "haveSysmon =", "haveSysmon  =", 1) }

func TestAnAnchorThatDoesNotFitStopsWithFileEditAndAdvice(t *testing.T) {
	root := mirror(t, "go1.26.99", "runtime/proc.go", tamper)
	status, out, errs := call("-goroot", root, "-cache", t.TempDir())
	require.Equal(t, exitAnchor, status)
	require.Empty(t, out)
	require.Contains(t, errs, "does not fit go1.26.99")
	require.Contains(t, errs, filepath.Join(root, "src/runtime/proc.go"))
	require.Contains(t, errs, "purpose: start no monitor thread")
	require.Contains(t, errs, "once, found nowhere")
	require.Contains(t, errs, `| const haveSysmon = GOARCH != "wasm"`)
	require.Contains(t, errs, "Install it anew")
}

func TestAnAnchorThatIsThereTwiceStops(t *testing.T) {
	root := mirror(t, "go1.26.99", "runtime/proc.go", func(s string) string { return s + "// const haveSysmon = GOARCH != \"wasm\"\n" })
	status, _, errs := call("list", "-goroot", root)
	require.Equal(t, exitAnchor, status)
	require.Contains(t, errs, "found 2 times")
}

func TestANewerGoIsTriedAndTheAnchorNamed(t *testing.T) {
	root := mirror(t, "go1.99", "runtime/proc.go", tamper)
	status, _, errs := call("-goroot", root, "-cache", t.TempDir())
	require.Equal(t, exitAnchor, status)
	require.Contains(t, errs, "go1.99 is newer than the versions that are known to work")
	require.Contains(t, errs, "GOTOOLCHAIN=go"+newest)

	status, _, errs = call("list", "-goroot", mirror(t, "devel go1.99-0123456 Thu Jan 1 1970", "runtime/proc.go", func(s string) string { return s }))
	require.Zero(t, status, errs)
}

func TestAFileThatIsGoneStops(t *testing.T) {
	root := mirror(t, "go1.99", "net/net_fake.go", func(s string) string { return s })
	require.NoError(t, os.Remove(filepath.Join(root, "src/net/net_fake.go")))
	status, _, errs := call("list", "-goroot", root)
	require.Equal(t, exitAnchor, status)
	require.Contains(t, errs, "net_fake.go")
}

func TestAnOlderGoIsRefusedWithAdvice(t *testing.T) {
	status, _, errs := call("-goroot", mirror(t, "go1.25.12", "fmt/print.go", strings.Clone))
	require.Equal(t, exitUnsupported, status)
	require.Contains(t, errs, "go1.25.12")
	require.Contains(t, errs, "GOTOOLCHAIN=auto")
}

func TestWhatIsNoGoIsRefused(t *testing.T) {
	status, _, errs := call("-goroot", t.TempDir())
	require.Equal(t, exitUnsupported, status)
	require.Contains(t, errs, "is not a Go distribution")

	t.Setenv("PATH", t.TempDir())
	status, _, errs = call()
	require.Equal(t, exitUnsupported, status)
	require.Contains(t, errs, "go.dev/dl")
}

// The go command does so when it selects a toolchain, so one that it has only
// downloaded is not ready.
func TestAGoThatCannotBeExecutedIsRefusedWithAdvice(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "bin"), 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(root, "bin/go"), nil, 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(root, "VERSION"), []byte("go1.26.3\n"), 0o666))
	status, _, errs := call("-goroot", root)
	require.Equal(t, exitUnsupported, status)
	require.Contains(t, errs, "GOTOOLCHAIN=go1.26.3 go version")
}

func TestADerivedGoInThePathLeadsToTheStockOne(t *testing.T) {
	root := derived(t)
	t.Setenv("PATH", filepath.Join(root, "bin")+":"+os.Getenv("PATH"))
	require.Equal(t, root, derived(t))
	require.Equal(t, root, derived(t, "-goroot", root))
}
