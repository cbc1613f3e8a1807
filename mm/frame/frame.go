// Package frame hands out physical memory, 4 KiB at a time.
//
// Which frames are free is kept as a tree of bitmaps. In the lowest level each
// bit is a frame: 1 is free. In every level above, a bit says that the word
// below it is not zero, that is, that somewhere under it a frame is free:
//
//	level 2                    [ ..0011 ]               a bit: 16 MiB
//	                      .--------'' '-------.
//	level 1         [ 000..1 ]            [ 10..00 ]    a bit: 256 KiB
//	              .--------'       .---------'
//	level 0   [ 0110..0 ]  ... [ 1111..1 ]              a bit: a frame, 4 KiB
//
// The processor finds the lowest set bit of a word in one instruction (TZCNT
// or BSF; math/bits.TrailingZeros64), so the way to a free frame is one word a
// level: four for 64 GiB. docs/decisions/0003-frame-allocator.md has the
// designs that lost.
//
// Two more bitmaps, ram and reserved, tell why a frame is not free: it holds
// something that nobody may have, or it is not RAM at all. And of each frame the
// number of owners is known (share.go), 0 if it is free. So a frame that is
// freed twice or was never handed out is an error instead of a riddle three
// subsystems later.
//
// In front of the tree each processor has a few free frames of its own
// (cache.go), so that most requests end there, without a lock that others want.
//
// Low memory, below 16 MiB, is what old devices can reach by DMA and what
// other processors start in. Single frames are taken from there only when
// nothing else is left.
//
// Read tree.next first, then Allocator.allocFromPool, then Allocator.Alloc. In
// GDB: break frame.(*Allocator).Alloc.
//
// Locking: through Allocator.Locker, around each operation that a cache cannot
// serve, and behind it the caches' own locks; these are the innermost locks of
// the memory packages. Allocation: none, at any time: it
// works before the Go runtime is up, under the Go heap, and in fault handlers.
package frame

