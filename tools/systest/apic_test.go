package systest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
)

// TestLinesArriveAsTheFirmwareSays: QEMU's tables move the timer to another pin, and
// give ACPI's line a level.
func TestLinesArriveAsTheFirmwareSays(t *testing.T) {
	for _, machine := range []string{"pc", "q35"} {
		t.Run(machine, func(t *testing.T) {
			t.Parallel()
			m := boot(t, func(c *qemu.Config) { c.Machine, c.SMP, c.Icount = machine, 2, "" })
			out := m.Run("irq")
			require.Regexp(t, `(?m)^ +0 +32 +\d+  off   GSI 2, high, edge +0  timer$`, out)
			require.Regexp(t, `(?m)^ +1 +33 +\d+  on    GSI 1, high, edge +0  keyboard$`, out)
			require.Regexp(t, `(?m)^ +4 +36 +\d+  on    GSI 4, high, edge +0  serial$`, out)
			require.Regexp(t, `(?m)^ +9 +41 +\d+  off   GSI 9, high, level +0$`, out)
			require.Regexp(t, `(?m)^ +2 +34 +\d+        nowhere$`, out)
			require.Contains(t, m.Run("irq -l"), ", on, version ")
		})
	}
}

// TestWithoutAPICsOneProcessorRemains although the machine has four: the 8259 and
// the 8254 do all that is needed. A tight loop is preempted there, too.
func TestWithoutAPICsOneProcessorRemains(t *testing.T) {
	t.Parallel()
	m := boot(t, withWords("noapic"), func(c *qemu.Config) { c.SMP, c.Icount = 4, "" })
	require.Equal(t, "2\n", m.Run("cpus | count"), "a heading and a line")
	require.Regexp(t, `(?m)^ +0 +32 +\d+  on    timer$`, m.Run("irq"))
	require.Contains(t, m.Run("irq -l"), "no local APIC in use")
	require.Equal(t, "2 spinning\n", m.Run("spin 600 2"))
	require.Equal(t, "hello\n", m.Run("echo hello"), "beside two loops without a call")
	require.Equal(t, "0 spinning\n", m.Run("spin 0"))
	m.Type("echo keys\n")
	m.Expect(`\nkeys\r?\n`)
	requireHealthy(t, m)
	require.Contains(t, m.Run("audit"), "stacks                5  of processors")
}
