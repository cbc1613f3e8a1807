package frame

import (
	"math/bits"

	"vitrine/mm"
)

// What Verify may find: a bug in this package, or a stray write to its bitmaps.
const (
	ErrStray  mm.Error = "a frame counts as free that is reserved, or not RAM"
	ErrTree   mm.Error = "the tree of free frames contradicts its lowest level"
	ErrCounts mm.Error = "the counts of frames contradict the bitmaps"
	ErrOwned  mm.Error = "a frame that is free, reserved or not RAM has owners"
	ErrCaches mm.Error = "a processor's cache has a frame that is in use, or in the pool"
	ErrHint   mm.Error = "a frame is free below the place where the search begins"
)

// Verify looks whether the allocator's own records agree with each other:
// bitmaps, tree, caches, counts and hint. All processors wait meanwhile.
//
// Errors:  ErrStray, ErrTree, ErrCounts, ErrOwned, ErrCaches, ErrHint.
// Context: any; does not allocate. It looks at all bitmaps, with the lock held.
func (a *Allocator) Verify() error {
	flags := a.lock()
	stopped := a.stop()
	err := a.verify()
	a.resume(stopped)
	a.unlock(flags)
	return err
}

func (a *Allocator) verify() error {
	var total, held, pooled, used, shares uint64
	for w, word := range a.free.levels[0] {
		at := uint64(w)
		inUse := a.inUse(at)
		switch usable := a.ram[w] &^ a.reserved[w]; {
		case word&^usable != 0:
			return ErrStray
		case inUse&^usable != 0 || inUse&word != 0:
			return ErrOwned
		case word != 0 && at >= lowWords && at < a.hint:
			return ErrHint
		}
		total += count(a.ram[w])
		held += count(a.ram[w] & a.reserved[w])
		pooled += count(word)
		used += count(inUse)
		for ; inUse != 0; inUse &= inUse - 1 {
			shares += uint64(a.owners[w*64+bits.TrailingZeros64(inUse)]) - 1
		}
	}
	if !a.consistentCaches() {
		return ErrCaches
	}
	cached, _, cacheShares := a.cached()
	if shares != cacheShares+uint64(a.shares) || total != a.total || held != a.held || pooled != a.pooled ||
		total != held+pooled+cached+used {
		return ErrCounts
	}
	if !a.free.consistent() {
		return ErrTree
	}
	return nil
}

// consistentCaches tells whether what is in caches is free, and not in the
// pool. (A frame that is there twice makes the counts wrong.)
func (a *Allocator) consistentCaches() bool {
	for i := range a.caches {
		c := &a.caches[i]
		if c.n > CacheSize {
			return false
		}
		for _, f := range c.frames[:c.n] {
			if a.state(f) != Free || a.free.levels[0][f/64]>>(f%64)&1 != 0 {
				return false
			}
		}
	}
	return true
}

// consistent tells whether each bit says what is in the word below it.
func (t *tree) consistent() bool {
	for level := 1; level < t.depth; level++ {
		for w, word := range t.levels[level-1] {
			if marked := t.levels[level][w/64]>>(w%64)&1 != 0; marked != (word != 0) {
				return false
			}
		}
	}
	return true
}
