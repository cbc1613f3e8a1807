package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/apic"
)

// fakeControllers is one I/O APIC, on which the timer arrives at pin 2.
type fakeControllers struct{}

func (fakeControllers) Chips() []apic.ChipInfo {
	return []apic.ChipInfo{{ID: 0, Version: 0x20, Base: 0, Pins: 24}}
}

func (fakeControllers) Route(irq uint8) (apic.Route, bool) {
	switch {
	case irq > 1:
		return apic.Route{}, false
	case irq == 0:
		return apic.Route{GSI: 2, Pin: 2, Entry: apic.NewEntry(apic.Fixed, 32, 0, false, false)}, true
	}
	e := apic.NewEntry(apic.Fixed, 32+irq, 3, irq == 1, irq == 1)
	return apic.Route{GSI: uint32(irq), Pin: int(irq), Entry: e.WithMask(false) | 1<<14}, true
}

func TestIRQShowsWhereLinesArriveAndGo(t *testing.T) {
	d := newDesk(t)
	d.m.Controllers = fakeControllers{}
	out := d.run("irq")
	require.Contains(t, out, ""+
		"IRQ  VECTOR  COUNT  MASK  ARRIVES AT                    TO APIC  DEVICE\n"+
		"  0      32    360  off   GSI 2, high, edge                   0  timer\n"+
		"  1      33      7  on    GSI 1, low, level, not ended        3  keyboard\n"+
		"  2      34      0        nowhere\n")
	require.Contains(t, out, "  -       -      2                                               log  (raised by software)\n")
	require.Contains(t, out, "  -     240   2400                                               timer of each processor\n")
	require.Contains(t, out, "I/O APIC 0: version 0x20, GSI 0 to 23\n1 spurious interrupts\n")
	require.Contains(t, d.run("idt"), "2400  timer of each processor\n")
}

func TestIRQShowsTheLocalAPIC(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, "irq: there is no local APIC in use on this machine\n", d.run("irq -l"))
	s := apic.State{
		ID: 3, Enabled: true, Spurious: 255, Version: apic.Version{Number: 0x14},
		Timer: apic.NewLVT(apic.Fixed, 240, false, false), Input0: apic.MaskedLVT, Input1: apic.NewLVT(apic.NMI, 0, false, false),
		Error: apic.MaskedLVT, Counter: apic.MaskedLVT, Thermal: apic.MaskedLVT, Machine: apic.MaskedLVT,
		Initial: 312_500, Current: 1000, Divide: 32,
	}
	s.Request[7] = 1 << 16
	s.InService[1] = 3
	d.m.Local = func() apic.State { return s }
	require.Equal(t, ""+
		"local APIC 3, on, version 0x14, xAPIC: registers in memory\n"+
		"lets through what is more urgent than 0x00; spurious interrupts are vector 255\n\n"+
		"SOURCE                    MASK  RAISES\n"+
		"timer                     on    vector 240  1000 of 312500 ticks left, at the bus rate / 32\n"+
		"LINT0                     off\n"+
		"LINT1                     on    NMI\n"+
		"errors                    off\n"+
		"performance counters      off\n"+
		"temperature               off\n"+
		"corrected machine checks  off\n"+
		"asked for: 240; being handled: 32 33\n", d.run("irq -l"))
	s.Current, s.X2APIC, s.Enabled = 0, true, false
	out := d.run("irq -l")
	require.Contains(t, out, "local APIC 3, off, version 0x14, x2APIC: registers are MSRs\n")
	require.Contains(t, out, "stopped; would count at the bus rate / 32\n")
	s.Deadline = true
	require.Contains(t, d.run("irq -l"), "compares the time-stamp counter\n")
}