import (
	"math/bits"

	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// LowEnd is the end of low memory: 16 MiB, as far as the 24 address lines of
// the ISA bus reach.
const LowEnd mm.PhysAddr = 16 << 20

// The first frame above low memory, and the word of the lowest level that has it.
const (
	lowFrames = mm.Frame(LowEnd >> mm.PageShift)
	lowWords  = uint64(lowFrames / 64)
)

// Errors.
const (
	ErrNoMemory            = mm.ErrNoMemory
	ErrAlign               = mm.ErrAlign
	ErrDoubleFree mm.Error = "frame is free already"
	ErrNotManaged mm.Error = "frame was never handed out: it is reserved, or not RAM"
	ErrSize       mm.Error = "a run of no frames"
)

// Allocator owns the frames [0, top). It must be set up with Init.
//
// Frame 0 is always reserved: it has the real-mode interrupt vectors and the
// BIOS's data, and so no frame that is handed out has the address 0.
type Allocator struct {
	// Locker keeps other CPUs and interrupt handlers out; nil: there are none.
	Locker mm.Locker

	caches []Cache // in front of the pool; empty until StartCaches

	top      mm.Frame
	free     tree     // the pool: free frames that are in no cache
	ram      []uint64 // bit f: frame f is RAM
	reserved []uint64 // bit f: frame f is taken out for good
	owners   []uint32 // how many frame f has; 0: it is not in use (share.go)

	// hint is the first word of the lowest level, above low memory, that may
	// have a free frame: those before it have none.
	hint uint64

	total, held uint64 // frames that are RAM; that are RAM and reserved
	pooled      uint64 // frames in the pool
	peak        uint64 // frames not in the pool and not reserved, at most
	allocs      uint64 // frames ever handed out by the pool
	lost        uint64 // frames reserved while they were handed out
	shares      int64  // owners added beyond frames' first ones, not by way of a cache
}

// StorageWords returns how many words Init needs for the frames [0, top):
// about 35 bits a frame, 1.1 MiB for a GiB.
func StorageWords(top mm.Frame) int {
	return treeWords(top) + (2+32)*wordsFor(uint64(top))
}

// Init makes a an allocator of the frames [0, top), none of which is RAM yet.
// It keeps storage, which must have StorageWords(top) words and need not be
// zero. A shorter one is a bug and panics. There are no caches yet.
//
// Context: before the runtime is up, too. Not locked.
func (a *Allocator) Init(storage []uint64, top mm.Frame) {
	n := wordsFor(uint64(top))
	clear(storage[:StorageWords(top)])
	locker := a.Locker
	*a = Allocator{Locker: locker, top: top, hint: lowWords}
	a.ram, storage = storage[:n], storage[n:]
	a.reserved, storage = storage[:n], storage[n:]
	a.owners, storage = mm.Halves(storage[:32*n]), storage[32*n:]
	a.free.init(storage, top)
	a.Reserve(mm.PhysRange{Start: 0, End: mm.PageSize})
}

// Alloc hands out one frame, which is not zeroed: the one that this processor
// has freed last, or else the lowest free one above low memory or, if none is
// free there, the lowest.
//
// Errors:  ErrNoMemory.
// Context: any, interrupts on or off; does not allocate. It is nosplit, as is
// Free, to be short: about 60 instructions with a frame in the cache.
//
//go:nosplit
func (a *Allocator) Alloc() (mm.Frame, error) {
	n, flags := cpu.Pin()
	if c := a.cache(n); c != nil {
		if f := a.pop(c); f != 0 {
			c.leave()
			cpu.Unpin(flags)
			return f, nil
		}
		c.leave()
	}
	cpu.Unpin(flags)
	return a.allocFromPool()
}

// allocFromPool is Alloc when this processor's cache is empty. It fills it on
// the way, unless there is so little that it had to be fetched from the caches.
func (a *Allocator) allocFromPool() (f mm.Frame, err error) {
	flags := a.lock()
	f, ok := a.search()
	if ok {
		a.hand(uint64(f)/64, 1<<(f%64))
		a.refill()
	} else if f, ok = a.searchCaches(); ok {
		a.hand(uint64(f)/64, 1<<(f%64))
	} else {
		err = ErrNoMemory
	}
	a.unlock(flags)
	return f, err
}

// searchCaches is search when the pool is empty.
func (a *Allocator) searchCaches() (f mm.Frame, ok bool) {
	if !a.drain() {
		return 0, false
	}
	return a.search()
}

// search returns the frame that the pool is to hand out next, and moves the
// hint.
func (a *Allocator) search() (f mm.Frame, ok bool) {
	words := a.free.levels[0]
	if w := a.hint; w < uint64(len(words)) && words[w] != 0 {
		return mm.Frame(w*64 + uint64(bits.TrailingZeros64(words[w]))), true
	}
	if f, ok = a.free.next(mm.Frame(a.hint * 64)); ok {
		a.hint = uint64(f) / 64
		return f, true
	}
	a.hint = uint64(len(words))
	return a.free.next(0)
}

// take takes the frames of mask, bits of word w, out of the pool, where they
// are.
func (a *Allocator) take(w, mask uint64) {
	a.free.remove(w, mask)
	a.pooled -= count(mask)
	a.peak = max(a.peak, a.total-a.held-a.pooled)
}

// hand takes frames out of the pool and hands them out.
func (a *Allocator) hand(w, mask uint64) {
	a.take(w, mask)
	a.allocs += count(mask)
	a.addOwners(w, mask)
}

// give puts frames into the pool, where they are not.
func (a *Allocator) give(w, mask uint64) {
	a.free.add(w, mask)
	a.pooled += count(mask)
	if w < a.hint && w >= lowWords {
		a.hint = w
	}
}

// Free takes back a frame that Alloc or AllocContiguous handed out or, if it
// has several owners (Share), takes one of them away.
//
// Errors:  ErrDoubleFree, ErrNotManaged; nothing has changed then.
// Context: any, interrupts on or off; does not allocate.
//
//go:nosplit
func (a *Allocator) Free(f mm.Frame) error {
	n, flags := cpu.Pin()
	if c := a.cache(n); c != nil {
		if a.push(c, f) {
			c.leave()
			cpu.Unpin(flags)
			return nil
		}
		c.leave()
	}
	cpu.Unpin(flags)
	return a.freeToPool(f)
}

// freeToPool is Free when this processor's cache is full, or f is none that it
// takes. It makes room in the cache on the way.
func (a *Allocator) freeToPool(f mm.Frame) (err error) {
	flags := a.lock()
	switch a.dropOwner(f) {
	case 0:
		err = a.whyNotUsed(f)
	case 1:
		a.give(uint64(f)/64, 1<<(f%64))
		a.spill()
	}
	a.unlock(flags)
	return err
}

// whyNotUsed returns the error for who frees a frame that is not in use.
func (a *Allocator) whyNotUsed(f mm.Frame) error {
	if a.state(f) == Free {
		return ErrDoubleFree
	}
	return ErrNotManaged
}

func (a *Allocator) lock() uint64 {
	if a.Locker == nil {
		return 0
	}
	return a.Locker.Lock()
}

func (a *Allocator) unlock(flags uint64) {
	if a.Locker != nil {
		a.Locker.Unlock(flags)
	}
}

// count returns the number of set bits, as Stats counts frames.
func count(word uint64) uint64 { return uint64(bits.OnesCount64(word)) }
