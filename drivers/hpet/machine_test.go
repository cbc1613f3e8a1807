//go:build tamago

package hpet_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/acpi"
	"vitrine/drivers/hpet"
	"vitrine/drivers/mmio"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
	"vitrine/kernel/start"
)

// timer returns the timer of the machine that this test runs on.
func timer(t *testing.T) hpet.Timer {
	root, err := start.RSDP()
	require.NoError(t, err)
	tables, err := acpi.Open(start.Physical, root)
	require.NoError(t, err)
	table, err := tables.HPET()
	if err != nil {
		t.Skip("this machine has no HPET")
	}
	at, ok := table.Addr()
	require.True(t, ok)
	h, err := hpet.New(mmio.Hardware{Base: at.Direct()})
	require.NoError(t, err)
	require.NoError(t, h.Start())
	if table.Counter64 {
		require.Equal(t, 64, h.Bits(), "the table says what the timer says")
	}
	return h
}

func TestTheCounterOfThisMachineCounts(t *testing.T) {
	h := timer(t)
	last := h.Counter()
	for range 1000 {
		now := h.Counter()
		require.GreaterOrEqual(t, now, last)
		last = now
	}
}

func TestItMeasuresWhatTheKernelHasMeasured(t *testing.T) {
	h := timer(t)
	flags := cpu.DisableInterrupts()
	hz, err := h.Calibrate(cpu.OrderedTSC, 2000)
	cpu.SetFlags(flags)
	require.NoError(t, err)
	require.InEpsilon(t, clock.Frequency(), hz, 0.01)
}
