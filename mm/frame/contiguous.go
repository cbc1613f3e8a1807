package frame

import (
	"math/bits"

	"vitrine/mm"
)

// AllocContiguous hands out n frames in a row, not zeroed. The first one's
// number is a multiple of align, a power of two (0 is as good as 1). If limit
// is not 0 they end at or below it. They are taken as low as possible above
// low memory or, if there is no such run, below.
//
// Errors:  ErrNoMemory, ErrAlign, ErrSize.
// Context: any, interrupts on or off; does not allocate. It may look at the
// whole bitmap, with the lock held.
func (a *Allocator) AllocContiguous(n, align uint64, limit mm.PhysAddr) (mm.Frame, error) {
	align = max(align, 1)
	if align&(align-1) != 0 {
		return 0, ErrAlign
	}
	if n == 0 {
		return 0, ErrSize
	}
	end := a.top
	if limit != 0 {
		end = min(end, limit.Frame())
	}
	flags := a.lock()
	f, ok := a.lowestRun(end, n, align)
	if !ok && a.drain() { // what is missing may be in a cache
		f, ok = a.lowestRun(end, n, align)
	}
	if !ok {
		a.unlock(flags)
		return 0, ErrNoMemory
	}
	for c := a.chunks(f, n); c.next(); {
		a.hand(c.word, c.mask)
	}
	a.unlock(flags)
	return f, nil
}

// lowestRun returns the run that AllocContiguous is to hand out.
func (a *Allocator) lowestRun(end mm.Frame, n, align uint64) (f mm.Frame, ok bool) {
	if f, ok = a.findRun(lowFrames, end, n, align); !ok {
		// A run that begins in low memory may reach over its end.
		f, ok = a.findRun(0, end, n, align)
	}
	return f, ok
}

// findRun returns the lowest aligned f for which [f, f+n) is free and lies in
// [from, end).
//
// It looks at a candidate from its end, as Boyer and Moore search text: the
// last frame in the way tells how far the next candidate is, which is up to n
// frames on. No word is looked at twice, and many not at all.
func (a *Allocator) findRun(from, end mm.Frame, n, align uint64) (mm.Frame, bool) {
	for {
		f, ok := a.free.next(from)
		if !ok {
			return 0, false
		}
		f = (f + mm.Frame(align-1)) &^ mm.Frame(align-1)
		if f >= end || uint64(end-f) < n {
			return 0, false
		}
		last, found := a.lastTaken(f, n)
		if !found {
			return f, true
		}
		from = last + 1
	}
}

// lastTaken returns the last of the frames [f, f+n) that is not free.
func (a *Allocator) lastTaken(f mm.Frame, n uint64) (last mm.Frame, found bool) {
	words := a.free.levels[0]
	at, end := uint64(f), uint64(f)+n
	for end > at {
		w := (end - 1) / 64
		start := max(at, w*64)
		mask := ^uint64(0) >> (64 - (end - start)) << (start % 64)
		if taken := ^words[w] & mask; taken != 0 {
			return mm.Frame(w*64 + 63 - uint64(bits.LeadingZeros64(taken))), true
		}
		end = start
	}
	return 0, false
}

// AllocRun hands out frames in a row, not zeroed: the lowest free one, above
// low memory if there is one, and those behind it, n at most but perhaps fewer.
// So one look at the bitmap gives what otherwise takes up to n.
//
// Errors:  ErrNoMemory, ErrSize.
// Context: any, interrupts on or off; does not allocate.
func (a *Allocator) AllocRun(n uint64) (first mm.Frame, got uint64, err error) {
	if n == 0 {
		return 0, 0, ErrSize
	}
	flags := a.lock()
	first, ok := a.search()
	if !ok {
		first, ok = a.searchCaches()
	}
	if !ok {
		a.unlock(flags)
		return 0, 0, ErrNoMemory
	}
	got = a.freeRun(first, n)
	for c := a.chunks(first, got); c.next(); {
		a.hand(c.word, c.mask)
	}
	a.unlock(flags)
	return first, got, nil
}

// freeRun returns how many frames in a row are free from f on, n at most.
func (a *Allocator) freeRun(f mm.Frame, n uint64) (run uint64) {
	for c := a.chunks(f, n); c.next(); {
		taken := ^a.free.levels[0][c.word] & c.mask
		if taken != 0 {
			return run + count(c.mask&(taken&-taken-1))
		}
		run += count(c.mask)
	}
	return run
}

// FreeContiguous takes back n frames in a row. They may be part of a run that
// was handed out together, or of several. A frame with several owners loses one.
//
// Errors:  ErrDoubleFree, ErrNotManaged, ErrSize; nothing has changed then.
// Context: any, interrupts on or off; does not allocate.
func (a *Allocator) FreeContiguous(f mm.Frame, n uint64) error {
	if n == 0 {
		return ErrSize
	}
	flags := a.lock()
	if f >= a.top || uint64(a.top-f) < n {
		a.unlock(flags)
		return ErrNotManaged
	}
	for c := a.chunks(f, n); c.next(); {
		if missing := c.mask &^ a.inUse(c.word); missing != 0 {
			err := a.whyNotUsed(mm.Frame(c.word*64 + uint64(bits.TrailingZeros64(missing))))
			a.unlock(flags)
			return err
		}
	}
	for c := a.chunks(f, n); c.next(); {
		a.give(c.word, a.dropOwners(c.word, c.mask))
	}
	a.unlock(flags)
	return nil
}
