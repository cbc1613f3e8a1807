// Package clock tells the time since the kernel's entry, in nanoseconds.
//
// A clock is a counter that goes up, and a rate:
//
//	ns = base + (counter - origin) * multiplier / 2^32
//
// A PC has several counters. The time-stamp counter (TSC) is in the processor,
// takes ten nanoseconds to read, and nobody says how fast it is. The HPET and the
// ACPI timer are outside, take a microsecond, and their rates are known. So the
// kernel measures the TSC against one of the others at boot, and from then on
// reads the TSC:
//
//	at boot          start.startClock measures, and calls Start
//	from then on     Nanotime and Uptime, billions of times
//	when asked       Set.Compare: how far the counters have come apart
//	if need be       Set.Trim corrects the rate, Set.Use takes another counter
//
// Nothing here runs by itself: comparing needs two looks with time between, and
// the first one was at boot.
//
// Read Nanotime: the Go runtime calls it for every timer, time.Now and
// scheduling decision. Then timebase.go, set.go and choose.go. In GDB: break
// clock.(*timebase).change.
//
// Context: any, where nothing else is said. Locking: readers take no lock. What
// they calculate with is changed by writing the half that is not in use, then
// counting generation up; who has read while that happened reads again. Changes
// come from boot, and later from under Set's lock.
package clock

import (
	"math/bits"
	"sync/atomic"

	"vitrine/kernel/cpu"
)

// never is further away than anything that is waited for.
const never = 1 << 62

var (
	system = timebase{states: [2]state{{multiplier: 1 << 32}}, longest: never}
	first  uint64 // TSC at the kernel's entry
	offset int64  // added to every reading; see SetOffset
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

// Start makes the TSC the clock, with its zero at the counter value at.
//
// Context: before interrupts and other processors are on.
func Start(at, frequency uint64) {
	first, system.hz = at, frequency
	system.change(state{origin: at, multiplier: Multiplier(frequency)}, never)
}

// LongestSleep returns for how many nanoseconds at most all processors may sleep
// without anybody looking at the clock: for ever, but for a narrow counter.
func LongestSleep() int64 { return atomic.LoadInt64(&system.longest) }

// SetOffset adds ns to every later reading of Nanotime. The plain hook contract
// has one clock for both monotonic and wall time; a kernel that knows the date
// sets it here, before the first timer exists. With the derived toolchain it
// stays 0.
func SetOffset(ns int64) { offset = ns }

// Nanotime returns nanoseconds since the kernel's entry, plus one: the runtime
// takes 0 for "not set". It is the runtime's hook of that name.
//
// Context: any, interrupts on or off, any stack with 200 bytes left.
//
//go:nosplit
func Nanotime() int64 { return Uptime() + offset + 1 }

// Uptime returns nanoseconds since the kernel's entry, whatever SetOffset has
// added to the runtime's clock.
//
// Context: as Nanotime.
//
//go:nosplit
func Uptime() int64 { return system.now() }

// Frequency returns the TSC's rate in Hz; 0 before Start.
func Frequency() uint64 { return atomic.LoadUint64(&system.hz) }

// Origin returns the TSC's value at the kernel's entry.
func Origin() uint64 { return first }

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
