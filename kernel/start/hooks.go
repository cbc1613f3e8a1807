//go:build tamago

package start

import (
	"runtime/goos"
	"unsafe"

	"vitrine/drivers/ioport"
	"vitrine/drivers/pit"
	"vitrine/interrupts"
	"vitrine/kernel/cpu"
	"vitrine/kernel/thread"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// Hwinit0 runs when the runtime has a stack and nothing else: it starts the
// clock and sets the hooks that are variables. It is the runtime's hook of that
// name.
//
// Context: g0; no heap, interrupts off.
func Hwinit0() {
	startClock()
	goos.Exit = exit
	goos.Idle = thread.Idle
	goos.ProcID = thread.ID
	goos.Task = task
	goos.Wake = thread.Wake
	reclaim()
	heapHooks()
	interrupts.SetHooks(&interrupts.Hooks{
		PageFault: pageFault,
		Writable:  writable,
		Fatal:     fatal,
		Stopping:  stopping,
		SigPanic:  sigPanicEntry(),
	})
	interrupts.SetTickEntry(tickEntry())
}

// Hwinit1 runs when the scheduler works, before main's goroutine exists: it
// lets interrupts in. It is the runtime's hook of that name.
//
// Context: g0; it may allocate.
func Hwinit1() {
	setArgs()
	startFiles()
	interrupts.StartPIC(ioport.Hardware{})
	if _, err := interrupts.RegisterTick(0, "timer", thread.OnTick); err != nil {
		Die("timer", err)
	}
	thread.SetTimer(pit.New(ioport.Hardware{}))
	cpu.EnableInterrupts()
	startPump()
	startDate()
}

// task is the runtime's hook Task.
func task(sp, mp, gp, fn unsafe.Pointer) {
	if !thread.Task(sp, mp, gp, fn) {
		Die("thread", errThreads)
	}
}

const errThreads = mm.Error("the runtime wants more threads than there can be")

// pageFault serves faults in regions that owe a page, or a copy of one. What
// SMAP forbids, the kernel's own access to user memory without saying so, is a
// mistake of the kernel's, whatever the region says.
//
// Context: a handler.
func pageFault(f *interrupts.Frame, address uint64) bool {
	code := region.ErrorCode(f.Error)
	smap := Features.CR4&cr4SMAP != 0 && f.Flags&flagAC == 0
	if smap && code.Has(region.Present) && !code.Has(region.User) && mm.VirtAddr(address) < mm.UserEnd {
		return false
	}
	served, _ := Regions.Fault(&Space, &Frames, mm.VirtAddr(address), code)
	return served
}

// flagAC in RFLAGS lets the kernel use user memory in spite of SMAP.
const flagAC = 1 << 18

// writable tells whether the kernel can write the 8 bytes at address.
//
// Context: a handler.
func writable(address uint64) bool {
	for _, a := range [2]uint64{address, address + 7} {
		steps, n := Space.Walk(mm.VirtAddr(a))
		if n == 0 || !steps[n-1].Entry.Has(paging.Present) || !steps[n-1].Rights.Has(paging.Writable) {
			return false
		}
	}
	return true
}

// InitRNG has nothing to prepare. It is the runtime's hook of that name.
func InitRNG() {}

var seed uint64

// GetRandomData fills b from RDRAND or, on a processor without, from the
// jitter of the time-stamp counter, which is good enough for hash seeds and
// for nothing secret. It is the runtime's hook of that name.
//
// Context: any.
func GetRandomData(b []byte) {
	for i := range b {
		v, ok := cpu.Random()
		if !ok {
			seed = (seed + cpu.TSC() | 1) * 0x9e37_79b9_7f4a_7c15
			v = seed >> 32
		}
		b[i] = byte(v)
	}
}
