//go:build tamago && !derived

package start

import (
	"runtime/goos"
	"sync/atomic"
	"time"

	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
	"vitrine/mm"
	"vitrine/mm/paging"
)

// What there is without the derived toolchain's additions: the hook contract
// and nothing else.

// sigPanicEntry: every exception ends in the report.
func sigPanicEntry() uintptr { return 0 }

// tickEntry: goroutines give way only where they call.
func tickEntry() uintptr { return 0 }

// startPump starts the goroutine that passes interrupts on. The scheduler does
// not know the pending word, so this one looks every millisecond.
func startPump() {
	go interrupts.Pump(func(word *uint32) uint32 {
		for {
			if bits := atomic.SwapUint32(word, 0); bits != 0 {
				return bits
			}
			time.Sleep(time.Millisecond)
		}
	})
}

// startFiles has nothing to set: the contract knows no files.
func startFiles() {}

// startDate does nothing: the one clock that there is would jump.
func startDate() {}

// SetStdout does nothing: the contract's standard output is Printk.
func SetStdout(func([]byte) (int, error)) {}

// heapHooks has no hooks to set here, but the thread-local base to mend.
func heapHooks() { fixTLS() }

// HeapBytes: the heap has all of its memory from the start.
var HeapBytes struct{ Mapped, Returned uint64 }

// startHeap gives three quarters of the largest run of free memory to the heap,
// in one piece, with g0's stack at its end; and maps the image's writable
// segment a second time, at the low 32 bits of its address. The contract's
// settls loads only so much of the thread-local base; Hwinit0 sets the rest,
// and takes the alias away.
func startHeap() error {
	const limit = 1536 << 20 // the image window has 2 GiB
	_, n := Frames.LargestRun()
	n = n / 4 * 3
	first, err := Frames.AllocContiguous(n, 1, limit)
	for n > 1 && err != nil { // the run goes on above the limit, or lies there
		n -= (n + 7) / 8
		first, err = Frames.AllocContiguous(n, 1, limit)
	}
	if err != nil {
		return err
	}
	at := mm.ImageBase + mm.VirtAddr(first.Addr())
	const flags = paging.Writable | paging.NoExecute | paging.Global
	if err := Space.Map(at, first.Addr(), n<<mm.PageShift, flags, paging.Pages2M); err != nil {
		return err
	}
	HeapBytes.Mapped = n << mm.PageShift
	goos.Bloc = uintptr(at)
	goos.RamSize = uint(at) + uint(n)<<mm.PageShift - goos.RamStart
	for i := range segmentCount() {
		if s := segmentAt(i); s.write {
			return Space.Map(low32(s.Range.Start), imagePhys(s.Range.Start), s.Range.Size(),
				paging.Writable|paging.NoExecute, paging.Pages4K)
		}
	}
	return nil
}

func low32(v mm.VirtAddr) mm.VirtAddr { return v & 0xffff_ffff }

// fixTLS makes the thread-local base whole. Context: g0, in Hwinit0.
func fixTLS() {
	const fsBase = 0xc000_0100
	base := cpu.ReadMSR(fsBase)
	if mm.VirtAddr(base) < mm.UserEnd {
		cpu.WriteMSR(fsBase, base|uint64(mm.ImageBase)&^0xffff_ffff)
	}
	for i := range segmentCount() {
		if s := segmentAt(i); s.write {
			Space.Unmap(low32(s.Range.Start), s.Range.Size())
		}
	}
}

// SetWallTime tells the date: ns since the Unix epoch, now. The contract knows
// one clock, so the monotonic one jumps.
func SetWallTime(ns int64) { clock.SetOffset(ns - clock.Nanotime()) }

// trapped: no exception becomes a panic here.
func trapped() (g, pc uintptr) { return 0, 0 }

// traceback: the contract has no way to print another goroutine's stack.
func traceback(g, pc, sp uintptr) bool { return false }

// gmOffset: not known; a report then has addresses without names.
func gmOffset() uintptr { return 0 }

// ThreadGoroutine: the contract does not tell what a thread runs.
func ThreadGoroutine(uint64) (id uint64, entry uintptr, turn uint32) { return 0, 0, 0 }

// KeepReserve: the heap has all of its memory from the start.
func KeepReserve() {}

// Reserve: there is none.
func Reserve() (bytes uint64) { return 0 }
