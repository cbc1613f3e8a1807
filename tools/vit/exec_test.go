package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/u-root/u-root/pkg/cpio"

	"vitrine/tools/qemu/qemutest"
	"vitrine/tools/vit/bare"
)

// bareTest builds testdata/bare as a test binary for the bare machine. It
// needs what 'make build' makes.
func bareTest(t *testing.T) (binary, stub string) {
	if os.Getenv("VITRINE_IMAGE") == "" {
		t.Skip("VITRINE_IMAGE names no image; 'make test' sets it")
	}
	root := qemutest.Root(t)
	stub = filepath.Join(root, defaultStub)
	binary = filepath.Join(t.TempDir(), "bare.test")
	build, err := bare.Command(root, "test", "-c", "-o", binary, "./tools/vit/testdata/bare")
	require.NoError(t, err)
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return binary, stub
}

func TestEveryEndOfAProgramOnTheBareMachine(t *testing.T) {
	binary, stub := bareTest(t)
	for _, c := range []struct {
		test string
		args []string
		code int
		want string // pattern that the output matches
	}{
		{
			test: "TestPass", code: 0, args: []string{"a b", "", `"q"\`, "ü%"},
			want: `^argument 2: "a b"\nargument 3: ""\nargument 4: "\\"q\\"\\\\"\nargument 5: "ü%"\nPASS\n$`,
		},
		{test: "TestFail", code: 1, want: `(?s)^--- FAIL: TestFail .*bare_test.go:\d+: this is wrong\nFAIL\n$`},
		{test: "TestPanic", code: 2, want: `(?s)panic: assignment to entry in nil map.*bare\.TestPanic\(.*bare_test\.go:\d+ `},
		{test: "TestNil", code: 2, want: `(?s)invalid memory address or nil pointer dereference.*bare\.TestNil\(.*bare_test\.go:\d+ `},
		{test: "TestExit", code: 42, want: `^$`},
		{test: "TestExit128", code: 119, want: `^$`},
		{test: "TestHang", code: 2, args: []string{"-test.timeout=5s"}, want: `panic: test timed out after 5s`},
		{test: "TestSpin", code: 2, args: []string{"-test.timeout=1s"}, want: `panic: test timed out after 1s`},
	} {
		t.Run(c.test, func(t *testing.T) {
			args := append([]string{"exec", "--stub", stub, binary, "-test.run=^" + c.test + "$"}, c.args...)
			out, err := vit(args...).Output()
			code := 0
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				code = exit.ExitCode()
				require.Empty(t, string(exit.Stderr))
			}
			require.Equal(t, c.code, code, "%s", out)
			require.Regexp(t, regexp.MustCompile(c.want), string(out))
		})
	}
	t.Run("every byte of the output arrives, and no other", func(t *testing.T) {
		out, err := vit("exec", "--stub", stub, binary, "-test.run=TestOutput").Output()
		require.NoError(t, err)
		var want strings.Builder
		for i := range 2000 {
			fmt.Fprintf(&want, "%d äöü €\n", i)
		}
		require.Equal(t, want.String()+"PASS\n", string(out))
	})
	t.Run("a module's files are there", func(t *testing.T) {
		module := filepath.Join(t.TempDir(), "files.cpio")
		f, err := os.Create(module)
		require.NoError(t, err)
		w := cpio.Newc.Writer(f)
		require.NoError(t, w.WriteRecord(cpio.StaticFile("dir/hello.txt", "hello, world", 0o644)))
		require.NoError(t, cpio.WriteTrailer(w))
		require.NoError(t, f.Close())
		out, err := vit("exec", "--stub", stub, "--module", module, "--append", "dir=/dir env=COLOUR=blue", binary, "-test.run=TestFiles").Output()
		require.NoError(t, err)
		require.Equal(t, "/dir <nil> blue\n\"hello, world\" <nil>\nPASS\n", string(out))

		out, err = vit("exec", "--stub", stub, "--module", "none.cpio", binary).CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(out), "none.cpio: no such file")
		out, err = vit("exec", "--stub", stub, "--module", "a,b", binary).CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(out), "comma")
	})
	t.Run("the time limit of vit ends what does not end itself", func(t *testing.T) {
		x := vit("exec", "--stub", stub, "--timeout", "2s", binary, "-test.run=TestSpin")
		out, err := x.CombinedOutput()
		require.Error(t, err)
		require.Equal(t, exitTimeout, x.ProcessState.ExitCode())
		require.Contains(t, string(out), "vit exec: the machine was stopped: it ran longer than 2s")
	})
}
