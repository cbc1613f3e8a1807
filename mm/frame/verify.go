package frame

import "vitrine/mm"

// What Verify may find: a bug in this package, or a stray write to its bitmaps.
const (
	ErrStray  mm.Error = "a frame counts as free that is reserved, or not RAM"
	ErrTree   mm.Error = "the tree of free frames contradicts its lowest level"
	ErrCounts mm.Error = "the counts of frames contradict the bitmaps"
	ErrOwned  mm.Error = "a frame that is not in use has owners"
	ErrHint   mm.Error = "a frame is free below the place where the search begins"
)

// Verify looks whether the allocator's own records agree with each other:
// bitmaps, tree, counts and hint.
//
// Errors:  ErrStray, ErrTree, ErrCounts, ErrOwned, ErrHint.
// Context: any; does not allocate. It looks at all bitmaps, with the lock held.
func (a *Allocator) Verify() error {
	flags := a.lock()
	err := a.verify()
	a.unlock(flags)
	return err
}

func (a *Allocator) verify() error {
	var total, held, free, shares uint64
	for w, word := range a.free.levels[0] {
		total += count(a.ram[w])
		held += count(a.ram[w] & a.reserved[w])
		free += count(word)
		if word&^(a.ram[w]&^a.reserved[w]) != 0 {
			return ErrStray
		}
		if at := uint64(w); word != 0 && at >= lowWords && at < a.hint {
			return ErrHint
		}
	}
	for f, word := range a.owners {
		for i := mm.Frame(0); word != 0 && i < 4; i++ {
			more := word >> (i * 16) & (MaxOwners - 1)
			if shares += more; more > 0 && a.state(mm.Frame(f)*4+i) != Used {
				return ErrOwned
			}
		}
	}
	if shares != a.shares || total != a.total || held != a.held || free != total-held-a.used {
		return ErrCounts
	}
	if !a.free.consistent() {
		return ErrTree
	}
	return nil
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
