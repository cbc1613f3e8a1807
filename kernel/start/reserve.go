//go:build tamago && derived

package start

import (
	"sync/atomic"

	"vitrine/kernel/log"
	"vitrine/mm"
)

// When the allocator has no frame left, whoever asks it for one gets an error,
// and can pass that on. The Go heap cannot: a kernel whose heap does not grow
// when it must is dead. So the heap has some large pages of its own, as many as
// it grows by at once, for the time until somebody gives memory back. They are
// filled up again as soon as there is memory for that.
//
// The heap grows by an arena, 4 MiB that begin at a multiple of 4 MiB. What it
// skips to get there it takes, too: that becomes memory of the runtime's own. And
// there are page tables, and the runtime's other wishes. So that is 10 MiB; a
// machine that has little itself gets along with less.
const (
	reservePages = 5 // of 2 MiB
	largeFrames  = mm.LargePageSize / mm.PageSize

	// reserveShare is how many free frames there are to be for each: 8 MiB.
	reserveShare = 8 << 20 >> mm.PageShift
)

// reserve is the first frames of the large pages that are there; 0: lent to the
// heap. Who takes one, or puts one there, exchanges the word.
var reserve [reservePages]atomic.Uint64

// reserved is how many there should be.
var reserved atomic.Uint32

// KeepReserve sets the reserve aside, and from then on keeps it.
//
// Context: goroutines, when the kernel has all it needs to start.
func KeepReserve() {
	reserved.Store(uint32(max(1, min(reservePages, Frames.Stats().Free/reserveShare))))
	fillReserve()
}

// fillReserve fills the reserve up, as far as there is memory.
//
// Context: any but a handler; allocates frames only.
func fillReserve() {
	for i := range reserve[:reserved.Load()%(reservePages+1)] {
		if reserve[i].Load() != 0 {
			continue
		}
		f, err := Frames.AllocContiguous(largeFrames, largeFrames, 0)
		if err != nil {
			return
		}
		if !reserve[i].CompareAndSwap(0, uint64(f)) {
			_ = Frames.FreeContiguous(f, largeFrames) // somebody was faster
		}
	}
}

// lend returns up to want frames in a row out of the reserve, aligned as a large
// page is; what is left of that goes to the allocator: all of it, if want is 0.
//
// Context: as fillReserve.
func lend(want uint64) (first mm.Frame, n uint64, ok bool) {
	for i := range reserve {
		f := mm.Frame(reserve[i].Swap(0))
		if f == 0 {
			continue
		}
		log.Write(log.Warn, "memory", "there is none left; the heap takes of its reserve")
		n = min(want, largeFrames)
		if n < largeFrames {
			_ = Frames.FreeContiguous(f+mm.Frame(n), largeFrames-n) // for tables, and what is wanted next
		}
		return f, n, true
	}
	return 0, 0, false
}

// Reserve returns how many bytes are set aside for a heap that must grow when
// there is no memory.
//
// Context: any.
func Reserve() (bytes uint64) {
	for i := range reserve {
		if reserve[i].Load() != 0 {
			bytes += mm.LargePageSize
		}
	}
	return bytes
}
