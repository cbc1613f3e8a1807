package frame

import (
	"math/bits"
	"sync/atomic"

	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// A frame in use has an owner. One that several address spaces map has several:
// after a fork, or in shared memory. Their number is kept in an array beside the
// bitmaps; 0 says that the frame is not in use. Alloc makes it 1; Share adds one;
// Free takes one away, and the Free of the last one frees the frame.
//
// A number is changed atomically, and by someone who holds Locker or the lock of
// a cache: then the counts of the allocator change with it.

// MaxOwners is the largest number of owners of a frame.
const MaxOwners = 1<<16 - 1

// ErrOwners says that a frame has as many owners as can be counted.
const ErrOwners mm.Error = "the frame has too many owners"

// ErrFree says that a frame is not in use.
const ErrFree mm.Error = "frame is free, and so has no owner to share it"

// Share gives f, which is in use, one owner more: Free is to be called once
// more before the frame is free.
//
// Errors:  ErrFree, ErrNotManaged, ErrOwners; nothing has changed then.
// Context: any, interrupts on or off; does not allocate.
func (a *Allocator) Share(f mm.Frame) error {
	n, flags := cpu.Pin()
	c := a.cache(n)
	before := uint32(0)
	if c != nil {
		before = a.addOwner(f, &c.shares)
		c.leave()
	}
	cpu.Unpin(flags)
	if c == nil {
		flags = a.lock()
		before = a.addOwner(f, &a.shares)
		a.unlock(flags)
	}
	switch {
	case before == MaxOwners:
		return ErrOwners
	case before > 0:
		return nil
	case a.State(f) == Free:
		return ErrFree
	}
	return ErrNotManaged
}

// Owners returns the number of f's owners; 0 if it is not in use.
//
// Context: any; does not allocate.
func (a *Allocator) Owners(f mm.Frame) uint64 {
	if f < mm.Frame(len(a.owners)) {
		return uint64(atomic.LoadUint32(&a.owners[f]))
	}
	return 0
}

// addOwner gives f one owner more, unless it has none or MaxOwners, and counts
// it in shares. It returns how many there were before.
//
//go:nosplit
func (a *Allocator) addOwner(f mm.Frame, shares *int64) (before uint32) {
	for f < mm.Frame(len(a.owners)) {
		before = atomic.LoadUint32(&a.owners[f])
		if before == 0 || before == MaxOwners {
			return before
		}
		if atomic.CompareAndSwapUint32(&a.owners[f], before, before+1) {
			*shares++
			return before
		}
	}
	return 0
}

// dropOwner takes one owner of f away, and returns how many there were before;
// 0 if f is not in use.
//
// Context: Locker is held.
func (a *Allocator) dropOwner(f mm.Frame) (before uint32) {
	for f < mm.Frame(len(a.owners)) {
		before = atomic.LoadUint32(&a.owners[f])
		if before == 0 || atomic.CompareAndSwapUint32(&a.owners[f], before, before-1) {
			if before > 1 {
				a.shares--
			}
			return before
		}
	}
	return 0
}

// addOwners gives each of the frames of mask, bits of word w of the bitmaps,
// its first owner.
func (a *Allocator) addOwners(w, mask uint64) {
	for ; mask != 0; mask &= mask - 1 {
		atomic.StoreUint32(&a.owners[w*64+uint64(bits.TrailingZeros64(mask))], 1)
	}
}

// dropOwners takes one owner from each of the frames of mask, bits of word w,
// and returns those whose last one it was.
//
// Context: Locker is held.
func (a *Allocator) dropOwners(w, mask uint64) (last uint64) {
	for ; mask != 0; mask &= mask - 1 {
		if a.dropOwner(mm.Frame(w*64)+mm.Frame(bits.TrailingZeros64(mask))) == 1 {
			last |= mask & -mask
		}
	}
	return last
}

// inUse returns the frames of word w of the bitmaps that have owners.
func (a *Allocator) inUse(w uint64) (mask uint64) {
	for i := range a.owners[w*64 : w*64+64] {
		if atomic.LoadUint32(&a.owners[w*64+uint64(i)]) != 0 {
			mask |= 1 << i
		}
	}
	return mask
}
