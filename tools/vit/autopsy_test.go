package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/guest"
)

func TestAutopsyOpensACoreInTheDebugger(t *testing.T) {
	core := filepath.Join(t.TempDir(), "a.core")
	require.NoError(t, os.WriteFile(core, nil, 0o644))
	for flag, want := range map[string]string{
		"gdb": "-q -x " + gdbInit + " -ex core-file " + core + " -ex bt\n",
		"dlv": "core " + defaultDebug + " " + core + " --check-go-version=false -ex bt\n",
	} {
		x := vit("autopsy", "--open", core, "--debugger", flag, "--"+flag, fakeGDB(t, "echo $*; exit 7"), "--", "-ex", "bt")
		out, err := x.Output()
		require.Error(t, err)
		require.Equal(t, 7, x.ProcessState.ExitCode(), "the debugger's exit code")
		require.Equal(t, want, string(out))
	}
}

func TestAutopsyRefuses(t *testing.T) {
	for says, args := range map[string][]string{
		"no such file":        {"--open", "/none", "--debugger", "none"},
		"gdb, dlv or none":    {"--debugger", "ddd"},
		"no GDB at":           {"--debugger", "gdb", "--gdb", "/none"},
		"no Delve":            {"--debugger", "dlv", "--dlv", "/none"},
		"no image /none":      {"--image", "/none"},
		"kernel had not died": {"--kvm", "off", "--qmp", "", "--image", guestFile(t, guest.Exit(0))},
	} {
		x := vit(append([]string{"autopsy"}, args...)...)
		out, err := x.CombinedOutput()
		require.Error(t, err, says)
		require.Contains(t, string(out), says)
	}
}
