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
// Two more bitmaps, ram and reserved, tell why a frame is not free: it is in
// use, it holds something that nobody may have, or it is not RAM at all. With
// them, a frame that is freed twice or was never handed out is an error
// instead of a riddle three subsystems later.
//
// Low memory, below 16 MiB, is what old devices can reach by DMA and what
// other processors start in. Single frames are taken from there only when
// nothing else is left.
//
// Read tree.next first, then Allocator.Alloc. In GDB:
// break frame.(*Allocator).Alloc.
//
// Locking: through Allocator.Locker, around each operation; it is the
// innermost lock of the memory packages. Allocation: none, at any time: it
// works before the Go runtime is up, under the Go heap, and in fault handlers.
package frame

import (
	"math/bits"

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

	top      mm.Frame
	free     tree
	ram      []uint64 // bit f: frame f is RAM
	reserved []uint64 // bit f: frame f is taken out for good
	owners   []uint64 // 16 bits a frame: owners beyond the first (share.go)

	// hint is the first word of the lowest level, above low memory, that may
	// have a free frame: those before it have none.
	hint uint64

	total, held uint64 // frames that are RAM; that are RAM and reserved
	used, peak  uint64 // frames handed out, now and at most
	allocs      uint64 // frames ever handed out
	lost        uint64 // frames reserved while they were handed out
	shares      uint64 // owners of frames beyond their first ones
}

// StorageWords returns how many words Init needs for the frames [0, top):
// about 19 bits a frame, 608 KiB for a GiB.
func StorageWords(top mm.Frame) int {
	return treeWords(top) + (2+16)*wordsFor(uint64(top))
}

// Init makes a an allocator of the frames [0, top), none of which is RAM yet.
// It keeps storage, which must have StorageWords(top) words and need not be
// zero. A shorter one is a bug and panics.
//
// Context: before the runtime is up, too. Not locked.
func (a *Allocator) Init(storage []uint64, top mm.Frame) {
	n := wordsFor(uint64(top))
	clear(storage[:StorageWords(top)])
	locker := a.Locker
	*a = Allocator{Locker: locker, top: top, hint: lowWords}
	a.ram, storage = storage[:n], storage[n:]
	a.reserved, storage = storage[:n], storage[n:]
	a.owners, storage = storage[:16*n], storage[16*n:]
	a.free.init(storage, top)
	a.Reserve(mm.PhysRange{Start: 0, End: mm.PageSize})
}

// Alloc hands out one frame, which is not zeroed: the lowest free one above
// low memory or, if none is free there, the lowest.
//
// Errors:  ErrNoMemory.
// Context: any, interrupts on or off; does not allocate.
func (a *Allocator) Alloc() (mm.Frame, error) {
	flags := a.lock()
	words, w := a.free.levels[0], a.hint
	if w >= uint64(len(words)) || words[w] == 0 {
		f, ok := a.search()
		if !ok {
			a.unlock(flags)
			return 0, ErrNoMemory
		}
		w = uint64(f) / 64
	}
	f := mm.Frame(w*64 + uint64(bits.TrailingZeros64(words[w])))
	if words[w] &= words[w] - 1; words[w] == 0 { // x & (x-1) is x less its lowest set bit
		a.free.unmark(w)
	}
	a.allocs++
	a.used++
	a.peak = max(a.peak, a.used)
	a.unlock(flags)
	return f, nil
}

// search returns the frame that Alloc is to hand out, and moves the hint.
func (a *Allocator) search() (f mm.Frame, ok bool) {
	if f, ok = a.free.next(mm.Frame(a.hint * 64)); ok {
		a.hint = uint64(f) / 64
		return f, true
	}
	a.hint = uint64(len(a.ram))
	return a.free.next(0)
}

// Free takes back a frame that Alloc or AllocContiguous handed out or, if it
// has several owners (Share), takes one of them away.
//
// Errors:  ErrDoubleFree, ErrNotManaged; nothing has changed then.
// Context: any, interrupts on or off; does not allocate.
func (a *Allocator) Free(f mm.Frame) error {
	flags := a.lock()
	words, w, bit := a.free.levels[0], uint64(f)/64, uint64(1)<<(f%64)
	if w >= uint64(len(words)) || a.ram[w]&^a.reserved[w]&bit == 0 {
		a.unlock(flags)
		return ErrNotManaged
	}
	was := words[w]
	if was&bit != 0 {
		a.unlock(flags)
		return ErrDoubleFree
	}
	if a.shares != 0 && a.drop(w, bit) == 0 {
		a.unlock(flags)
		return nil
	}
	if words[w] = was | bit; was == 0 {
		a.free.mark(w)
	}
	if w < a.hint && w >= lowWords {
		a.hint = w
	}
	a.used--
	a.unlock(flags)
	return nil
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
