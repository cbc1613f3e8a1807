//go:build tamago && derived

package start

import (
	"runtime"
	_ "unsafe" // for go:linkname

	"vitrine/drivers/ioport"
	"vitrine/drivers/rtc"
	"vitrine/interrupts"
)

// What the derived toolchain adds to the contract (tools/tamago, _port); the
// file plain.go does without. What concerns the heap is in heap.go.

// sigPanicEntry returns where an exception goes to become a Go panic.
func sigPanicEntry() uintptr

// tickEntry returns the routine that may preempt the interrupted goroutine.
func tickEntry() uintptr

// startPump starts the goroutine that passes interrupts on: the scheduler
// itself looks at the pending word, so it costs nothing while there is none.
func startPump() { go interrupts.Pump(runtime.EventWait) }

// startDate tells a program the date. (The kernel's boot list does that with more
// care.)
//
// Context: g0.
func startDate() {
	if !ForProgram() {
		return
	}
	if date, err := rtc.Read(ioport.Hardware{}, 0); err == nil {
		SetWallTime(date.Unix() * 1e9)
	}
}

// SetWallTime tells the runtime the date: ns since the Unix epoch, now.
func SetWallTime(ns int64) { runtime.SetWallTime(ns) }

// trapped returns the goroutine that this thread runs, also on its system stack, and
// the instruction, if it panics because of an exception; else 0.
//
//go:linkname trapped runtime.trapped
func trapped() (g, pc uintptr)

// traceback prints the stack of g, interrupted at pc and sp, and those of all
// other goroutines. It returns false if it cannot.
//
//go:linkname traceback runtime.trapTraceback
func traceback(g, pc, sp uintptr) bool

// ThreadGoroutine returns the number of the goroutine that a thread runs, where
// its function begins, and a number that is another one whenever the scheduler
// has given a goroutine its turn there; 0 if it runs none. That may change at any
// time.
//
// Context: any; does not allocate.
func ThreadGoroutine(thread uint64) (id uint64, entry uintptr, turn uint32) {
	return threadGoroutine(thread)
}

//go:linkname threadGoroutine runtime.threadGoroutine
func threadGoroutine(thread uint64) (id uint64, entry uintptr, turn uint32)

// gmOffset returns where in a g the pointer to its M is.
//
//go:linkname gmOffset runtime.gmOffset
func gmOffset() uintptr
