package clock

import (
	"sync/atomic"

	"vitrine/kernel/cpu"
)

// timebase is a clock: two states, of which one is in use.
type timebase struct {
	states     [2]state
	generation uint32 // its lowest bit says which one
	longest    int64  // see LongestSleep
	hz         uint64 // of the TSC, whether that is the clock or not; 0 until known
}

// state is what a reading of the clock is calculated from.
type state struct {
	place      Place  // of the counter
	origin     uint64 // what it was at base
	base       int64  // ns since the kernel's entry
	multiplier uint64 // ns a tick, 32.32 fixed point
	extended   uint64 // a narrow counter's last reading, with the upper bits that it lacks
}

// now returns nanoseconds since the kernel's entry.
//
//go:nosplit
func (b *timebase) now() int64 {
	for {
		g := atomic.LoadUint32(&b.generation)
		s := &b.states[g&1]
		now := s.at(s.ticks())
		if atomic.LoadUint32(&b.generation) == g {
			return now
		}
	}
}

// at returns the time when the counter is at ticks. On a processor whose TSC is a
// little behind that can be before the origin: no time has passed yet.
//
//go:nosplit
func (s *state) at(ticks uint64) int64 {
	passed := ticks - s.origin
	if int64(passed) < 0 {
		passed = 0
	}
	return s.base + int64(Scale(passed, s.multiplier))
}

// ticks reads the counter, and gives a narrow one the upper bits that it lacks:
// they count up when the lower ones have become less. A reading that is less than
// another processor's by only a little is late, not a new round.
//
//go:nosplit
func (s *state) ticks() uint64 {
	raw := s.place.Read()
	if s.place.bits == 0 || s.place.bits == 64 {
		return raw
	}
	mask := uint64(1)<<s.place.bits - 1
	for {
		old := atomic.LoadUint64(&s.extended)
		step := (raw - old) & mask
		if step > mask/2 {
			return old
		}
		if atomic.CompareAndSwapUint64(&s.extended, old, old+step) {
			return old + step
		}
	}
}

// change makes s what readings are calculated from, and longest what LongestSleep
// returns.
//
// Context: one caller at a time.
func (b *timebase) change(s state, longest int64) {
	g := b.generation
	b.states[(g+1)&1] = s
	atomic.StoreInt64(&b.longest, longest)
	atomic.StoreUint32(&b.generation, g+1)
}

// setRate corrects the TSC's rate. If the TSC is the clock, it goes on from where
// it is.
//
// Context: one caller at a time.
func (b *timebase) setRate(hz uint64) {
	atomic.StoreUint64(&b.hz, hz)
	s := &b.states[b.generation&1]
	if s.place != TSC() {
		return
	}
	at := cpu.OrderedTSC()
	b.change(state{origin: at, base: s.at(at), multiplier: Multiplier(hz)}, never)
}

// use makes the counter at p, of hz ticks a second, the clock. The time does not
// go back on the way, but may jump ahead by as long as this takes.
//
// Context: one caller at a time.
func (b *timebase) use(p Place, hz uint64) {
	origin := p.Read()
	s := state{place: p, origin: origin, extended: origin, multiplier: Multiplier(hz)}
	longest := int64(never)
	if p.Bits() < 64 {
		// So often it has to be read that no round is missed.
		longest = int64(Scale(1<<(p.bits-1), s.multiplier)) / 4 * 3
	}
	s.base = b.now()
	b.change(s, longest)
}
