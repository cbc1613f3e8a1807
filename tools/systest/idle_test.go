package systest

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// What an idle kernel may cost.
const (
	maxInterrupts = 10   // a second, on all processors together
	maxLoad       = 0.03 // of a processor of the host
	idleTime      = 3 * time.Second
	idleTries     = 3
)

// TestAnIdleMachineIsQuiet counts interrupts where QEMU logs them, and the time
// that the host's kernel has charged to QEMU. This has to be real time. A busy
// host may charge QEMU for more than it did, so the best of a few tries counts;
// interrupts are counted strictly.
func TestAnIdleMachineIsQuiet(t *testing.T) {
	for _, processors := range []int{1, 4} {
		t.Run(fmt.Sprintf("%dCPUs", processors), func(t *testing.T) {
			m := boot(t, realTime, func(c *qemu.Config) { c.SMP = processors })
			m.WaitScreen(`vitrine>$`)
			best := 1.0
			for range idleTries {
				interrupts, used, start := interruptCount(t, m), processorTime(t, m.Pid()), time.Now()
				time.Sleep(idleTime) // there is no event that says that nothing happens
				took := time.Since(start)
				rate := float64(interruptCount(t, m)-interrupts) / took.Seconds()
				load := (processorTime(t, m.Pid()) - used).Seconds() / took.Seconds()
				t.Logf("%.1f interrupts a second, %.1f %% of a processor", rate, 100*load)
				require.LessOrEqual(t, rate, float64(maxInterrupts))
				best = min(best, load)
			}
			require.LessOrEqual(t, best, maxLoad)
		})
	}
}

// logged finds the numbers of the interrupts and exceptions in QEMU's log.
var logged = regexp.MustCompile(`(?m)^ *(\d+): v=`)

// interruptCount returns how many interrupts and exceptions there have been.
func interruptCount(t *testing.T, m *qemutest.Machine) int {
	t.Helper()
	found := logged.FindAllStringSubmatch(m.Log(), -1)
	require.NotEmpty(t, found, "QEMU has logged no interrupts")
	n, err := strconv.Atoi(found[len(found)-1][1])
	require.NoError(t, err)
	return n
}

// processorTime returns the time that a process has used so far: fields 14 and
// 15 of /proc/PID/stat (proc(5)), in hundredths of a second.
func processorTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(data), ") ") // the name is in parentheses
	require.True(t, ok)
	fields := strings.Fields(rest)
	ticks := 0
	for _, f := range fields[14-3 : 16-3] {
		n, err := strconv.Atoi(f)
		require.NoError(t, err)
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
