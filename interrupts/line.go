package interrupts

import (
	"sync/atomic"

	"vitrine/drivers/ioport"
	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// Lines of the PIC and the vectors they are moved to, behind the exceptions.
const (
	irqBase  = Exceptions
	irqLines = 16
)

// Errors of Register.
const (
	ErrNoLine = mm.Error("interrupts: there are lines 0 to 15, and 2 is the cascade")
	ErrInUse  = mm.Error("interrupts: the line has a handler already")
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
	count uint64
}

var (
	lines    [irqLines]Line
	pic      PIC
	spurious uint64

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
	l.name, l.top, l.tick, l.wakes = name, top, tick, !tick
	pic.SetMask(irq, false)
	return l, nil
}

// deliver runs the top half of line irq and ends the interrupt.
//
// Context: a handler.
func deliver(irq uint8) (tick bool) {
	if pic.Spurious(irq) {
		atomic.AddUint64(&spurious, 1)
		return false
	}
	l := &lines[irq&(irqLines-1)]
	atomic.AddUint64(&l.count, 1)
	if l.top != nil {
		l.top()
	}
	if l.wakes {
		atomic.OrUint32(&pending, 1<<irq)
	}
	pic.EndOfInterrupt(irq)
	return l.tick
}

// Pending returns the word whose bits say which lines' goroutines are to be
// woken. An idle processor must not sleep while it is not zero.
func Pending() *uint32 { return &pending }

// Pump wakes the goroutines of lines that fired. wait parks the caller until
// the word is not zero, then takes and clears its bits: the runtime's
// EventWait, or a poll. Pump never returns; it is a goroutine of its own.
func Pump(wait func(word *uint32) uint32) {
	for {
		for bits, irq := wait(&pending), 0; bits != 0; bits, irq = bits>>1, irq+1 {
			if bits&1 != 0 && irq < irqLines {
				select {
				case lines[irq].wake <- struct{}{}:
				default: // told already, and not yet looked
				}
			}
		}
	}
}

// Fired receives a value when the line has fired since the last time. Several
// interrupts may make one value: the receiver asks the device what there is.
func (l *Line) Fired() <-chan struct{} { return l.wake }

// Trigger wakes the line's goroutine as if it had fired. Context: goroutines.
func (l *Line) Trigger() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// LineInfo is a snapshot of a line, for the irq command.
type LineInfo struct {
	IRQ    uint8
	Vector uint8
	Name   string // empty: nobody's
	Masked bool
	Count  uint64
}

// Info returns a snapshot of line irq (0 to 15).
func Info(irq uint8) LineInfo {
	l := &lines[irq&(irqLines-1)]
	return LineInfo{
		IRQ: irq, Vector: irqBase + irq, Name: l.name,
		Masked: pic.Masked(irq), Count: atomic.LoadUint64(&l.count),
	}
}

// SpuriousCount returns how many spurious interrupts there have been.
func SpuriousCount() uint64 { return atomic.LoadUint64(&spurious) }
