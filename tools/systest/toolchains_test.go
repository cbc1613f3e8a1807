package systest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/qemutest"
)

// toolchains are the oldest Go that is promised to work, and the newest of each
// version. Package tools/tamago tests the same ones.
var toolchains = []string{"go1.26.0", "go1.26.11", "go1.27.4"}

// TestKernelsOfEveryGo derives from each Go, builds the kernel with it, and
// boots that.
func TestKernelsOfEveryGo(t *testing.T) {
	if os.Getenv("VITRINE_TEST_TOOLCHAINS") == "" {
		t.Skip("takes minutes: 'make test-toolchains' runs it")
	}
	root := qemutest.Root(t)
	mod := kernelMod(t)
	for _, version := range toolchains {
		t.Run(version, func(t *testing.T) {
			dir := t.TempDir()
			goroot := run(t, dir, []string{"GOTOOLCHAIN=" + version}, "go", "env", "GOROOT")
			derived := run(t, dir, nil, build(t, "tamago"), "-goroot", goroot)
			program, image := filepath.Join(dir, "program"), filepath.Join(dir, "vitrine.elf")
			run(t, root, []string{"GOOS=tamago", "GOARCH=amd64", "GOOSPKG=" + filepath.Join(root, "boot"), "GOFLAGS="},
				filepath.Join(derived, "bin", "go"), "build", "-modfile="+mod, "-tags=derived",
				"-ldflags="+os.Getenv("VITRINE_LDFLAGS"), "-o", program, "./boot")
			run(t, root, nil, build(t, "vit"), "image", "-o", image, build(t, "boot.elf"), program)

			// GDB wants the stub's symbols beside the program.
			require.NoError(t, os.Symlink(build(t, "boot.elf"), filepath.Join(dir, "boot.elf")))
			t.Setenv("VITRINE_IMAGE", image)
			m := boot(t)
			requireHealthy(t, m)
			require.Contains(t, m.Run("boot"), version)
			require.Regexp(t, `^fault: panic: runtime error`, m.Run("fault -r nil"))
			requireDebuggable(t, program)
		})
	}
}

// requireDebuggable requires that our GDB scripts know their way about the
// runtime of the kernel in VITRINE_IMAGE, whose debugging information is in file.
func requireDebuggable(t *testing.T, file string) {
	t.Helper()
	t.Setenv("VITRINE_DEBUG_ELF", file)
	s := underGDB(t, "toolchain.gdb", nil, nil, withWords(`run="sleep 1"`))
	requireInOrder(t, s["goroutines"], `1 +\w+.* vitrine/interrupts\.Pump .*start\.startPump`, `\* +\d+ +running .*shell\.\(\*Session\)\.Run`,
		`keyboardLoop .*event 'key typed' \(chan struct \{\}, [01] of 1\)`, `^Goroutine 1 `, `in vitrine/interrupts\.Pump `, `in runtime\.goexit `)
	require.NotContains(t, s["goroutines"], "??")
	requireInOrder(t, s["who"], `stack of goroutine \d+ \(running\)`, `objects? .*in use: vitrine/drivers/ps2\.Controller`)
	requireInOrder(t, s["values"], `map\[string\].* = \{.*\["audit"\] = 0x`, `name = "serial", top = func vitrine/drivers/uart.*chan struct \{\} [01] of 1`,
		`\(\*errors\.errorString\) "EOF"`, `= \d+$`)
	requireInOrder(t, s["commands"], `^in order: `, `^layout +us`, `0 +0 +1 +runs .*Session`)
}

// kernelMod writes a go.mod for building the kernel with an older Go than the
// tools need: ours asks for the Go that the tamago module asks for.
func kernelMod(t *testing.T) string {
	t.Helper()
	mod := filepath.Join(t.TempDir(), "kernel.mod")
	for from, to := range map[string]string{"go.mod": mod, "go.sum": strings.TrimSuffix(mod, "mod") + "sum"} {
		text, err := os.ReadFile(filepath.Join(qemutest.Root(t), from))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(to, text, 0o644))
	}
	const upstream = "github.com/usbarmory/tamago"
	run(t, qemutest.Root(t), nil, "go", "mod", "edit", "-go=1.26.0",
		"-droptool="+upstream+"/cmd/tamago", "-droprequire="+upstream, mod)
	return mod
}

// run runs a program and returns the last line that it prints.
func run(t *testing.T, dir string, environment []string, program string, args ...string) string {
	t.Helper()
	command := exec.Command(program, args...)
	command.Dir, command.Env = dir, append(os.Environ(), environment...)
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s %q: %s", program, args, out)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
