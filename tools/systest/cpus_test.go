package systest

import (
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// cpuRow is a line of the command cpus: processor, state and load in percent.
var cpuRow = regexp.MustCompile(`(?m)^ +(\d+) +\d+  (busy|halted) +(\d+)% +(\d+)% +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+|-)$`)

// cpuLoads returns the load of each processor during a second.
func cpuLoads(t *testing.T, m *qemutest.Machine) (loads []int, all int) {
	t.Helper()
	out := m.Run("cpus 1")
	for i, row := range cpuRow.FindAllStringSubmatch(out, -1) {
		require.Equal(t, strconv.Itoa(i), row[1], out)
		n, err := strconv.Atoi(row[3])
		require.NoError(t, err)
		loads, all = append(loads, n), all+n
	}
	require.Len(t, loads, 4, "processors in:\n%s", out)
	return loads, all
}

// TestBusyGoroutinesShowAsLoad starts two that never call anything, on four
// processors, and ends them. The rest of the load is the host's: a machine that
// it does not let run looks busy.
func TestBusyGoroutinesShowAsLoad(t *testing.T) {
	t.Parallel()
	m := boot(t, realTime, func(c *qemu.Config) { c.SMP = 4 })
	until := func(what string, good func(loads []int, all int) bool) {
		t.Helper()
		for start := time.Now(); time.Since(start) < qemutest.Limit; {
			loads, all := cpuLoads(t, m)
			t.Logf("%s: %v %%", what, loads)
			if good(loads, all) {
				return
			}
		}
		require.Fail(t, what+": never seen")
	}
	until("idle", func(_ []int, all int) bool { return all < 100 })
	require.Equal(t, "2 spinning\n", m.Run("spin 600 2"))
	until("two goroutines spin", func(_ []int, all int) bool { return all >= 190 })
	require.Regexp(t, `(?m) \d+  kernel/shell/commands\.\(\*spinning\)\.start\.\S+$`, m.Run("cpus -v"))
	require.Equal(t, "0 spinning\n", m.Run("spin 0"))
	until("idle again", func(_ []int, all int) bool { return all < 100 })
	m.Type("watch -n 0.2 cpus\n")
	m.WaitScreen(`every 200ms: cpus .*\n\nCPU +APIC +STATE(?s:.*)\n +3 +3  (busy|halted) .*$`)
	m.Type("q")
	m.WaitPrompt()
	requireHealthy(t, m)
}
