package systest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// gdbLimit bounds a session with GDB, in the host's time.
const gdbLimit = 3 * time.Minute

// session is what GDB has said, by the titles that the script prints as
// "== title".
type session map[string]string

// underGDB boots Vitrine, runs a script of testdata/debug from the stub's first
// instruction on, and returns what GDB says. Meanwhile meet, if it is not nil,
// has the machine.
func underGDB(t *testing.T, script string, replace map[string]string, meet func(m *qemutest.Machine),
	change ...func(*qemu.Config),
) session {
	t.Helper()
	root := qemutest.Root(t)
	text, err := os.ReadFile(filepath.Join("testdata", "debug", script))
	require.NoError(t, err)
	var words []string
	for old, now := range replace {
		words = append(words, old, now)
	}
	file := filepath.Join(t.TempDir(), script)
	require.NoError(t, os.WriteFile(file, []byte(strings.NewReplacer(words...).Replace(string(text))), 0o644))

	socket := filepath.Join(t.TempDir(), "gdb.sock")
	m := qemutest.Boot(t, append(change, func(c *qemu.Config) { c.GDBSocket, c.Frozen = socket, true })...)
	if meet != nil {
		go meet(m)
	}
	out := gdb(t, root, "-batch", "-ex", "set pagination off", "-ex", "set width 0",
		"-x", "scripts/gdb/init.py", "-ex", "vit attach "+socket, "-x", file)
	require.NotContains(t, out, "Traceback (most recent call last)")
	require.NotContains(t, out, "Error in sourced command file")
	require.NotContains(t, out, "Error while executing Python code")
	return split(out)
}

// gdb runs GDB, without the user's own settings, and returns what it says.
func gdb(t *testing.T, dir string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("gdb")
	require.NoError(t, err, "scripts/setup.sh debug installs GDB")
	ctx, cancel := context.WithTimeout(context.Background(), gdbLimit)
	defer cancel()
	command := exec.CommandContext(ctx, path, append([]string{"-q", "-nx"}, args...)...)
	command.Dir, command.WaitDelay = dir, time.Second
	command.Env = os.Environ()
	if os.Getenv("VITRINE_DEBUG_ELF") == "" {
		command.Env = append(command.Env, "VITRINE_DEBUG_ELF="+build(t, "vitrine.debug.elf"))
	}
	out, err := command.CombinedOutput()
	require.NoError(t, ctx.Err(), "GDB is not done within %v; it said:\n%s", gdbLimit, out)
	require.NoError(t, err, "GDB said:\n%s", out)
	return string(out)
}

// split cuts what GDB has said at its titles. What comes before the first is
// called "".
func split(out string) session {
	s, title := session{}, ""
	for line := range strings.Lines(out) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "== "); ok {
			title = name
			continue
		}
		s[title] += line
	}
	return s
}

// requireInOrder requires that text has matches of all patterns, one after the
// other.
func requireInOrder(t *testing.T, text string, patterns ...string) {
	t.Helper()
	rest := text
	for _, p := range patterns {
		at := regexp.MustCompile("(?m)" + p).FindStringIndex(rest)
		require.NotNil(t, at, "no %q, or not in this order, in:\n%s", p, text)
		rest = rest[at[1]:]
	}
}

// lineOf returns the number of the first line that contains text, in a file of
// the repository.
func lineOf(t *testing.T, file, text string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(qemutest.Root(t), file))
	require.NoError(t, err)
	for i, line := range strings.Split(string(b), "\n") {
		if strings.Contains(line, text) {
			return i + 1
		}
	}
	require.FailNow(t, fmt.Sprintf("no %q in %s", text, file))
	return 0
}
