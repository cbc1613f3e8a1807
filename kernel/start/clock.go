//go:build tamago

package start

import (
	"vitrine/drivers/acpi"
	"vitrine/drivers/hpet"
	"vitrine/drivers/ioport"
	"vitrine/drivers/mmio"
	"vitrine/drivers/pit"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
)

// Clocks are the counters of this machine, the clock among them. Each has been
// looked at when it was found, so that they can be compared from then on.
var Clocks clock.Set

// What is behind the counters. They are variables because there is no heap yet.
var (
	hpetSpace  mmio.Hardware
	hpetTimer  hpet.Timer
	pitCounter pit.Counter
	clockError error
)

// ClockError returns why the TSC's rate is not known; nil if it is.
func ClockError() error { return clockError }

// How long the TSC is compared with another counter.
const (
	hpetMicroseconds = 500
	pitMilliseconds  = 2 // two or three times
)

// startClock finds the machine's counters, measures the TSC's rate by the best
// of them, and makes the TSC the clock. What was measured in so short a time is
// good to some hundred millionths; package kernel betters it when more time has
// passed (clock.Set.Trim).
//
// Context: g0; no heap, interrupts off.
func startClock() {
	hpetError := startHPET()
	hz, how, exact := tscRate(hpetError)
	clock.Start(entryTSC, hz)
	add := func(s clock.Source) { _ = Clocks.Add(s) } // there is room for all
	add(clock.Source{
		Name: "tsc", Hz: hz, How: how, Exact: exact, Place: clock.TSC(),
		Steady: clock.Invariant(cpu.CPUID),
	})
	if hpetError == nil {
		place := clock.Memory(hpetSpace.Base+hpet.CounterOffset, hpetTimer.Bits())
		add(clock.Source{Name: "hpet", Hz: hpetTimer.Hz(), How: "told by itself", Exact: true, Place: place})
	}
	if port, bits, ok := pmTimer(); ok {
		add(clock.Source{Name: "acpi", Hz: 3_579_545, How: "standard", Exact: true, Place: clock.Port(port, bits)})
	}
	pitCounter = pit.NewCounter(ioport.Hardware{})
	pitCounter.Start()
	add(clock.Source{Name: "pit", Hz: pit.Hz, How: "standard", Exact: true, Bits: 16, Counter: &pitCounter})
}

// tscRate returns the TSC's rate in Hz and how it is known. What the processor
// itself says is exact, but not believed if measuring contradicts it.
func tscRate(hpetError error) (hz uint64, how string, exact bool) {
	err := hpetError
	if err == nil {
		hz, err = hpetTimer.Calibrate(cpu.OrderedTSC, hpetMicroseconds)
		how = "measured by hpet"
	}
	if err != nil {
		hz, err = pit.Calibrate(ioport.Hardware{}, cpu.OrderedTSC, pitMilliseconds)
		how = "measured by pit"
	}
	told := clock.KnownRate(cpu.CPUID)
	switch {
	case told != 0 && (err != nil || max(hz, told)-min(hz, told) < told/100):
		return told, "told by the processor", true
	case err != nil:
		clockError = err
		return 1_000_000_000, "guessed", false
	}
	return hz, how, false
}

// startHPET finds the HPET and lets it count.
//
// Errors: those of package acpi and of package hpet.
func startHPET() error {
	b, err := acpi.Locate(Physical, rootPointer(), "HPET")
	if err != nil {
		return err
	}
	at, ok := acpi.ParseHPET(b).Addr()
	if !ok || at >= 4<<30-hpet.Size { // above 4 GiB it is not mapped
		return hpet.ErrAbsent
	}
	hpetSpace = mmio.Hardware{Base: at.Direct()}
	if hpetTimer, err = hpet.New(&hpetSpace); err != nil {
		return err
	}
	return hpetTimer.Start()
}

// pmTimer returns where the ACPI timer is (ACPI, "Power Management Timer").
func pmTimer() (port uint16, bits int, ok bool) {
	b, err := acpi.Locate(Physical, rootPointer(), "FACP")
	if err != nil {
		return 0, 0, false
	}
	f := acpi.ParseFADT(b)
	bits = 24
	if f.Flags&acpi.PMTimer32 != 0 {
		bits = 32
	}
	port, ok = f.PMTimer.Port()
	return port, bits, ok
}

// root is ACPI's root pointer, once it has been found.
var root []byte

// rootPointer returns ACPI's root pointer: the boot loader's copy or, where it
// gave none, what the BIOS left in memory. It is empty if there is none.
func rootPointer() []byte {
	if root == nil {
		root = Info.RSDP()
		if !acpi.GoodRSDP(root) {
			root, _ = acpi.LocateRSDP(Physical)
		}
	}
	return root
}

// RSDP returns the root of the ACPI tables.
//
// Errors: those of package acpi.
func RSDP() (acpi.RSDP, error) {
	if b := rootPointer(); len(b) > 0 {
		return acpi.ParseRSDP(b)
	}
	return acpi.RSDP{}, acpi.ErrNoRSDP
}
