package clock

import (
	"sync/atomic"

	"vitrine/kernel/cpu"
)

// Warp finds out whether the TSCs of two processors agree: whether a program that
// is moved from one to the other could see the time go back. Both call Run at the
// same time; they take turns, and each expects its counter to be beyond what the
// other one saw last.
//
//	CPU 0: 100     103     107       125
//	CPU 1:     101     105     90        the TSC of CPU 1 is behind: Back is 17
type Warp struct {
	here uint32 // how many processors have come to Run
	gone uint32 // how many are through
	turn uint32 // held while one of them looks
	last uint64 // what the last one saw
	back uint64
}

// Run compares, rounds times, once both processors are here, and returns when
// both are through. It returns false if the other one makes this one wait for
// more than limit nanoseconds.
//
// Context: interrupts off; does not allocate. About 200 ns for each round.
func (w *Warp) Run(rounds int, limit int64) bool {
	if !meet(&w.here, limit) {
		return false
	}
	for range rounds {
		for atomic.SwapUint32(&w.turn, 1) != 0 {
			cpu.Pause()
		}
		now := cpu.OrderedTSC()
		if int64(now-w.last) < 0 && w.last != 0 {
			w.back = max(w.back, w.last-now)
		}
		w.last = now
		atomic.StoreUint32(&w.turn, 0)
	}
	return meet(&w.gone, limit)
}

// meet waits for the other one.
func meet(count *uint32, limit int64) bool {
	atomic.AddUint32(count, 1)
	for end := Uptime() + limit; atomic.LoadUint32(count) < 2; cpu.Pause() {
		if Uptime() > end {
			return false
		}
	}
	return true
}

// Back returns by how many ticks one TSC was behind the other; 0 if they agree.
// Context: any, when both processors have left Run.
func (w *Warp) Back() uint64 { return w.back }
