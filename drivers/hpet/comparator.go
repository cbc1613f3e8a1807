package hpet

import "math/bits"

// Comparator is one of the timer's comparators, as a one-shot timer.
//
// Its configuration and capabilities (HPET Specification, "Timer N Configuration
// and Capabilities Register"):
//
//	 63             32 31   15 14  13        9 8    7 6 5 4 3      2       1       0
//	| lines it can use |  ...    | line in use | 32 | ...   | periodic | enable | level | 0 |
type Comparator struct {
	t     *Timer
	at    uint64 // of its registers
	scale uint64 // ticks a nanosecond, 32.32 fixed point
}

const (
	comparatorFirst  uint64 = 0x100
	comparatorStride uint64 = 0x20
	comparatorLines  uint64 = 0x04 // the upper half of the configuration
	comparatorValue  uint64 = 0x08

	comparatorLevel  uint32 = 1 << 1
	comparatorOn     uint32 = 1 << 2
	comparatorRepeat uint32 = 1 << 3
	comparatorNarrow uint32 = 1 << 8 // compare 32 bits of a counter of 64
	comparatorLine   uint32 = 0x1f << 9
	comparatorFSB    uint32 = 1 << 14
)

// Comparator returns comparator n. It touches no hardware.
//
// Errors: ErrAbsent.
func (t *Timer) Comparator(n int) (Comparator, error) {
	if n < 0 || n >= t.Comparators() {
		return Comparator{}, ErrAbsent
	}
	// femto / period / 1e9, with 32 binary digits behind the point.
	scale := (1_000_000 << 32) / uint64(t.period)
	return Comparator{t, comparatorFirst + uint64(n)*comparatorStride, scale}, nil
}

// Lines returns which global system interrupts the comparator can use, a bit
// each.
func (c *Comparator) Lines() uint32 { return c.t.space.Load32(c.at + comparatorLines) }

// Start connects the comparator to a line, edge triggered, and disarms it.
//
// Errors:  ErrRoute.
// Context: interrupts off; does not allocate.
func (c *Comparator) Start(gsi uint32) error {
	if gsi > 31 || c.Lines()>>gsi&1 == 0 {
		return ErrRoute
	}
	config := c.t.space.Load32(c.at) &^ (comparatorLine | comparatorLevel | comparatorRepeat | comparatorOn | comparatorFSB)
	c.t.space.Store32(c.at, config|gsi<<9|comparatorNarrow)
	return nil
}

// margin is how many ticks ahead the comparator is set at least. One that the
// counter has passed while it was being set would interrupt when the counter has
// come round.
const margin = 64

// Arm makes the comparator interrupt once, in ns nanoseconds, or earlier if that
// is more than half of what 32 bits can count (20 seconds or more). It replaces
// what was ordered before.
//
// Context: interrupts off; a handler, too; does not allocate. A few microseconds.
func (c *Comparator) Arm(ns int64) {
	hi, lo := bits.Mul64(uint64(max(ns, 0)), c.scale)
	ticks := uint32(1 << 31)
	if hi < 1<<31 {
		ticks = uint32(min(max(hi<<32|lo>>32+1, margin), 1<<31))
	}
	config := c.t.space.Load32(c.at)
	for {
		now := c.t.space.Load32(regCounter)
		c.t.space.Store32(c.at+comparatorValue, now+ticks)
		c.t.space.Store32(c.at, config|comparatorOn)
		if c.t.space.Load32(regCounter)-now < ticks || ticks >= 1<<30 {
			return // set in time
		}
		ticks *= 2
	}
}

// Stop makes the comparator interrupt no more; one interrupt that is on its way
// can still come.
//
// Context: as Arm.
func (c *Comparator) Stop() {
	c.t.space.Store32(c.at, c.t.space.Load32(c.at)&^comparatorOn)
}
