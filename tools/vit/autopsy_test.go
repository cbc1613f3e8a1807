package main

import (
	"debug/elf"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/guest"
)

func TestAutopsyOpensACoreInTheDebugger(t *testing.T) {
	core := filepath.Join(t.TempDir(), "a.core")
	empty := make([]byte, 64) // but for its header
	copy(empty, "\x7fELF\x02\x01\x01")
	empty[16], empty[18], empty[20], empty[52] = byte(elf.ET_CORE), byte(elf.EM_X86_64), 1, 64
	require.NoError(t, os.WriteFile(core, empty, 0o644))
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

func TestAutopsyRefusesTheBeginningOfACore(t *testing.T) {
	core := filepath.Join(t.TempDir(), "a.core")
	cut := make([]byte, 64+56) // a header, and one segment's
	copy(cut, "\x7fELF\x02\x01\x01")
	cut[16], cut[18], cut[20], cut[52] = byte(elf.ET_CORE), byte(elf.EM_X86_64), 1, 64
	cut[32], cut[54], cut[56] = 64, 56, 1 // where segments are, how large and how many
	cut[64], cut[64+8], cut[64+32] = byte(elf.PT_LOAD), 120, 7
	require.NoError(t, os.WriteFile(core, cut, 0o644))
	out, err := vit("autopsy", "--open", core, "--debugger", "none").CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "is the beginning of a core: it has 120 bytes, and needs 127 or more")
}

// Whoever waits for a kernel to die does not want to hear afterwards that there
// is no room for it.
func TestACoreThatCannotBeWrittenIsRefusedBeforeTheMachineStarts(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "folder")
	require.NoError(t, os.Mkdir(folder, 0o755))
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	image := guestFile(t, guest.Exit(0))
	for name, says := range map[string]string{
		folder:                          "no file that a core could replace",
		pipe:                            "no file that a core could replace",
		filepath.Join(dir, "none", "a"): "there can be no core " + filepath.Join(dir, "none", "a") + ": no such file",
	} {
		for _, args := range [][]string{
			{"autopsy", "--image", image, "--kvm", "off", "--qmp", "", "--core", name},
			{"run", "--kvm", "off", "--qmp", "", "--core", name, image},
			{"core", name},
		} {
			out, err := vit(args...).CombinedOutput()
			require.Error(t, err, args)
			require.Contains(t, string(out), says, args)
			require.NotContains(t, string(out), "had not died", args)
		}
	}
	require.DirExists(t, folder)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 2, "nothing else is made")
}

func TestNamesOfFilesAreShownAsAShellWantsThem(t *testing.T) {
	for name, want := range map[string]string{
		"build/vitrine.core": "build/vitrine.core", "/tmp/my core": "'/tmp/my core'", "it's": `'it'\''s'`, "a$b": "'a$b'", "größe": "größe",
	} {
		require.Equal(t, want, typed(name))
	}
}

func TestAutopsyRefuses(t *testing.T) {
	for says, args := range map[string][]string{
		"no such file":        {"--open", "/none", "--debugger", "none"},
		"is no core":          {"--open", "main.go", "--debugger", "none"},
		"gdb, dlv or none":    {"--debugger", "ddd"},
		"no GDB at":           {"--debugger", "gdb", "--gdb", "/none"},
		"no Delve":            {"--debugger", "dlv", "--dlv", "/none"},
		"no image /none":      {"--image", "/none"},
		"kernel had not died": {"--core", filepath.Join(t.TempDir(), "core"), "--kvm", "off", "--qmp", "", "--image", guestFile(t, guest.Exit(0))},
	} {
		x := vit(append([]string{"autopsy"}, args...)...)
		out, err := x.CombinedOutput()
		require.Error(t, err, says)
		require.Contains(t, string(out), says)
	}
}
