package clock

import "math"

// Counter is a counter that goes up. Reading it may take some microseconds.
type Counter interface {
	// Read returns its value, in its width. Context: goroutines, and boot.
	Read() uint64
}

// Source is a counter with its rate: a clock, or something to measure one by.
type Source struct {
	Name   string
	Hz     uint64
	Bits   int    // its width
	How    string // how the rate is known: "measured by hpet"
	Exact  bool   // the rate was told, not measured: Trim leaves it
	Steady bool   // the processor promises that it never changes its rate or stops

	// Place is where it is read, if it can be the clock. If not, Counter is set.
	Place   Place
	Counter Counter
}

func (s *Source) read() uint64 {
	if s.Counter != nil {
		return s.Counter.Read()
	}
	return s.Place.Read()
}

// canBeClock tells whether Nanotime can read it.
func (s *Source) canBeClock() bool { return s.Counter == nil }

// isTSC tells whether it is the processor's own counter.
func (s *Source) isTSC() bool { return s.canBeClock() && s.Place.kind == inTSC }

// sample is a counter and the clock at about the same time.
type sample struct {
	at    int64 // ns
	ticks uint64
	width int64 // ns between the readings of the clock before and after
}

// tries is of how many readings the best counts. The processor may be taken away
// in any of them.
const tries = 8

// standing is how many readings may be alike before a counter is taken to stand.
const standing = 1000

// sample returns the best of several readings; false if the counter stands still.
func (s *Source) sample(b *timebase) (best sample, alive bool) {
	best.width = math.MaxInt64
	first := s.read()
	for i := 0; i < tries || !alive && i < standing; i++ {
		before := b.now()
		ticks := s.read()
		after := b.now()
		if width := after - before; width < best.width {
			best = sample{before + width/2, ticks, width}
		}
		alive = alive || ticks != first
	}
	return best, alive
}

// Drift is how far a counter and the clock have come apart.
type Drift struct {
	OK    bool    // else it cannot be told: no time has passed, or too much
	Over  int64   // ns between the two looks
	PPM   float64 // millionths by which the counter is faster than the clock
	Error float64 // millionths by which that may be wrong
}

// farthest is what drift can be recognised of a counter that wraps, in millionths.
const farthest = 2000

// drift compares two samples. Of a narrow counter only the lower bits are known:
// the upper ones are those that make it agree with the clock best.
func (s *Source) drift(a, b sample) Drift {
	d := Drift{Over: b.at - a.at}
	if d.Over <= 0 || s.Hz == 0 {
		return d
	}
	expected := Ticks(uint64(d.Over), s.Hz)
	if expected == 0 {
		return d
	}
	off := int64(b.ticks - a.ticks - expected)
	if s.Bits < 64 {
		if expected/1_000_000*farthest >= 1<<(s.Bits-1) {
			return d
		}
		unused := 64 - s.Bits
		off = off << unused >> unused // the nearest of those with these lower bits
	}
	tick := 1e9 / float64(s.Hz)
	d.OK = true
	d.PPM = float64(off) / float64(expected) * 1e6
	d.Error = (float64(a.width+b.width)/2 + tick) / float64(d.Over) * 1e6
	return d
}
