package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/guest"
)

// actVariable makes the test program act as vit: its tests start it so, in
// order to see how it ends.
const actVariable = "VIT_TEST_ACT"

func TestMain(m *testing.M) {
	if os.Getenv(actVariable) != "" {
		main()
		return
	}
	testscript.Main(m, map[string]func(){"vit": main})
}

// vit returns a command that runs vit with the given arguments, with a time
// limit and without probing for KVM.
func vit(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), actVariable+"=1")
	return c
}

// guestFile stores a guest in a file.
func guestFile(t *testing.T, code []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "guest")
	require.NoError(t, os.WriteFile(name, code, 0o644))
	return name
}

// The scripts in testdata/script show what each command says and returns.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("TERM", "dumb")
			for name, code := range map[string][]byte{
				"exit0": guest.Exit(0), "exit5": guest.Exit(5), "off": guest.PowerOff(), "reset": guest.Reset(),
				"triple": guest.TripleFault(), "spin": guest.Spin(), "echo": guest.Echo(), "letters": guest.Letters("Hello"),
			} {
				if err := os.WriteFile(filepath.Join(e.WorkDir, name), code, 0o644); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

func TestEveryCommandHasHelp(t *testing.T) {
	for _, c := range commands() {
		t.Run(c.name, func(t *testing.T) {
			require.NotEmpty(t, c.summary)
			require.Less(t, len(c.summary), 80)
			require.Contains(t, c.help, "Exit codes:")
			out, err := vit("help", c.name).Output()
			require.NoError(t, err)
			require.Contains(t, string(out), "Usage: vit "+c.name)
			for _, line := range splitLines(c.help) {
				require.LessOrEqual(t, len(line), 80, "%q", line)
			}
		})
	}
}
