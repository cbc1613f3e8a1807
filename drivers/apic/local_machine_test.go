//go:build tamago

package apic_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/apic"
	"vitrine/drivers/mmio"
	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
	"vitrine/kernel/start"
	"vitrine/mm"
)

// The controllers of the machine that this test runs on. Devices and the time
// slices of this test's own kernel come through the 8259 all the while.

// Vectors that nobody else has.
const (
	vectorTimer   uint8 = 0xe0
	vectorMessage uint8 = 0xe1
	vectorNobody  uint8 = 0xe2
)

var (
	local    apic.Local
	fired    atomic.Int64 // Uptime at the last timer interrupt
	messages atomic.Int64
)

// off runs f with interrupts off.
func off(f func()) {
	flags := cpu.DisableInterrupts()
	defer cpu.SetFlags(flags)
	f()
}

// open enables the local APIC, once, and leaves the 8259 connected.
func open(t *testing.T) {
	if local.X2APIC() || local != (apic.Local{}) {
		return
	}
	features := apic.Detect(cpu.CPUID)
	require.True(t, features.Present)
	require.True(t, apic.IsBoot(cpu.MSR{}))
	l, err := apic.NewLocal(features, cpu.MSR{}, mmio.Hardware{Base: apic.Addr(cpu.MSR{}).Direct()}, true)
	require.NoError(t, err)
	require.Equal(t, features.X2APIC, l.X2APIC())
	local = l
	require.NoError(t, interrupts.Handle(vectorTimer, func() bool {
		fired.Store(clock.Uptime())
		local.EndOfInterrupt()
		return false
	}))
	require.NoError(t, interrupts.Handle(vectorMessage, func() bool {
		messages.Add(1)
		local.EndOfInterrupt()
		return false
	}))
	w := apic.Wiring{LocalNMIs: []apic.LocalLine{{Processor: apic.AllProcessors, Input: 1}}}
	off(func() {
		local.Enable(0xff)
		local.SetInputs(w.Inputs(0, true))
		local.SetErrorVector(vectorNobody)
	})
}

func TestTheLocalAPICIsThereAndOn(t *testing.T) {
	open(t)
	var s apic.State
	off(func() { s = local.State() })
	require.True(t, s.Enabled)
	require.Equal(t, uint8(0xff), s.Spurious)
	require.Zero(t, s.ID)
	require.GreaterOrEqual(t, s.Version.Number, uint8(0x10))
	require.GreaterOrEqual(t, s.Version.Entries, 4)
	require.Equal(t, apic.ExtINT, s.Input0.Delivery())
	require.Equal(t, apic.NMI, s.Input1.Delivery())
	require.True(t, s.Timer.Masked() || s.Timer.Vector() == vectorTimer)
	require.Equal(t, vectorNobody, s.Error.Vector())
	time.Sleep(20 * time.Millisecond) // and the 8259 still gets through
}

func TestAMessageToOneselfArrives(t *testing.T) {
	open(t)
	before := messages.Load()
	off(func() {
		require.NoError(t, local.SendSelf(vectorMessage))
		for i := 0; i < 1000 && !pending(vectorMessage); i++ {
			cpu.Pause()
		}
		require.True(t, pending(vectorMessage), "it waits until interrupts are on")
		require.Equal(t, before, messages.Load())
	})
	require.Eventually(t, func() bool { return messages.Load() == before+1 }, time.Second, time.Millisecond)
	off(func() { require.NoError(t, local.Send(local.ID(), vectorMessage)) })
	require.Eventually(t, func() bool { return messages.Load() == before+2 }, time.Second, time.Millisecond)
	off(func() { require.Zero(t, local.Errors()) })
}

func pending(v uint8) bool {
	s := local.State()
	return s.Request.Has(v)
}

// timer returns the counting timer, started.
func timer(t *testing.T) apic.Timer {
	open(t)
	var hz uint64
	var err error
	off(func() { hz, err = local.Calibrate(clock.Uptime, 1_000_000) })
	require.NoError(t, err)
	again := uint64(0)
	off(func() { again, err = local.Calibrate(clock.Uptime, 3_000_000) })
	require.NoError(t, err)
	require.InEpsilon(t, hz, again, 0.01, "two measurements agree")
	k := local.CountingTimer(vectorTimer, again)
	off(k.Start)
	return k
}

func TestTheTimerInterruptsWhenItIsDue(t *testing.T) {
	k := timer(t)
	for _, ns := range []int64{0, 50_000, 1_000_000, 5_000_000, 20_000_000} {
		fired.Store(0)
		var armed int64
		off(func() {
			armed = clock.Uptime()
			k.Arm(ns)
		})
		require.Eventually(t, func() bool { return fired.Load() != 0 }, 10*time.Second, 100*time.Microsecond)
		took := fired.Load() - armed
		require.GreaterOrEqual(t, float64(took), float64(ns)*0.99-1000, "%d ns", ns)
	}
}

func TestAStoppedTimerIsSilent(t *testing.T) {
	k := timer(t)
	fired.Store(0)
	off(func() {
		k.Arm(2_000_000)
		k.Stop()
	})
	time.Sleep(10 * time.Millisecond)
	require.Zero(t, fired.Load())
}

func TestTheDeadlineTimerInterruptsWhenItIsDue(t *testing.T) {
	open(t)
	if !apic.Detect(cpu.CPUID).Deadline {
		t.Skip("this processor has no TSC-deadline timer")
	}
	k := local.DeadlineTimer(vectorTimer, cpu.TSC, clock.Frequency())
	off(k.Start)
	for _, ns := range []int64{0, 50_000, 5_000_000} {
		fired.Store(0)
		var armed int64
		off(func() {
			armed = clock.Uptime()
			k.Arm(ns)
		})
		require.Eventually(t, func() bool { return fired.Load() != 0 }, 10*time.Second, 100*time.Microsecond)
		require.GreaterOrEqual(t, fired.Load()-armed, ns)
	}
	off(k.Stop)
}

func TestTheIOAPICIsThere(t *testing.T) {
	open(t)
	lock := start.NewLock()
	w := apic.Wiring{IO: []apic.Chip{{Addr: 0xfec0_0000}}, Overrides: []apic.Override{{IRQ: 0, Line: apic.Line{GSI: 2}}}}
	lines, err := apic.NewLines(&w, &local, func(a mm.PhysAddr) (mmio.Space, error) {
		return mmio.Hardware{Base: a.Direct()}, nil
	}, lock)
	require.NoError(t, err)
	chips := lines.Chips()
	require.Len(t, chips, 1)
	require.Equal(t, 24, chips[0].Pins)
	off(func() { lines.Start(0xb0, local.ID()) })
	r, ok := lines.Route(1)
	require.True(t, ok)
	require.Equal(t, apic.NewEntry(apic.Fixed, 0xb1, 0, false, false), r.Entry)
	require.NoError(t, lines.SetEntry(20, apic.NewEntry(apic.Fixed, 0xb9, 0, true, true)))
	r, ok = lines.RouteGSI(20)
	require.True(t, ok)
	require.Equal(t, apic.NewEntry(apic.Fixed, 0xb9, 0, true, true), r.Entry, "what was written is read")
}
