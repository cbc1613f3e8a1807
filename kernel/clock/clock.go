// Package clock turns the processor's time-stamp counter into nanoseconds.
//
// The TSC counts at a constant rate from reset on, but nobody says at which
// one. The 8254 timer counts at 1.193182 MHz on every PC since 1981. So at
// boot the kernel lets the timer run for some milliseconds, looks how far the
// TSC came meanwhile (Start), and from then on multiplies:
//
//	ns = (TSC - TSC at entry) * multiplier / 2^32
//
// Read Nanotime: the Go runtime calls it for every timer, time.Now and
// scheduling decision.
//
// Context: any. Nothing here allocates. The state is written before the
// runtime is up, and only read after.
package clock

import (
	"math/bits"

	"vitrine/kernel/cpu"
)

var (
	origin     uint64           // TSC at the kernel's entry
	multiplier uint64 = 1 << 32 // ns a tick, 32.32 fixed point
	hz         uint64           // TSC ticks a second; 0 until known
	offset     int64            // added to every reading; see SetOffset
)

// Multiplier returns the 32.32 fixed-point number of nanoseconds in one tick
// of a counter of hz ticks a second. It is 1.0 for hz 0, and at most what 64
// bits hold (for less than 1 Hz that cannot happen).
func Multiplier(hz uint64) uint64 {
	if hz == 0 {
		return 1 << 32
	}
	// 1e9 * 2^32 / hz: the dividend has 62 bits.
	return (1_000_000_000 << 32) / hz
}

// Scale converts ticks with a multiplier, rounding down. The product has 128
// bits, so that it does not wrap for 584 years.
//
//go:nosplit
func Scale(ticks, multiplier uint64) uint64 {
	hi, lo := bits.Mul64(ticks, multiplier)
	return hi<<32 | lo>>32
}

// Start sets the clock's zero to the counter value at and its rate to hz.
func Start(at, frequency uint64) {
	origin, hz, multiplier = at, frequency, Multiplier(frequency)
}

// SetOffset adds ns to every later reading. The plain hook contract has one
// clock for both monotonic and wall time; a kernel that knows the date sets it
// here, before the first timer exists. With the derived toolchain it stays 0.
func SetOffset(ns int64) { offset = ns }

// Nanotime returns nanoseconds since the kernel's entry, plus one: the runtime
// takes 0 for "not set". It is the runtime's hook of that name.
//
// Context: any, interrupts on or off, any stack with 100 bytes left.
//
//go:nosplit
func Nanotime() int64 {
	return int64(Scale(cpu.TSC()-origin, multiplier)) + offset + 1
}

// Uptime returns nanoseconds since the kernel's entry, whatever SetOffset has
// added to the runtime's clock.
//
// Context: as Nanotime.
//
//go:nosplit
func Uptime() int64 { return int64(Scale(cpu.TSC()-origin, multiplier)) }

// Frequency returns the TSC's rate in Hz; 0 before Start.
func Frequency() uint64 { return hz }

// Origin returns the TSC's value at the kernel's entry.
func Origin() uint64 { return origin }

// Ticks converts ns to ticks of a counter of hz ticks a second; what does not
// fit becomes the largest number.
func Ticks(ns, hz uint64) uint64 {
	hi, lo := bits.Mul64(ns, hz)
	if hi >= 1_000_000_000 {
		return ^uint64(0)
	}
	q, _ := bits.Div64(hi, lo, 1_000_000_000)
	return q
}

// Delay spins for ns nanoseconds.
func Delay(ns int64) {
	for end := Nanotime() + ns; Nanotime() < end; {
		cpu.Pause()
	}
}
