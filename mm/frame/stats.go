package frame

import (
	"math/bits"

	"vitrine/mm"
)

// Stats counts frames of 4 KiB. Total = Free + Used + Reserved.
type Stats struct {
	Total    uint64 // RAM
	Free     uint64
	Cached   uint64 // of Free, what processors keep in their caches
	Used     uint64 // handed out
	Reserved uint64 // RAM that nobody gets
	LowFree  uint64 // of Free, what is below LowEnd
	Peak     uint64 // the largest Used so far; what was in caches counts, too
	Allocs   uint64 // frames handed out since Init
	Frees    uint64 // frames taken back since Init
	Shared   uint64 // owners of frames in use, beyond one each
}

// Stats returns the present counts.
//
// Context: any; does not allocate.
func (a *Allocator) Stats() Stats {
	flags := a.lock()
	stopped := a.stop()
	cached, allocs, shares := a.cached()
	allocs += a.allocs
	free := a.pooled + cached
	s := Stats{
		Total: a.total, Free: free, Cached: cached, Used: a.total - a.held - free, Reserved: a.held,
		Peak: a.peak, Allocs: allocs, Shared: shares + uint64(a.shares),
	}
	s.Frees = allocs - s.Used - a.lost
	a.resume(stopped)
	for c := a.chunks(0, uint64(lowFrames)); c.next(); {
		s.LowFree += count(a.free.levels[0][c.word])
	}
	a.unlock(flags)
	return s
}

// State says what is known about a frame.
type State uint8

// The states of a frame.
const (
	NotRAM   State = iota // a hole, a device, or beyond the end of memory
	Reserved              // RAM that nobody gets
	Used                  // handed out
	Free
)

// String returns the state in a word or two.
func (s State) String() string {
	switch s {
	case NotRAM:
		return "not RAM"
	case Reserved:
		return "reserved"
	case Used:
		return "used"
	case Free:
		return "free"
	}
	return "unknown"
}

// State returns the state of f.
//
// Context: any; does not allocate.
func (a *Allocator) State(f mm.Frame) State {
	flags := a.lock()
	s := a.state(f)
	a.unlock(flags)
	return s
}

func (a *Allocator) state(f mm.Frame) State {
	w, bit := uint64(f)/64, uint64(1)<<(f%64)
	switch {
	case f >= a.top || a.ram[w]&bit == 0:
		return NotRAM
	case a.reserved[w]&bit != 0:
		return Reserved
	case a.Owners(f) != 0:
		return Used
	}
	return Free
}

// Top returns the number of the first frame that the allocator does not know.
func (a *Allocator) Top() mm.Frame { return a.top }

// LargestRun returns the longest run of free frames, the first such if there
// are several: what AllocContiguous could serve at most. It empties all caches.
//
// Context: any; does not allocate. It looks at the whole bitmap, with the lock
// held: 2 KiB of it for 64 MiB of RAM.
func (a *Allocator) LargestRun() (first mm.Frame, n uint64) {
	flags := a.lock()
	a.drain()
	run := uint64(0) // free frames just before the present place
	for w, word := range a.free.levels[0] {
		for at := 0; at < 64; {
			rest := word >> at // zeros come in from the left
			if rest&1 == 0 {
				run = 0
				at += bits.TrailingZeros64(rest)
				continue
			}
			ones := bits.TrailingZeros64(^rest)
			at += ones
			run += uint64(ones)
			if run > n {
				first, n = mm.Frame(uint64(w*64+at)-run), run
			}
		}
	}
	a.unlock(flags)
	return first, n
}
