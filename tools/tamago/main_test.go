package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// program is this command, built, for the tests that kill it or start it
// more than once.
var program string

func TestMain(m *testing.M) {
	// The test's go command has set GOROOT for us; what we start finds its own.
	os.Unsetenv("GOROOT")
	os.Unsetenv("GOOSPKG")
	dir, err := os.MkdirTemp("", "tamago")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "tamago")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		panic(string(out))
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// call runs the command in this process.
func call(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = run(context.Background(), args, &out, &errs)
	return status, out.String(), errs.String()
}

// derived is the GOROOT that is derived from the installed Go, in the user's
// cache: it is there already, unless this is the first test ever.
func derived(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errs := call(args...)
	require.Zero(t, status, errs)
	return strings.TrimSpace(out)
}

// command runs a command in dir and returns its output.
func command(t *testing.T, dir string, env []string, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestHelpAndWrongUse(t *testing.T) {
	status, out, _ := call("help")
	require.Zero(t, status)
	require.Contains(t, out, "exit status:")

	status, _, errs := call("-h")
	require.Zero(t, status)
	require.Contains(t, errs, "-goroot dir")

	status, _, errs = call("-nonsense")
	require.Equal(t, exitUsage, status)
	require.Contains(t, errs, "usage:")

	status, _, errs = call("derive")
	require.Equal(t, exitUsage, status)
	require.Contains(t, errs, `"derive"`)
}

func TestAWarmCallTakesLessThanATenthOfASecond(t *testing.T) {
	derived(t)
	best := time.Hour
	for range 5 {
		start := time.Now()
		require.NoError(t, exec.Command(program).Run())
		best = min(best, time.Since(start))
	}
	require.Less(t, best, 100*time.Millisecond)
}

func TestListNamesEveryChangedFileAndWhy(t *testing.T) {
	status, out, errs := call("list")
	require.Zero(t, status, errs)
	for _, e := range append(libraryEdits, commandEdits...) {
		require.Regexp(t, "(?m)^edit +"+e.File+" +"+e.Purpose+"$", out)
	}
	require.Regexp(t, "(?m)^new +runtime/os_tamago.go +The runtime without an operating system", out)
	require.Regexp(t, "(?m)^copy +os/pipe_fromjs_tamago.go ", out)
	require.Regexp(t, "(?m)^constraint +runtime/mem_sbrk.go ", out)
	for line := range strings.Lines(out) {
		require.GreaterOrEqual(t, len(strings.Fields(line)), 3, "no purpose: %s", line)
	}

	status, out, _ = call("list", "-json")
	require.Zero(t, status)
	require.Contains(t, out, `"file": "runtime/proc.go"`)
}

func TestTheResultAsJSON(t *testing.T) {
	root := derived(t)
	status, out, errs := call("-json")
	require.Zero(t, status, errs)
	require.Contains(t, out, `"goroot": "`+root+`"`)
	require.Contains(t, out, `"cached": true`)
}

func TestTheLinkFollowsTheDerivedTree(t *testing.T) {
	link := filepath.Join(t.TempDir(), "build", "goroot")
	root := derived(t, "-link", link)
	to, err := os.Readlink(link)
	require.NoError(t, err)
	require.Equal(t, root, to)

	require.NoError(t, updateLink(link, t.TempDir()))
	derived(t, "-link", link)
	to, err = os.Readlink(link)
	require.NoError(t, err)
	require.Equal(t, root, to)

	left, err := os.ReadDir(filepath.Dir(link))
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing temporary stays")
}
