package interrupts

import (
	"sync/atomic"

	"vitrine/drivers/ioport"
	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// Lines of the PIC and the vectors they are moved to, behind the exceptions.
const (
	irqBase = Exceptions

	// FirstLine is the vector of line 0.
	FirstLine uint8 = irqBase

	irqLines = 16

	// Behind them, in the pending word, stand the events that software raises.
	events = 16
)

// Errors of Register.
const (
	ErrNoLine = mm.Error("interrupts: there are lines 0 to 15, and 2 is the cascade")
	ErrInUse  = mm.Error("interrupts: the line has a handler already")
	ErrFull   = mm.Error("interrupts: there are no more events")
)

// Line is one interrupt line with its handler, in two halves: the top half
// runs in the interrupt, reads the device and returns; the bottom half is a
// goroutine that waits for the line and does the work.
type Line struct {
	name  string
	top   func()
	tick  bool
	wakes bool
	wake  chan struct{} // holds one token while the line has fired
	bit   uint32        // its place in the pending word
	count uint64
}

// Controller is what devices' lines are connected to: the PIC, or I/O APICs.
// Its methods run in handlers.
type Controller interface {
	SetMask(irq uint8, off bool)
	Masked(irq uint8) bool
	Spurious(irq uint8) bool
	EndOfInterrupt(irq uint8)
}

var (
	lines      [irqLines + events]Line
	pic        PIC
	controller Controller = &pic
	spurious   uint64

	// pending has one bit for each line that fired and whose goroutine has
	// not been told; Pump takes them.
	pending uint32
)

// StartPIC moves the controllers' vectors behind the exceptions, every line
// off. Context: before interrupts are enabled.
func StartPIC(io ioport.Space) {
	pic = NewPIC(io)
	pic.Init(irqBase)
}

// SetController connects the lines to other controllers, whose vectors are the
// same, and switches on there what is in use. The PIC is masked for good.
//
// Context: interrupts off, on the processor that serves the lines.
func SetController(c Controller) {
	for irq := range uint8(irqLines) {
		pic.SetMask(irq, true)
		c.SetMask(irq, lines[irq].name == "")
	}
	controller = c
}

// Register gives line irq to a device: top is called in each interrupt, under
// the rules of handlers (see the package documentation); it may be nil. The
// line is switched on. The result lets a goroutine wait.
//
// Errors:  ErrNoLine, ErrInUse.
// Context: goroutines.
func Register(irq uint8, name string, top func()) (*Line, error) {
	return register(irq, name, top, false)
}

// RegisterTick is Register for the timer: after each interrupt the scheduler
// gets a look at the interrupted goroutine, and may preempt it. Nobody can
// wait for such a line; an idle processor notices it by leaving HLT.
func RegisterTick(irq uint8, name string, top func()) (*Line, error) {
	return register(irq, name, top, true)
}

func register(irq uint8, name string, top func(), tick bool) (*Line, error) {
	if irq >= irqLines || irq == cascade {
		return nil, ErrNoLine
	}
	flags := cpu.DisableInterrupts()
	defer cpu.SetFlags(flags)
	l := &lines[irq]
	if l.name != "" {
		return nil, ErrInUse
	}
	if !tick {
		l.wake = make(chan struct{}, 1)
	}
	l.name, l.top, l.tick, l.wakes, l.bit = name, top, tick, !tick, 1<<irq
	controller.SetMask(irq, false)
	return l, nil
}

// deliver runs the top half of line irq and ends the interrupt.
//
// Context: a handler.
func deliver(irq uint8) (tick bool) {
	if controller.Spurious(irq) {
		atomic.AddUint64(&spurious, 1)
		return false
	}
	l := &lines[irq&(irqLines-1)]
	atomic.AddUint64(&l.count, 1)
	if l.top != nil {
		l.top()
	}
	if l.wakes {
		atomic.OrUint32(&pending, l.bit)
	}
	controller.EndOfInterrupt(irq)
	return l.tick
}

// Pending returns the word whose bits say which lines' goroutines are to be
// woken. An idle processor must not sleep while it is not zero.
func Pending() *uint32 { return &pending }

// NewEvent returns a line without a device: whatever happens in a handler can
// Raise it, and a goroutine can wait for it.
//
// Errors:  ErrFull.
// Context: goroutines.
func NewEvent(name string) (*Line, error) {
	flags := cpu.DisableInterrupts()
	defer cpu.SetFlags(flags)
	for i := irqLines; i < len(lines); i++ {
		if l := &lines[i]; l.name == "" {
			l.name, l.bit, l.wake = name, uint32(1)<<i, make(chan struct{}, 1)
			return l, nil
		}
	}
	return nil, ErrFull
}

// Raise makes the line fire. Context: any, handlers included.
func (l *Line) Raise() {
	atomic.AddUint64(&l.count, 1)
	atomic.OrUint32(&pending, l.bit)
}

// Pump wakes the goroutines of lines that fired. wait parks the caller until
// the word is not zero, then takes and clears its bits: the runtime's
// EventWait, or a poll. Pump never returns; it is a goroutine of its own.
func Pump(wait func(word *uint32) uint32) {
	for {
		for bits, i := wait(&pending), 0; bits != 0; bits, i = bits>>1, i+1 {
			if bits&1 == 0 || lines[i].wake == nil {
				continue
			}
			select {
			case lines[i].wake <- struct{}{}:
			default: // told already, and not yet looked
			}
		}
	}
}

// Fired receives a value when the line has fired since the last time. Several
// interrupts may make one value: the receiver asks the device what there is.
func (l *Line) Fired() <-chan struct{} { return l.wake }

// LineInfo is a snapshot of a line, for the irq command.
type LineInfo struct {
	IRQ    uint8  // 16 and above: an event of software's
	Vector uint8  // 0 for those
	Name   string // empty: nobody's
	Masked bool
	Count  uint64
}

// Lines is how many lines Info knows.
const Lines = irqLines + events

// Info returns a snapshot of line i (0 to Lines-1).
func Info(i uint8) LineInfo {
	l := &lines[i%Lines]
	info := LineInfo{IRQ: i, Name: l.name, Count: atomic.LoadUint64(&l.count)}
	if i < irqLines {
		info.Vector, info.Masked = irqBase+i, controller.Masked(i)
	}
	return info
}

// SpuriousCount returns how many spurious interrupts there have been.
func SpuriousCount() uint64 { return atomic.LoadUint64(&spurious) }
