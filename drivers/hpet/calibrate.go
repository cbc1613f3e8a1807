package hpet

import "math/bits"

// What a counter's rate can be.
const (
	minHz = 1_000_000
	maxHz = 20_000_000_000
)

// Calibrate measures the rate of another counter, such as the time-stamp
// counter, in Hz, over about us microseconds (10 to 100,000; others are taken for
// the nearest). Call Start before.
//
// A virtual machine can lose the processor at any instruction. So neither end of
// the measurement is "now": each is the best of several readings of both
// counters, the one that took least; and how much time lies between the ends
// does not matter, as both counters have run on.
//
// Errors:  ErrDead if this counter stands still, ErrRange if the rate is not
// between 1 MHz and 20 GHz.
// Context: interrupts off; does not allocate.
func (t *Timer) Calibrate(counter func() uint64, us int) (hz uint64, err error) {
	least := uint32(uint64(min(max(us, 10), 100_000)) * (femto / 1_000_000) / uint64(t.period))
	start := t.best(counter)
	for polls := 0; t.read(counter).ticks-start.ticks < least; polls++ {
		if polls == maxPolls*100 {
			return 0, ErrDead
		}
	}
	end := t.best(counter)
	// The other counter's ticks, divided by the time in seconds.
	hi, lo := bits.Mul64(end.at-start.at, femto)
	took := uint64(end.ticks-start.ticks) * uint64(t.period)
	if hi >= took {
		return 0, ErrRange
	}
	hz, _ = bits.Div64(hi, lo, took)
	if hz < minHz || hz > maxHz {
		return 0, ErrRange
	}
	return hz, nil
}

// reading is both counters at one moment.
type reading struct {
	ticks uint32 // of this one; 32 bits last for more than 40 seconds
	at    uint64 // of the other one, halfway between before and after
	width uint64 // how far that one got meanwhile: the uncertainty
}

func (t *Timer) read(counter func() uint64) reading {
	before := counter()
	ticks := t.space.Load32(regCounter)
	after := counter()
	return reading{ticks, before + (after-before)/2, after - before}
}

// tries is of how many readings the best counts.
const tries = 8

func (t *Timer) best(counter func() uint64) reading {
	r := t.read(counter)
	for range tries - 1 {
		if next := t.read(counter); next.width < r.width {
			r = next
		}
	}
	return r
}
