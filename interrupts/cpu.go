package interrupts

import (
	"sync/atomic"
	"unsafe"

	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// MaxCPUs is how many processors can take part.
const MaxCPUs = 32

// CPU is what one processor needs to take an event. Its GS base points here,
// so that entry_amd64.s finds it whatever was interrupted; that file knows the
// fields by name (go_asm.h).
type CPU struct {
	self     uintptr
	Index    uint64      // 0 is the boot processor
	handlerG [64]uintptr // stands for the goroutine while a handler runs
	noG      [2]uintptr  // thread-local slot until the runtime has its own
	online   atomic.Uint32
	APICID   uint32 // what messages to it are addressed to

	// For kernel/thread:
	Thread  uintptr // the one that runs here
	Halted  uint32  // in HLT, or about to be
	Ticking bool    // the timer is armed for a time slice
	Until   int64   // while it is in HLT: when it wakes at the latest
	Halts   uint64
	Sleep   Sleep // how long it was halted
	Started int64 // when it joined, in nanoseconds; 0: at boot

	// For the TLB shoot-down (message.go):
	flushWanted, flushDone atomic.Uint32
	flushes                uint64 // of the whole TLB

	counts     [Vectors]uint64 // events, by vector
	hasStopped atomic.Bool     // for good (message.go)
	stopped    Frame           // where it was then
	stoppedG   uintptr         // and the goroutine, for debuggers (tools/core)
	gdt        gdt
	TSS        TSS
}

// Package cpu knows where Index is.
const (
	_ = uint(unsafe.Offsetof(CPU{}.Index) - cpu.IndexOffset)
	_ = uint(cpu.IndexOffset - unsafe.Offsetof(CPU{}.Index))
)

// CPUs are the processors; the first is the boot processor.
var CPUs [MaxCPUs]CPU

// Online returns how many processors take part: the first so many of CPUs.
func Online() int {
	n := 0
	for n < MaxCPUs && CPUs[n].online.Load() != 0 {
		n++
	}
	return n
}

// MSRs with the base addresses of the segments that still have one.
const (
	msrFSBase = 0xc000_0100
	msrGSBase = 0xc000_0101
)

// handler returns the address of c's handler g.
//
// The layout is the start of the runtime's g: stack.lo, stack.hi, stackguard0,
// all zero, so that a function prologue that compares SP with the guard always
// finds room.
func (c *CPU) handler() uintptr { return uintptr(unsafe.Pointer(&c.handlerG)) }

// BorrowM gives the handler g the M of g, the interrupted goroutine, so that
// those parts of the runtime work in a handler that only need an M: looking up
// symbols, printing. offset is where in a g the M is; 0 if that is not known.
// It returns false if there is no M to be had. Nobody gives it back: this is
// for a kernel that is about to stop.
//
// Context: a handler.
func (c *CPU) BorrowM(g, offset uintptr) bool {
	if g == 0 || g == c.handler() || offset == 0 || offset >= unsafe.Sizeof(c.handlerG) {
		return false
	}
	m := *(*uintptr)(mm.VirtAddr(g + offset).Pointer())
	c.handlerG[offset/unsafe.Sizeof(m)] = m
	return m != 0
}

// current returns the processor that runs this.
func current() *CPU

// Current returns the processor that runs this. Context: any; the answer is
// good for as long as interrupts are off.
func Current() *CPU { return current() }

// Start makes the processor that runs this use c: its descriptor tables, its
// interrupt stacks (already in c.TSS) and the shared IDT. From now on it is
// online: it takes part in shoot-downs.
//
// Context: before the runtime is up, or on a new processor; interrupts off.
func (c *CPU) Start() {
	c.self = uintptr(unsafe.Pointer(c))
	c.TSS.iomap = uint16(unsafe.Sizeof(c.TSS))
	c.gdt.fill(&c.TSS)
	c.gdt.load()
	cpu.WriteMSR(msrGSBase, uint64(c.self))
	if c.Index == 0 {
		fillIDT()
	}
	loadIDT()
	c.online.Store(1)
}

// ThreadLocal returns the FS base for code that runs on c without a goroutine:
// the handler g stands for one.
func (c *CPU) ThreadLocal() uintptr {
	c.noG[0] = c.handler()
	return uintptr(unsafe.Pointer(&c.noG)) + unsafe.Sizeof(c.noG[0])
}

// storeWord writes v at address a, which the caller has checked.
func storeWord(a, v uint64) { *(*uint64)(mm.VirtAddr(a).Pointer()) = v }

func vectorsAddress() uintptr

// tickEntry is the address of the runtime's routine that may preempt the
// interrupted goroutine, or 0. It takes the address of Frame.IP in DI.
//
//lint:ignore U1000 entry_amd64.s calls it
var tickEntry uintptr

// SetTickEntry tells what to call after an interrupt of a line that was
// registered with RegisterTick.
func SetTickEntry(a uintptr) { tickEntry = a }

// Trap executes INT3, the breakpoint instruction.
func Trap()

// Software80 executes INT 0x80, a vector that nobody handles; for tests.
func Software80()
