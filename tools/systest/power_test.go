package systest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
)

// TestPowerOffSwitchesTheMachineOff, by ACPI, on each kind of machine.
func TestPowerOffSwitchesTheMachineOff(t *testing.T) {
	for _, machine := range []string{"pc", "q35"} {
		t.Run(machine, func(t *testing.T) {
			t.Parallel()
			m := boot(t, func(c *qemu.Config) { c.Machine = machine })
			m.Send("poweroff\r")
			require.Equal(t, qemu.PoweredOff, m.End().Outcome)
			require.Contains(t, m.Serial().Text(), "off\r\n", "the last line is complete")
		})
	}
}

// TestRebootResetsTheMachine and it comes up again.
func TestRebootResetsTheMachine(t *testing.T) {
	for _, machine := range []string{"pc", "q35"} {
		t.Run(machine, func(t *testing.T) {
			t.Parallel()
			m := boot(t, func(c *qemu.Config) { c.Machine, c.Reboot = machine, true })
			m.Send("reboot\r")
			m.WaitPrompt()
			requireHealthy(t, m)
			var names []string
			for _, e := range m.QMP().Events() {
				names = append(names, e.Name)
			}
			require.Contains(t, names, "RESET")
		})
	}
}
