package main

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// buildCheck builds testdata/userspace/check, a process on Linux with the
// runtime for the bare machine, with the Go derived at root.
func buildCheck(t *testing.T, root string) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "check")
	env := []string{"GOOS=tamago", "GOARCH=amd64", "GOOSPKG=userspace"}
	out, err := command(t, "testdata/userspace", env, filepath.Join(root, "bin", "go"), "build", "-o", program, "./check")
	require.NoError(t, err, out)
	return program
}

func TestRuntimeAndLibraryWork(t *testing.T) { testUserspace(t, buildCheck(t, derived(t))) }

// testUserspace runs what buildCheck has built.
func testUserspace(t *testing.T, program string) {
	out, err := exec.CommandContext(t.Context(), "timeout", "60", program, "all").CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, 13, strings.Count(string(out), "ok   "), string(out))

	// The handler's traceback, printed by the check of that name.
	require.Regexp(t, `goroutine 1 \[running\]:
main\.breakpoint\(.*
	.*/check_amd64\.s:\d+ .*
main\.stopHere\(.*
	.*/runtime\.go:\d+ .*
main\.tracebacks\(`, string(out))
	require.Regexp(t, `goroutine \d+ \[chan receive\]:
main\.parkedGoroutine\(`, string(out))

	out, err = exec.CommandContext(t.Context(), "timeout", "60", program, "crash").CombinedOutput()
	var exit *exec.ExitError
	require.True(t, errors.As(err, &exit), string(out))
	require.Equal(t, 2, exit.ExitCode())
	require.Regexp(t, `panic: runtime error: invalid memory address or nil pointer dereference
\[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x[0-9a-f]+\]

goroutine 1 \[running\]:
main\.crash\(`, string(out))
}
