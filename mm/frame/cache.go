package frame

import (
	"slices"
	"sync/atomic"

	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// Each processor has a cache of free frames, so that in most cases Alloc and
// Free touch nothing that another processor writes to:
//
//	     Alloc: the last one             Free: behind the last one
//	             ^                                 |
//	        [ f3 f9 f4 f7 ]  CPU 0    CPU 1  [ f2  v  ]
//	             ^                                 |
//	    empty: a batch, lowest first     full: the older half
//	             |                                 v
//	             the pool: the tree of bitmaps, under Allocator.Locker
//
// A frame in a cache is free: State says so, and to free it again is an error.
// Who finds the pool without what he looks for brings all caches home first
// (drain), so no request fails because of what a cache holds. Frames of low
// memory are in no cache: there are few, and some are waited for.
//
// A cache has a lock, which in most cases only its own processor takes, with
// interrupts off (cpu.Pin). An operation that has to see the allocator stand
// still, such as Stats, takes Locker and then the locks of all caches (stop).
// docs/decisions/0018-frame-caches.md has the designs that lost.

// CacheSize is how many frames a cache has room for.
const CacheSize = 61

// batch is how many frames go between a cache and the pool at once.
const batch = 32

// Cache is the free frames that one processor keeps: 512 bytes. The zero value
// is empty.
type Cache struct {
	lock   uint32
	n      uint32 // of frames
	allocs uint64 // frames handed out from here
	shares int64  // owners added here beyond frames' first ones, less those taken away
	frames [CacheSize]mm.Frame
}

// StartCaches gives the processors with the numbers 0 to len(caches)-1 a cache
// each, all of them empty. Others go on without.
//
// Context: while one processor is alone, before the runtime is up, too.
func (a *Allocator) StartCaches(caches []Cache) { a.caches = caches }

// cache returns the cache of processor n, locked until Cache.leave; nil, and
// nothing has happened, if it has none or somebody else has it now. The caller
// is on that processor (cpu.Pin).
//
//go:nosplit
func (a *Allocator) cache(n int) *Cache {
	if uint(n) < uint(len(a.caches)) {
		if c := &a.caches[n]; atomic.SwapUint32(&c.lock, 1) == 0 {
			return c
		}
	}
	return nil
}

// leave unlocks c.
//
//go:nosplit
func (c *Cache) leave() { atomic.StoreUint32(&c.lock, 0) }

// pop hands the last frame of c out; 0: there is none.
//
// Context: between cache and leave.
//
//go:nosplit
func (a *Allocator) pop(c *Cache) mm.Frame {
	last := c.n - 1
	if last >= CacheSize { // empty
		return 0
	}
	c.n = last
	c.allocs++
	f := c.frames[last]
	atomic.StoreUint32(&a.owners[f], 1)
	return f
}

// push takes f back into c. It returns false, and nothing has changed, if c is
// full, f has not one owner, or f is low memory.
//
// Context: as pop.
//
//go:nosplit
func (a *Allocator) push(c *Cache, f mm.Frame) bool {
	n := c.n
	if n >= CacheSize || f < lowFrames || f >= mm.Frame(len(a.owners)) || !atomic.CompareAndSwapUint32(&a.owners[f], 1, 0) {
		return false
	}
	c.frames[n] = f
	c.n = n + 1
	return true
}

// refill fills this processor's cache from the pool, the lowest frame last, as
// it goes first.
//
// Context: Locker is held.
func (a *Allocator) refill() {
	processor, flags := cpu.Pin()
	if c := a.cache(processor); c != nil {
		from := c.n
		for c.n < batch {
			f, ok := a.search()
			if !ok || f < lowFrames {
				break
			}
			a.take(uint64(f)/64, 1<<(f%64))
			c.frames[c.n] = f
			c.n++
		}
		slices.Reverse(c.frames[from:c.n])
		c.leave()
	}
	cpu.Unpin(flags)
}

// spill brings the oldest frames of this processor's cache home, if it is full.
//
// Context: Locker is held.
func (a *Allocator) spill() {
	processor, flags := cpu.Pin()
	if c := a.cache(processor); c != nil {
		if c.n == CacheSize {
			a.bring(c.frames[:batch])
			c.n = uint32(copy(c.frames[:], c.frames[batch:]))
		}
		c.leave()
	}
	cpu.Unpin(flags)
}

// drain brings the frames of all caches home and tells whether there were any.
//
// Context: Locker is held.
func (a *Allocator) drain() (any bool) {
	flags := a.stop()
	for i := range a.caches {
		c := &a.caches[i]
		any = any || c.n > 0
		a.bring(c.frames[:c.n])
		c.n = 0
	}
	a.resume(flags)
	return any
}

// bring puts frames into the pool.
func (a *Allocator) bring(frames []mm.Frame) {
	for _, f := range frames {
		a.give(uint64(f)/64, 1<<(f%64))
	}
}

// stop keeps all processors out: it takes the locks of all caches.
//
// Context: Locker is held.
func (a *Allocator) stop() (flags uint64) {
	_, flags = cpu.Pin()
	for i := range a.caches {
		for atomic.SwapUint32(&a.caches[i].lock, 1) != 0 {
			cpu.Pause() // its holder waits for nobody
		}
	}
	return flags
}

// resume ends what stop began.
func (a *Allocator) resume(flags uint64) {
	for i := range a.caches {
		atomic.StoreUint32(&a.caches[i].lock, 0)
	}
	cpu.Unpin(flags)
}

// cached returns how many frames are in caches, how many were handed out from
// there, and how many owners were added there.
//
// Context: between stop and resume.
func (a *Allocator) cached() (frames, allocs, shares uint64) {
	for i := range a.caches {
		c := &a.caches[i]
		frames += uint64(c.n)
		allocs += c.allocs
		shares += uint64(c.shares)
	}
	return frames, allocs, shares
}
