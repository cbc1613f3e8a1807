//go:build tamago

// Package smp brings up the other processors.
//
// After reset all processors are the same, and the firmware picks one to do the
// work; the others wait for a message. What it says is where to begin: a page
// below 1 MiB, because they begin as the 8086 did, in real mode. In that page is
// the trampoline (boot/trampoline.S), which goes the whole way of boot.S again
// and ends here, in entry.
//
//	boot processor                       another one
//	fill in stack and entry
//	INIT to all ------------------------> resets itself, waits
//	STARTUP, page ----------------------> trampoline: real mode ... long mode
//	wait                                  entry: thread-local storage
//	     <------------------------------- main: tables, local APIC, a thread
//	the next one                          thread.Serve: runs what is woken
//
// From then on the Go runtime's scheduler uses it: smp.Start raises GOMAXPROCS,
// the runtime asks for threads (Ms), and idle processors pick them up.
//
// Read Start, then boot/trampoline.S, then main. In GDB: break smp.main.
package smp

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
	"vitrine/kernel/log"
	"vitrine/kernel/start"
	"vitrine/kernel/thread"
	"vitrine/mm"
	"vitrine/mm/paging"
)

// Starter is the local APIC, as far as other processors are concerned.
type Starter interface {
	SendInit(apicID uint32) error
	SendStartup(apicID uint32, page mm.PhysAddr) error

	// Join prepares the controller and the timer of the processor that runs
	// this. index is its place among interrupts.CPUs. Context: a new
	// processor, interrupts off; no allocation.
	Join(index uint64)
}

// parameters is the end of the trampoline, filled in for each processor.
type parameters struct {
	_        uint16
	gdt      [4]byte
	_        uint16
	jump     uint32
	_, _     uint16
	cr3, cr4 uint32
	stack    uint64
	entry    uint64
	argument uint64
}

// newcomer is what the trampoline hands to entry. The assembly knows its fields
// by name.
type newcomer struct {
	cpu   *interrupts.CPU
	fs    uintptr // thread-local storage until the runtime has its own
	state atomic.Uint32
	warp  clock.Warp
}

// The states of a newcomer.
const (
	nobody  = iota // it has not been heard of
	arrived        // it runs main
	ready          // it takes part
	givenUp        // nobody waits for it any longer
)

// Only one processor is started at a time.
var (
	next    newcomer
	starter Starter
)

// Errors.
const (
	ErrSilent = mm.Error("smp: a processor did not start")
	ErrMany   = mm.Error("smp: there are more processors than the kernel can use")
	ErrLow    = mm.Error("smp: no free memory below 1 MiB, where processors begin")
	ErrHigh   = mm.Error("smp: the page tables lie above 4 GiB, where real mode cannot reach them")
)

// How long a processor may take, in nanoseconds (SDM Vol. 3A, "Typical AP
// Initialization Sequence"). The last is for an emulated one that a busy host does
// not run.
const (
	afterInit    = 10_000_000
	afterStartup = 200_000
	patience     = 10_000_000_000
)

// Start starts the processors with these APIC IDs, one after the other, and lets
// goroutines run on them. It returns how many there are now, the boot processor
// included. One that does not start is left out, and said in the log.
//
// Errors:  those of the frame allocator and of paging; then no more are started.
// Context: a goroutine on the boot processor; once.
func Start(ids []uint32, s Starter) (n int, err error) {
	starter = s
	page, err := place()
	if err != nil {
		return interrupts.Online(), err
	}
	defer remove(page)
	if most := interrupts.MaxCPUs - 1; len(ids) > most {
		log.Warnf("smp", "%v: %d", ErrMany, interrupts.MaxCPUs)
		ids = ids[:most]
	}
	for _, id := range ids {
		_ = send(func() error { return starter.SendInit(id) }) // who does not hear it stays silent
	}
	clock.Delay(afterInit)
	for _, id := range ids {
		if err := startOne(id, page); err == ErrSilent {
			log.Warnf("smp", "%v: APIC ID %d", err, id)
		} else if err != nil {
			return interrupts.Online(), err
		}
	}
	n = interrupts.Online()
	runtime.GOMAXPROCS(n)
	return n, nil
}

