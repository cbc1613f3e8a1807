package systest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
)

// mapping is a line of the monitor's info tlb: an address and its rights, of
// which X stands for "no execution" and W for "writable".
var mapping = regexp.MustCompile(`(?m)^([0-9a-f]{16}): [0-9a-f]+ (\S+)`)

// TestNoPageIsWritableAndExecutable asks the processor, not the kernel.
func TestNoPageIsWritableAndExecutable(t *testing.T) {
	for _, cpu := range []string{"qemu64", "max"} {
		t.Run(cpu, func(t *testing.T) {
			t.Parallel()
			m := boot(t, func(c *qemu.Config) { c.CPU = cpu })
			out, err := m.QMP().Monitor("info tlb")
			require.NoError(t, err)
			lines := mapping.FindAllStringSubmatch(strings.ReplaceAll(out, "\r", ""), -1)
			require.NotEmpty(t, lines, out)
			executable, writable := 0, 0
			for _, l := range lines {
				address, err := strconv.ParseUint(l[1], 16, 64)
				require.NoError(t, err)
				require.GreaterOrEqual(t, address, uint64(1)<<63, "the lower half is not empty: %s", l[0])
				execute, write := !strings.Contains(l[2], "X"), strings.Contains(l[2], "W")
				require.False(t, execute && write, "writable and executable: %s", l[0])
				require.NotContains(t, l[2], "U", "user space can reach it: %s", l[0])
				if execute {
					executable++
				}
				if write {
					writable++
				}
			}
			require.Positive(t, executable)
			require.Positive(t, writable)
		})
	}
}

// pteLine is the line of the command pagewalk about the last table: the entry's
// address and value.
var pteLine = regexp.MustCompile(`(?m)^PT +\d+ +([0-9a-f]+)  ([0-9a-f]{16})  P - - .*$`)

// TestTheAuditSeesAStrayWriteToAPageTable makes a page of code writable, and takes
// the right away again.
func TestTheAuditSeesAStrayWriteToAPageTable(t *testing.T) {
	t.Parallel()
	m := boot(t)
	out := m.Run("pagewalk image+0x200000")
	entry := pteLine.FindStringSubmatch(out)
	require.NotNil(t, entry, out)
	value, err := strconv.ParseUint(entry[2], 16, 64)
	require.NoError(t, err)
	poke := func(value uint64) {
		t.Helper()
		out := m.Run(fmt.Sprintf("poke direct+0x%s %#x", entry[1], value))
		require.Contains(t, out, fmt.Sprintf("-> %016x\n", value))
	}
	poke(value | 2)
	out = m.Run("audit")
	require.Contains(t, out, "kernel ffffffff80200000 -> 200000: writable and executable\n")
	require.Regexp(t, `audit: violations: [1-9]`, out)
	poke(value)
	require.Contains(t, m.Run("audit"), "no violation")
}
