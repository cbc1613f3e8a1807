package qemu

import (
	"fmt"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// QEMU 10 reports a write to isa-debug-exit as the guest's power-off, and ends
// with the same status as older ones, which report nothing.
func TestAStatusOfTheGuestsIsNoPowerOff(t *testing.T) {
	for _, c := range []struct {
		seen    Outcome
		status  int
		said    string
		device  bool
		outcome Outcome
		code    int
	}{
		{Exited, 15, "", true, Exited, 7},
		{PoweredOff, 15, "", true, Exited, 7},
		{PoweredOff, 1, "", true, Exited, 0},
		{PoweredOff, 0, "", true, PoweredOff, 0},
		{PoweredOff, 15, "", false, PoweredOff, 0},
		{PoweredOff, 1, "qemu-system-x86_64: cannot write", true, PoweredOff, 0},
		{Stopped, 15, "", true, Stopped, 0},
		{Reset, 15, "", true, Reset, 0},
		{Exited, 1, "qemu-system-x86_64: cannot write", true, Crashed, 0},
	} {
		m := &Machine{ctx: t.Context(), seen: c.seen, config: Config{DebugExit: c.device}, process: &process{
			err: exec.Command("sh", "-c", fmt.Sprintf("exit %d", c.status)).Run(), stderr: tail{size: 100},
		}}
		m.process.stderr.Write([]byte(c.said))
		r := m.conclude()
		require.Equal(t, c.outcome.String(), r.Outcome.String(), "%+v", c)
		require.Equal(t, c.code, r.Code, "%+v", c)
	}
}
