package interrupts

import (
	"sync/atomic"

	"vitrine/kernel/cpu"
)

// Hooks is what the kernel does about the events that this package delivers.
// All run under the rules of handlers (see the package documentation).
type Hooks struct {
	// PageFault may serve a page fault at address. If it returns true the
	// instruction is tried again.
	PageFault func(f *Frame, address uint64) bool

	// Writable tells whether the kernel can write the 8 bytes at address.
	Writable func(address uint64) bool

	// Fatal reports an event that the interrupted code cannot survive, and
	// never returns. g is the interrupted goroutine's descriptor, or 0.
	Fatal func(f *Frame, g uintptr)

	// Stopping tells whether the kernel is about to stop: then an NMI is the
	// message of another processor that this one is to stop, too. If it is this
	// one that stops the others, which mine says, nothing is to keep it from that.
	Stopping func() (stopping, mine bool)

	// SigPanic is the address of the runtime's entry that turns an exception
	// into a Go panic, or 0 if the runtime has none or is not up yet.
	SigPanic uintptr
}

var hooks Hooks

// SetHooks sets what happens about events. Context: before the runtime is up,
// or with interrupts off.
func SetHooks(h *Hooks) { hooks = *h }

// Count returns how often a vector has fired, on all processors.
func Count(vector uint8) (n uint64) {
	for i := range CPUs {
		n += atomic.LoadUint64(&CPUs[i].counts[vector])
	}
	return n
}

// Count returns how often a vector has fired on c.
func (c *CPU) Count(vector uint8) uint64 { return atomic.LoadUint64(&c.counts[vector]) }

// handlers are those of vectors that belong to neither an exception nor a line:
// processors' timers and messages between processors.
var handlers [Vectors]func() (tick bool)

// Handle makes h the handler of a vector from 48 on. If h returns true the
// scheduler gets a look at the interrupted goroutine, and may preempt it. h ends
// the interrupt itself.
//
// Errors:  ErrNoLine, ErrInUse.
// Context: goroutines; h runs under the rules of handlers.
func Handle(vector uint8, h func() (tick bool)) error {
	if vector < irqBase+irqLines {
		return ErrNoLine
	}
	if handlers[vector] != nil {
		return ErrInUse
	}
	handlers[vector] = h
	return nil
}

// dispatch decides who gets the event that f describes; common calls it. g is
// what the interrupted code had for a current goroutine. The result tells
// common to let the scheduler look (see RegisterTick).
//
// Context: a handler (see the package documentation).
//
//lint:ignore U1000 entry_amd64.s calls it
func dispatch(f *Frame, g uintptr) (tick bool) {
	v := uint8(f.Vector)
	atomic.AddUint64(&current().counts[v], 1)
	if v < Exceptions {
		exception(f, g)
		return false
	}
	if irq := v - irqBase; irq < irqLines {
		return deliver(irq)
	}
	if h := handlers[v]; h != nil {
		return h()
	}
	return false // counted, and nobody's
}

// LastPanic describes the exception that most recently became a Go panic, for
// the report in case nobody recovers it.
type LastPanic struct {
	Valid   bool
	Frame   Frame
	G       uintptr
	Address uint64 // CR2, if a page fault
}

// Last is overwritten by the next exception.
var Last LastPanic

// Signal numbers as the runtime knows them.
const (
	sigBUS  = 7
	sigFPE  = 8
	sigSEGV = 11

	fpeIntegerDivide   = 1
	fpeIntegerOverflow = 2
)

// signalOf says which Go panic an exception becomes. Those that Go source
// cannot cause in a working kernel become none.
func signalOf(vector uint8) (signal, code uint64, ok bool) {
	switch vector {
	case DivideError:
		return sigFPE, fpeIntegerDivide, true
	case Overflow:
		return sigFPE, fpeIntegerOverflow, true
	case FloatingPoint, SIMDFloatingPoint:
		return sigFPE, 0, true
	case PageFault, GeneralProtection, StackFault:
		return sigSEGV, 1, true
	case AlignmentCheck:
		return sigBUS, 1, true
	}
	return 0, 0, false
}

// exception serves f, or turns it into a Go panic, or ends the kernel.
func exception(f *Frame, g uintptr) {
	if f.Vector == NMI && hooks.Stopping != nil {
		switch stopping, mine := hooks.Stopping(); {
		case mine:
			return
		case stopping:
			Stop(f, g)
		}
	}
	var address uint64
	if f.Vector == PageFault {
		address = cpu.CR2()
		if hooks.PageFault != nil && hooks.PageFault(f, address) {
			return
		}
	}
	if !panics(f, g, address) {
		hooks.Fatal(f, g)
	}
}

// panics makes f's program go on in a Go panic, as if the faulting instruction
// had called it: the runtime's entry takes signal, code, address and faulting
// PC in AX, BX, CX and DX and finds the PC also on the stack, as a return
// address. It returns false if that cannot be done.
func panics(f *Frame, g uintptr, address uint64) bool {
	signal, code, ok := signalOf(uint8(f.Vector))
	switch {
	case !ok || hooks.SigPanic == 0:
		return false
	case f.FromUser() || g == 0 || g == current().handler():
		return false // not a goroutine
	case !f.InterruptsOn():
		return false // it may hold a lock that handlers take
	case f.Error != 0 && f.Vector != PageFault:
		return false // a bad selector: the kernel's tables are broken
	}
	if f.Vector == GeneralProtection || f.Vector == StackFault {
		// An address that is not canonical; the processor does not tell it.
		address = ^uint64(0)
	}
	if f.IP != address { // else: a call of what is not code; the return
		f.SP -= 8 // address of that call is on the stack already
		if hooks.Writable == nil || !hooks.Writable(f.SP) {
			f.SP += 8
			return false // the stack itself is at fault
		}
		storeWord(f.SP, f.IP)
	}
	Last = LastPanic{Valid: true, Frame: *f, G: g, Address: address}
	if f.IP != address {
		Last.Frame.SP += 8
	}
	f.AX, f.BX, f.CX, f.DX = signal, code, address, f.IP
	f.IP = uint64(hooks.SigPanic)
	f.Flags &^= flagDF | flagAC
	return true
}

// Flags that compiled Go relies on being clear, and that the instruction at fault
// may have had set: the direction of string instructions, as memmove changes it,
// and the way through SMAP.
const (
	flagDF uint64 = 1 << 10
	flagAC uint64 = 1 << 18
)
