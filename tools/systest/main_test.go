package systest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

func TestMain(m *testing.M) {
	if os.Getenv("VITRINE_TEST_SYSTEM") == "" {
		fmt.Println("system tests are left out: 'make test-system' runs them")
		return
	}
	os.Exit(m.Run())
}

// boot boots the kernel up to its first prompt. When the test ends, the memory
// of a machine that still runs must be in order.
func boot(t *testing.T, change ...func(*qemu.Config)) *qemutest.Machine {
	t.Helper()
	m := qemutest.Boot(t, change...)
	m.WaitPrompt()
	auditAtEnd(t, m)
	return m
}

// bootISO is boot for an ISO.
func bootISO(t *testing.T, iso string, change ...func(*qemu.Config)) *qemutest.Machine {
	t.Helper()
	m := qemutest.BootISO(t, iso, change...)
	m.WaitPrompt()
	auditAtEnd(t, m)
	return m
}

// auditAtEnd has m audit its memory when the test has ended well, unless m has
// ended, too. Whatever m does then, and whatever has been typed, Ctrl-C ends.
func auditAtEnd(t *testing.T, m *qemutest.Machine) {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			return
		}
		select {
		case <-m.Done():
			return
		default:
		}
		if strings.Contains(m.Serial().Text(), "KERNEL STOPPED") {
			return
		}
		m.Send("\x03")
		m.Send("\recho at the end; audit\r")
		m.Expect(`\nat the end\r?\n`)
		out := m.Expect(`(?s)^.*?\nvitrine>`)[0]
		require.Regexp(t, `in order: .* no violation\s+vitrine>$`, qemutest.Plain(out))
	})
}

// append_ adds words to the kernel command line.
func withWords(words string) func(*qemu.Config) {
	return func(c *qemu.Config) { c.Append = strings.TrimSpace(c.Append + " " + words) }
}

// realTime lets the machine's time pass as the host's does. For tests in which
// the machine waits a while for what the host does next.
func realTime(c *qemu.Config) { c.Icount = "" }

// build returns the name of a file that make has built.
func build(t *testing.T, name string) string {
	t.Helper()
	return filepath.Join(filepath.Dir(qemutest.Image(t)), name)
}

// vit runs vit in the top folder, and returns what it printed.
func vit(t *testing.T, args ...string) (string, error) {
	t.Helper()
	command := exec.Command(filepath.Join(qemutest.Root(t), "build", "vit"), args...)
	command.Dir = qemutest.Root(t)
	out, err := command.CombinedOutput()
	return string(out), err
}

// makeISO makes an ISO that starts the menu's given entry at once.
func makeISO(t *testing.T, entry int) string {
	t.Helper()
	iso := filepath.Join(t.TempDir(), "vitrine.iso")
	out, err := vit(t, "iso", "-o", iso, "-timeout", "0", "-default", fmt.Sprint(entry), qemutest.Image(t))
	require.NoError(t, err, out)
	return iso
}