// place copies the trampoline to a page below 1 MiB and maps that at its own
// address: the one time that the kernel's lower half is not empty.
func place() (mm.PhysAddr, error) {
	if start.Space.Root().Addr() >= 4<<30 {
		return 0, ErrHigh
	}
	page := start.LowPage
	if page == 0 {
		return 0, ErrLow
	}
	start.LowPage = 0
	copy(page.Direct().Bytes(mm.PageSize), start.Trampoline[:start.TrampolineLen])
	p := parametersAt(page)
	gdt := uint32(p.gdt[0]) | uint32(p.gdt[1])<<8
	gdt += uint32(page)
	p.gdt = [4]byte{byte(gdt), byte(gdt >> 8), byte(gdt >> 16), byte(gdt >> 24)}
	p.jump += uint32(page)
	p.cr3, p.cr4 = uint32(start.Space.Root().Addr()), uint32(cpu.CR4())
	p.entry, p.argument = uint64(entryAddress()), uint64(uintptr(unsafe.Pointer(&next)))
	const readExecute = paging.Entry(0)
	return page, start.Space.Map(mm.VirtAddr(page), page, mm.PageSize, readExecute, paging.Pages4K)
}

// remove undoes place.
func remove(page mm.PhysAddr) {
	if err := start.Space.Unmap(mm.VirtAddr(page), mm.PageSize); err != nil {
		log.Errorf("smp", "%v", err)
		return
	}
	if err := start.Frames.Free(page.Frame()); err != nil {
		log.Errorf("smp", "%v", err)
	}
}

func parametersAt(page mm.PhysAddr) *parameters {
	at := page + mm.PhysAddr(start.TrampolineLen) - mm.PhysAddr(unsafe.Sizeof(parameters{}))
	return (*parameters)(at.Direct().Pointer())
}

// startOne starts one processor and waits until it is there.
func startOne(id uint32, page mm.PhysAddr) error {
	c := &interrupts.CPUs[interrupts.Online()]
	if c.TSS.Stack(interrupts.StackInterrupt) == 0 { // else: prepared for one that was silent
		c.Index = uint64(interrupts.Online())
		if err := start.InterruptStacks(c); err != nil {
			return err
		}
	}
	c.APICID = id
	stack, err := start.NewStack("processor's first stack", firstStack)
	if err != nil {
		return err
	}
	next.cpu, next.fs = c, c.ThreadLocal()
	next.state.Store(nobody)
	next.warp = clock.Warp{}
	parametersAt(page).stack = uint64(stack.End)

	for range 2 {
		if err := send(func() error { return starter.SendStartup(id, page) }); err != nil {
			return ErrSilent
		}
		if wait(afterStartup) {
			compareClocks(id)
			return nil
		}
	}
	if wait(patience) {
		compareClocks(id)
		return nil
	}
	if !next.state.CompareAndSwap(nobody, givenUp) { // it is in main: it will come
		for !wait(patience) {
		}
		compareClocks(id)
		return nil
	}
	// It may be on its way yet. It must not run on when the trampoline is gone, nor
	// take what is meant for the next one: another INIT makes it wait again.
	_ = send(func() error { return starter.SendInit(id) })
	clock.Delay(afterInit)
	return ErrSilent
}

// How often the time-stamp counters of two processors are compared, and for how
// many nanoseconds one waits for the other meanwhile.
const (
	warpRounds   = 100
	warpPatience = 50_000_000
)

// compareClocks finds out whether the newcomer's time-stamp counter goes with
// the boot processor's. If not, another clock is used: one that goes back would
// be worse than one that takes longer to read.
func compareClocks(id uint32) {
	flags := cpu.DisableInterrupts()
	next.warp.Run(warpRounds, warpPatience)
	cpu.SetFlags(flags)
	if back := next.warp.Back(); back != 0 {
		log.Warnf("smp", "the time-stamp counters of processors differ by %d ticks: APIC ID %d", back, id)
		start.Clocks.Distrust("tsc", "the processors' counters differ")
	}
}

const firstStack = 16 << 10

// send runs f with interrupts off: a message is two stores.
func send(f func() error) error {
	flags := cpu.DisableInterrupts()
	defer cpu.SetFlags(flags)
	return f()
}

// wait waits until the newcomer is there, ns nanoseconds at most.
func wait(ns int64) bool {
	for end := clock.Nanotime() + ns; next.state.Load() != ready; {
		if clock.Nanotime() > end {
			return false
		}
		cpu.Pause()
	}
	return true
}

// main is the first Go code on a new processor; entry calls it.
//
// Context: the processor's first stack, the handler g, interrupts off; no
// allocation, ever: it has no M.
//
//lint:ignore U1000 entry_amd64.s calls it
func main() {
	if !next.state.CompareAndSwap(nobody, arrived) {
		cpu.Halt()
	}
	c := next.cpu
	c.Start()
	start.SetMemoryTypes()
	starter.Join(c.Index)
	c.Started = clock.Nanotime()
	thread.Adopt(c)
	interrupts.FlushOwn() // what it saw before it took part in shoot-downs
	next.state.Store(ready)
	next.warp.Run(warpRounds, warpPatience)
	thread.Serve()
}

// entryAddress returns the address of entry.
func entryAddress() uintptr
