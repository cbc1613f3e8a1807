//go:build tamago && derived

package start

import (
	"runtime/goos"
	"sync/atomic"
	_ "unsafe" // for go:linkname

	"vitrine/kernel/cpu"
	"vitrine/mm"
	"vitrine/mm/paging"
)

// The Go heap has addresses, from mm.HeapBase to mm.HeapEnd, and takes frames
// from the one allocator as it grows (docs/decisions/0011-heap-by-frames.md).
// The runtime asks by three hooks:
//
//	heapGrow     the end of the heap moves up      grow    map frames
//	heapUnused   pages hold nothing any longer     unused  unmap, flush, free
//	heapUsed     such pages are wanted again       used    map where need be
//
// Where the heap and free memory are both aligned to it, a page of 2 MiB is
// mapped: one entry of the TLB instead of 512, and no table. When a part of
// one is given back, paging.Space.Take splits it; it stays split.
//
// Giving back makes all processors empty their TLBs, which costs the same for
// one page and for a thousand. So unused takes as many runs of pages at once
// as its list has room for, and frees the frames when all have forgotten them.

// The heap's hooks: variables of the runtime, set before its first allocation.
var (
	//go:linkname heapGrow runtime.heapGrow
	heapGrow func(addr, n uintptr) bool
	//go:linkname heapUnused runtime.heapUnused
	heapUnused func(addr, n uintptr)
	//go:linkname heapUsed runtime.heapUsed
	heapUsed func(addr, n uintptr)
)

// startHeap makes g0's stack and tells the runtime where its heap begins. Pages
// come later, through grow.
func startHeap() error {
	const size = 64<<10 + mm.PageSize
	next := stackNext
	stackNext = g0Base
	stack, err := NewStack("runtime's g0 stack", size)
	stackNext = next
	if err != nil {
		return err
	}
	goos.RamSize = uint(stack.End) - goos.RamStart + goos.RamStackOffset
	goos.Bloc = uintptr(mm.HeapBase)
	return nil
}

// throw prints stacks and ends the kernel, in any state of the runtime.
//
//go:linkname throw runtime.throw
func throw(s string)

// g0Base is above the heap, as the runtime demands of its first stack.
const g0Base = mm.HeapEnd

func heapHooks() {
	heapGrow, heapUnused, heapUsed = grow, unused, used
}

// HeapBytes counts what the heap has taken and given back, in bytes. It is
// changed atomically.
var HeapBytes struct{ Mapped, Returned uint64 }

const heapFlags = paging.Writable | paging.NoExecute | paging.Global

// grow maps n bytes of zeroed memory at addr, where the heap has never been.
// It returns false, and the runtime throws "out of memory", if there is none, and
// none in the reserve either.
//
// Context: any g, the runtime's memory lock held; allocates frames only.
func grow(addr, n uintptr) bool {
	v, end := mm.VirtAddr(addr), mm.VirtAddr(addr+n)
	if v < mm.HeapBase || end > mm.HeapEnd {
		return false
	}
	if !give(v, end) {
		unused(addr, n) // what there was
		return false
	}
	return true
}

// give maps zeroed memory to [v, end), where nothing is mapped. If there is too
// little, it returns false, and what it has mapped stays.
func give(v, end mm.VirtAddr) bool {
	for v < end {
		want := uint64(end-v) / mm.PageSize
		if rest := uint64(v) % mm.LargePageSize / mm.PageSize; rest != 0 {
			want = min(want, largeFrames-rest) // up to where a large page can begin
		}
		first, n, err := takeFrames(v, want)
		if err != nil {
			var ok bool
			if first, n, ok = lend(want); !ok {
				return false
			}
		}
		for i := range n {
			cpu.ClearPage(uintptr((first + mm.Frame(i)).Addr().Direct()))
		}
		if n = mapRun(v, first, n); n == 0 { // not even memory for a table
			if _, _, ok := lend(0); !ok {
				return false
			}
		}
		size := n * mm.PageSize
		atomic.AddUint64(&HeapBytes.Mapped, size)
		v += mm.VirtAddr(size)
	}
	return true
}

// mapRun maps n frames in a row at v, and returns how many it has mapped. Where
// there is no memory for the tables, the last frames go back, to become some.
func mapRun(v mm.VirtAddr, first mm.Frame, n uint64) uint64 {
	for ; n > 0; n-- {
		if Space.Map(v, first.Addr(), n*mm.PageSize, heapFlags, paging.Pages2M) == nil {
			return n
		}
		_ = Frames.Free(first + mm.Frame(n-1))
	}
	return 0
}

// takeFrames returns up to want frames in a row for the heap at v: those of a
// large page, if one fits there.
func takeFrames(v mm.VirtAddr, want uint64) (first mm.Frame, n uint64, err error) {
	if want >= largeFrames && v.AlignDown(mm.LargePageSize) == v {
		if first, err = Frames.AllocContiguous(largeFrames, largeFrames, 0); err == nil {
			return first, largeFrames, nil
		}
		want = largeFrames
	}
	return Frames.AllocRun(want)
}

// unused takes the frames of pages whose contents the heap does not need. If a
// large page cannot be split, for lack of memory, the heap keeps it.
//
// Context: any g, perhaps without the runtime's memory lock.
func unused(addr, n uintptr) {
	v, last := mm.VirtAddr(addr).AlignUp(mm.PageSize), mm.VirtAddr(addr+n).AlignDown(mm.PageSize)-1
	var list [32]paging.Mapping
	for v < last {
		n, err := Space.Take(v, last, list[:])
		if err != nil || n == 0 {
			return
		}
		for _, m := range list[:n] {
			_ = Frames.FreeContiguous(m.Phys.Frame(), m.Size/mm.PageSize)
			atomic.AddUint64(&HeapBytes.Returned, m.Size)
		}
		v = list[n-1].Last() + 1
	}
	fillReserve()
}

// used undoes unused. The runtime has no way to hear that it failed: then this is
// the end, as it is when the heap cannot grow.
//
// Context: as grow.
func used(addr, n uintptr) {
	v, end := mm.VirtAddr(addr).AlignDown(mm.PageSize), mm.VirtAddr(addr+n).AlignUp(mm.PageSize)
	for v < end {
		m, ok := Space.Next(v, end-1)
		if !ok {
			m.Start = end
		}
		if !give(v, m.Start) {
			throw("out of memory: somebody else has what the heap had given back")
		}
		v = m.Start + mm.VirtAddr(m.Size)
	}
}
