package frame

import "vitrine/mm"

// AddRange says that r is RAM. The frames wholly inside r become free, except
// those that Reserve has named. What was added before stays as it is, so maps
// with overlapping entries do no harm; what is at or above top is left out.
//
// Context: before the runtime is up, too; does not allocate.
func (a *Allocator) AddRange(r mm.PhysRange) {
	first, n := r.Frames()
	flags := a.lock()
	for c := a.chunks(first, n); c.next(); {
		fresh := c.mask &^ a.ram[c.word]
		a.ram[c.word] |= fresh
		a.total += count(fresh)
		a.held += count(fresh & a.reserved[c.word])
		a.give(c.word, fresh&^a.reserved[c.word])
	}
	a.unlock(flags)
}

// Reserve takes every frame that r touches out for good: the kernel's image,
// the boot loader's data, ACPI tables. It may come before the AddRange that
// makes the frames RAM, or after it, and any number of times. A frame that is
// in use stays with its user, who can no longer free it.
//
// Context: before the runtime is up, too; does not allocate.
func (a *Allocator) Reserve(r mm.PhysRange) {
	if r.Size() == 0 {
		return
	}
	first := r.Start.Frame()
	flags := a.lock()
	a.drain() // what is free is in the pool
	for c := a.chunks(first, uint64((r.End-1).Frame()-first)+1); c.next(); {
		fresh := c.mask &^ a.reserved[c.word]
		a.reserved[c.word] |= fresh
		fresh &= a.ram[c.word]
		a.held += count(fresh)
		a.take(c.word, fresh&a.free.levels[0][c.word])
		inUse := fresh & a.inUse(c.word)
		a.lost += count(inUse)
		for inUse != 0 { // nobody can free them: they have no owners
			inUse &^= a.dropOwners(c.word, inUse)
		}
	}
	a.unlock(flags)
}

// chunks goes through a run of frames a word of the bitmaps at a time.
type chunks struct {
	word, mask uint64 // the present word's index, and the run's bits in it
	at, end    uint64
}

// chunks starts an iteration over the frames [first, first+n) below top.
func (a *Allocator) chunks(first mm.Frame, n uint64) chunks {
	if first >= a.top {
		return chunks{}
	}
	return chunks{at: uint64(first), end: uint64(first) + min(n, uint64(a.top-first))}
}

// next goes to the next word; false: there is none.
func (c *chunks) next() bool {
	if c.at >= c.end {
		return false
	}
	c.word = c.at / 64
	stop := min(c.end, c.word*64+64)
	c.mask = ^uint64(0) >> (64 - (stop - c.at)) << (c.at % 64)
	c.at = stop
	return true
}
