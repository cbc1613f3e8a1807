//go:build tamago && derived

package start

import (
	"runtime"
	"runtime/goos"
	"syscall"
	_ "unsafe" // for go:linkname

	"vitrine/interrupts"
	"vitrine/kernel/cpu"
	"vitrine/mm"
	"vitrine/mm/paging"
)

// What the derived toolchain adds to the contract (tools/tamago, _port); the
// file plain.go does without.

// sigPanicEntry returns where an exception goes to become a Go panic.
func sigPanicEntry() uintptr

// tickEntry returns the routine that may preempt the interrupted goroutine.
func tickEntry() uintptr

// startPump starts the goroutine that passes interrupts on: the scheduler
// itself looks at the pending word, so it costs nothing while there is none.
func startPump() { go interrupts.Pump(runtime.EventWait) }

// emptyFiles makes package os find no file, where without it no file operation
// would be implemented at all.
func emptyFiles() {
	syscall.VFS.Open = func(string, int, uint32) (int, error) { return -1, syscall.ENOENT }
	syscall.VFS.Stat = func(string, bool, *syscall.Stat_t) error { return syscall.ENOENT }
}

// SetStdout makes write get what package os writes to standard output and
// standard error. Until then Printk gets it, byte by byte.
//
// Context: goroutines.
func SetStdout(write func([]byte) (int, error)) {
	syscall.VFS.Write = func(fd int, b []byte) (int, error) {
		if fd != syscall.Stdout && fd != syscall.Stderr {
			return 0, syscall.EBADF
		}
		return write(b)
	}
}

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
// come later, through Grow.
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

// g0Base is above the heap, as the runtime demands of its first stack.
const g0Base = mm.HeapEnd

func heapHooks() {
	heapGrow, heapUnused, heapUsed = grow, unused, used
}

// HeapBytes counts what the heap has taken and given back, in bytes.
var HeapBytes struct{ Mapped, Returned uint64 }

const heapFlags = paging.Writable | paging.NoExecute | paging.Global

// grow maps n bytes of zeroed memory at addr, where the heap has never been.
// It returns false, and the runtime throws "out of memory", if there is none.
//
// Context: any g, the runtime's memory lock held; allocates frames only.
func grow(addr, n uintptr) bool {
	if mm.VirtAddr(addr) < mm.HeapBase || mm.VirtAddr(addr+n) > mm.HeapEnd {
		return false
	}
	for end := addr + n; addr < end; addr += mm.PageSize {
		if !give(mm.VirtAddr(addr)) {
			return false
		}
	}
	return true
}

// give maps one zeroed frame at v.
func give(v mm.VirtAddr) bool {
	f, err := Frames.Alloc()
	if err != nil {
		return false
	}
	cpu.ClearPage(uintptr(f.Addr().Direct()))
	if Space.Map(v, f.Addr(), mm.PageSize, heapFlags, paging.Pages4K) != nil {
		Frames.Free(f)
		return false
	}
	HeapBytes.Mapped += mm.PageSize
	return true
}

// unused takes the frames of pages whose contents the heap does not need.
//
// Context: as grow.
func unused(addr, n uintptr) {
	v := mm.VirtAddr(addr).AlignUp(mm.PageSize)
	for end := mm.VirtAddr(addr + n).AlignDown(mm.PageSize); v < end; v += mm.PageSize {
		p, err := Space.Translate(v)
		if err != nil {
			continue
		}
		Space.Unmap(v, mm.PageSize)
		Frames.Free(p.Frame())
		HeapBytes.Returned += mm.PageSize
	}
}

// used undoes unused. The runtime has no way to hear that it failed.
//
// Context: as grow.
func used(addr, n uintptr) {
	v := mm.VirtAddr(addr).AlignDown(mm.PageSize)
	for end := mm.VirtAddr(addr + n).AlignUp(mm.PageSize); v < end; v += mm.PageSize {
		if _, err := Space.Translate(v); err == nil {
			continue
		}
		if !give(v) {
			Die("heap", mm.ErrNoMemory)
		}
	}
}

// SetWallTime tells the runtime the date: ns since the Unix epoch, now.
func SetWallTime(ns int64) { runtime.SetWallTime(ns) }

// panickingG returns the goroutine that this thread runs, also on its system
// stack.
//
//go:linkname panickingG runtime.curg
func panickingG() uintptr

// traceback prints the stack of g, interrupted at pc and sp, and those of all
// other goroutines. It returns false if it cannot.
//
//go:linkname traceback runtime.trapTraceback
func traceback(g, pc, sp uintptr) bool

// gmOffset returns where in a g the pointer to its M is.
//
//go:linkname gmOffset runtime.gmOffset
func gmOffset() uintptr
