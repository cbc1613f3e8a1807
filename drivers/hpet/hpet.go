// Package hpet drives the high precision event timer, the clock that came after
// the 8254.
//
// One counter goes up from 0, at 10 MHz or more, and says itself at which rate:
// the first register has the length of a tick in femtoseconds (10^-15 s). The
// registers are in memory:
//
//	0x000  capabilities   | tick, fs | vendor | legacy, width | comparators | revision |
//	0x010  configuration  | ... | legacy replacement | enable |
//	0x0f0  main counter   64 bits, or 32
//	0x100  comparators, which can interrupt when the counter has come to a value
//
// The kernel does not use the comparators: each processor has a better timer in
// its local APIC.
//
// Reading it takes about a microsecond, against 10 ns for the time-stamp
// counter. So it is not the kernel's clock if that one is any good, but the
// clock that others are measured against: see Calibrate.
//
// Where it is ACPI tells (acpi.HPET). In GDB: break hpet.New.
//
// Locking: none; the counter can be read by all processors at once. Allocation:
// none.
//
// The manual is "IA-PC HPET (High Precision Event Timers) Specification" (Intel).
package hpet

import "vitrine/drivers/mmio"

// Error is an error of this package.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// The errors.
const (
	ErrAbsent Error = "hpet: there is no such timer"
	ErrDead   Error = "hpet: the counter does not count"
	ErrRange  Error = "hpet: the measured rate is not plausible"
)

// Registers, as offsets in bytes, and their bits.
const (
	regCapabilities  uint64 = 0x000
	regPeriod        uint64 = 0x004 // the upper half of that
	regConfiguration uint64 = 0x010
	regCounter       uint64 = CounterOffset
	regCounterHigh   uint64 = CounterOffset + 4

	capabilityWide   uint32 = 1 << 13 // the counter has 64 bits
	capabilityLegacy uint32 = 1 << 15

	configEnable uint32 = 1 << 0 // the counter counts
	configLegacy uint32 = 1 << 1 // comparators 0 and 1 take the lines of PIT and RTC
)

// Size is how many bytes the registers take.
const Size = 1024

// CounterOffset is where the counter is in them: it can be read without this
// package.
const CounterOffset = 0xf0

// A tick lasts at most 100 ns, says the manual; less than 100 ps cannot be.
const (
	maxPeriod = 100_000_000
	minPeriod = 100_000
)

// femto is how many femtoseconds a second has.
const femto = 1_000_000_000_000_000

// Timer is a high precision event timer.
type Timer struct {
	space  mmio.Space
	caps   uint32
	period uint32 // fs
}

// New returns the timer behind space. It changes nothing.
//
// Errors:  ErrAbsent, if what answers cannot be one.
// Context: any; does not allocate.
func New(space mmio.Space) (Timer, error) {
	t := Timer{space: space, caps: space.Load32(regCapabilities), period: space.Load32(regPeriod)}
	if revision := uint8(t.caps); revision == 0 || revision == 0xff || t.period > maxPeriod || t.period < minPeriod {
		return Timer{}, ErrAbsent
	}
	return t, nil
}

// Bits returns the counter's width.
func (t *Timer) Bits() int {
	if t.caps&capabilityWide != 0 {
		return 64
	}
	return 32
}

// Period returns the length of a tick in femtoseconds.
func (t *Timer) Period() uint32 { return t.period }

// Hz returns the counter's rate, rounded.
func (t *Timer) Hz() uint64 { return (femto + uint64(t.period)/2) / uint64(t.period) }

// Comparators returns how many there are.
func (t *Timer) Comparators() int { return int(t.caps>>8&0x1f) + 1 }

// Legacy tells whether comparators 0 and 1 can take the places of PIT and RTC.
func (t *Timer) Legacy() bool { return t.caps&capabilityLegacy != 0 }

// maxPolls is how often the counter is read until it is given up: a tick lasts
// 100 ns at most.
const maxPolls = 10_000

// Start lets the counter count, from where it is, with PIT and RTC in their
// places.
//
// Errors:  ErrDead.
// Context: any; does not allocate. A few microseconds.
func (t *Timer) Start() error {
	config := t.space.Load32(regConfiguration)
	t.space.Store32(regConfiguration, config&^configLegacy|configEnable)
	first := t.space.Load32(regCounter)
	for range maxPolls {
		if t.space.Load32(regCounter) != first {
			return nil
		}
	}
	return ErrDead
}

// Counter returns the counter's value; if it has 32 bits, these.
//
// The halves are read one by one, as not every bus can read 64 bits at once, and
// again if the upper one has changed meanwhile.
//
// Context: any; does not allocate. One to three microseconds.
func (t *Timer) Counter() uint64 {
	if t.caps&capabilityWide == 0 {
		return uint64(t.space.Load32(regCounter))
	}
	for {
		high := t.space.Load32(regCounterHigh)
		low := t.space.Load32(regCounter)
		if t.space.Load32(regCounterHigh) == high {
			return uint64(high)<<32 | uint64(low)
		}
	}
}
