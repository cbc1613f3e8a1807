package interrupts

import (
	"sync/atomic"

	"vitrine/kernel/cpu"
)

// Vectors of messages between processors and of their own timers, far above
// the devices'.
const (
	VectorTimer    uint8 = 0xf0 // the local APIC's timer
	VectorWake     uint8 = 0xf1 // there is work, or somebody waits for this processor
	VectorFlush    uint8 = 0xf2 // page tables have changed: empty the TLB
	VectorSpurious uint8 = 0xff // the local APIC's excuse for an interrupt that went away
)

// Messenger sends messages between processors: the local APIC.
type Messenger interface {
	// Send raises a vector on the processor with that APIC ID. Context:
	// interrupts off.
	Send(apicID uint32, vector uint8)

	// SendNMI raises a non-maskable interrupt there.
	SendNMI(apicID uint32)

	// EndOfInterrupt ends the interrupt that this processor handles.
	EndOfInterrupt()
}

var messenger Messenger

// SetMessenger tells how processors reach each other, and prepares the vectors.
//
// Errors:  ErrInUse.
// Context: goroutines, on the boot processor while it is alone.
func SetMessenger(m Messenger) error {
	messenger = m
	if err := Handle(VectorWake, woken); err != nil {
		return err
	}
	return Handle(VectorFlush, flushed)
}

// Wake ends c's halt, or interrupts what it computes.
//
// Context: any.
func (c *CPU) Wake() {
	flags := cpu.DisableInterrupts() // a message is two stores
	if messenger != nil && c != current() {
		messenger.Send(c.APICID, VectorWake)
	}
	cpu.SetFlags(flags)
}

// woken is the handler of VectorWake. What there is to do, the scheduler sees.
func woken() (tick bool) {
	messenger.EndOfInterrupt()
	return true
}

// FlushOthers makes every other processor forget what it knows of the page
// tables, and returns when all have. Whoever takes a mapping away calls it
// before the memory behind it is given to somebody else.
//
// A processor that waits for another one, here or for a lock with interrupts
// off, serves requests meanwhile (ServeFlush); so nobody waits in a circle.
//
// Context: any but a handler; does not allocate.
func FlushOthers() {
	n := Online()
	if n < 2 || messenger == nil {
		return
	}
	flags := cpu.DisableInterrupts()
	self := current()
	var wanted [MaxCPUs]uint32
	for i := range n {
		if c := &CPUs[i]; c != self {
			wanted[i] = c.flushWanted.Add(1)
			messenger.Send(c.APICID, VectorFlush)
		}
	}
	for i := range n {
		for c := &CPUs[i]; c != self && int32(c.flushDone.Load()-wanted[i]) < 0; {
			ServeFlush()
			cpu.Pause()
		}
	}
	cpu.SetFlags(flags)
}

// ServeFlush empties this processor's TLB if another one has asked for it.
//
// Context: interrupts off.
func ServeFlush() {
	c := current()
	if want := c.flushWanted.Load(); want != c.flushDone.Load() {
		FlushOwn()
		c.flushDone.Store(want)
	}
}

// FlushOwn empties this processor's TLB, global pages included.
//
// Context: any.
func FlushOwn() {
	const pge = 1 << 7
	atomic.AddUint64(&current().flushes, 1)
	cr4 := cpu.CR4()
	if cr4&pge == 0 {
		cpu.SetCR3(cpu.CR3())
		return
	}
	cpu.SetCR4(cr4 &^ pge) // leaving global mode empties all of it
	cpu.SetCR4(cr4)
}

// flushed is the handler of VectorFlush.
func flushed() (tick bool) {
	ServeFlush()
	messenger.EndOfInterrupt()
	return false
}

// stopping makes sure that only one processor stops the others.
var stopping uint32

// StopOthers makes every other processor halt for good, wherever it is, and
// waits a moment for them. Hooks.Stopping must be true already.
//
// Context: any; interrupts off. Once; later calls do nothing.
func StopOthers() {
	if messenger == nil || !atomic.CompareAndSwapUint32(&stopping, 0, 1) {
		return
	}
	for i := range Online() {
		if c := &CPUs[i]; c != current() {
			messenger.SendNMI(c.APICID)
			for polls := 0; !c.hasStopped.Load() && polls < 1<<16; polls++ {
				cpu.Pause()
			}
		}
	}
}

// Stop notes where the processor that runs this was interrupted, and goroutine g
// there, and halts for good. What is noted first counts: one that has stopped by
// itself gets the message of StopOthers nevertheless.
//
// Context: a handler.
func Stop(f *Frame, g uintptr) {
	if c := current(); !c.hasStopped.Load() {
		c.stopped, c.stoppedG = *f, g
		c.hasStopped.Store(true)
	}
	cpu.Halt()
}

// Stopped returns where c was when it stopped; false if it has not. The vector is
// NMI, or that of an exception that c could not survive either.
func (c *CPU) Stopped() (*Frame, bool) { return &c.stopped, c.hasStopped.Load() }
