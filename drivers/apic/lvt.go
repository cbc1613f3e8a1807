package apic

// LVT is an entry of the local vector table: what one of the processor's own
// sources of interrupts does (SDM Vol. 3A, "Local Vector Table"):
//
//	 31   19 18  17  16    15      14       13     12   11 10   8 7      0
//	|       | mode | mask | level | remote | low |status|  | kind | vector |
//
// The mode is the timer's, from the level on to kind are the inputs'.
type LVT uint32

const (
	lvtSent     LVT = 1 << 12
	lvtLow      LVT = 1 << 13
	lvtLevel    LVT = 1 << 15
	lvtMasked   LVT = 1 << 16
	lvtDeadline LVT = 2 << 17 // else one shot
	lvtKind     LVT = 7 << 8
)

// Delivery is the kind of a message: what the processor does about it.
type Delivery uint8

// The kinds (SDM Vol. 3A, "Interrupt Command Register (ICR)", and 82093AA, "I/O
// Redirection Table Registers"). Not every sender can send all of them.
const (
	Fixed   Delivery = 0 // a vector, as usual
	Lowest  Delivery = 1 // the same, to whichever of several is least busy
	SMI     Delivery = 2
	NMI     Delivery = 4
	Init    Delivery = 5
	Startup Delivery = 6
	ExtINT  Delivery = 7 // ask the 8259 for the vector
)

var deliveryNames = [8]string{"fixed", "lowest", "SMI", "reserved", "NMI", "INIT", "STARTUP", "ExtINT"}

// String returns the manual's name.
func (d Delivery) String() string { return deliveryNames[d&7] }

// NewLVT returns an unmasked entry of an input. The vector counts only for the
// kind Fixed; only there can low and level be trusted to count.
func NewLVT(d Delivery, vector uint8, low, level bool) LVT {
	e := LVT(vector) | LVT(d)<<8
	if low {
		e |= lvtLow
	}
	if level {
		e |= lvtLevel
	}
	return e
}

// MaskedLVT is an entry that does nothing. It has a vector, as some controllers
// complain of one below 16 in masked entries, too.
const MaskedLVT = lvtMasked | 0xff

// Masked tells whether the source is off.
func (e LVT) Masked() bool { return e&lvtMasked != 0 }

// Vector returns which vector the source raises, if its Delivery is Fixed.
func (e LVT) Vector() uint8 { return uint8(e) }

// Delivery returns the kind of the message.
func (e LVT) Delivery() Delivery { return Delivery(e & lvtKind >> 8) }

// Low tells whether the input is active when it is low.
func (e LVT) Low() bool { return e&lvtLow != 0 }

// Level tells whether the input interrupts while it is active.
func (e LVT) Level() bool { return e&lvtLevel != 0 }

// Pending tells whether an interrupt waits to be taken by the processor.
func (e LVT) Pending() bool { return e&lvtSent != 0 }

// SetInputs says what the two inputs of this processor do; Wiring.Inputs knows.
//
// Context: interrupts off, after Enable.
func (l *Local) SetInputs(in [2]LVT) {
	l.write(regLVTInput0, uint32(in[0]))
	l.write(regLVTInput1, uint32(in[1]))
}

// SetErrorVector makes errors of this controller interrupt.
//
// Context: interrupts off, after Enable.
func (l *Local) SetErrorVector(vector uint8) {
	if l.Version().Entries >= 4 {
		l.write(regLVTError, uint32(vector))
	}
}

// SetCounterNMI makes an overflow of the performance counters an NMI; the
// processor masks the source each time that happens. Off switches it off.
//
// Context: interrupts off, after Enable.
func (l *Local) SetCounterNMI(on bool) {
	switch {
	case l.Version().Entries < 5:
	case on:
		l.write(regLVTCounter, uint32(NewLVT(NMI, 0, false, false)))
	default:
		l.write(regLVTCounter, uint32(MaskedLVT))
	}
}
