package apic

// Entry is an entry of an I/O APIC's redirection table: what a device's line
// becomes (82093AA, "I/O Redirection Table Registers"):
//
//	 63         56 55   17  16     15     14     13     12       11     10  8 7      0
//	| destination |       | mask | level | IRR  | low | sent? | logical | kind | vector |
//
// IRR, of a line with level trigger: the processor has got the interrupt and not
// yet ended it.
type Entry uint64

const (
	entrySent   Entry = 1 << 12
	entryLow    Entry = 1 << 13
	entryIRR    Entry = 1 << 14
	entryLevel  Entry = 1 << 15
	entryMasked Entry = 1 << 16
	entryKind   Entry = 7 << 8

	entryReadOnly = entrySent | entryIRR
)

// NewEntry returns an entry, masked, that sends vector to the processor whose
// local APIC has the given ID. Only IDs up to 254 can be reached.
func NewEntry(d Delivery, vector uint8, destination uint32, low, level bool) Entry {
	e := entryMasked | Entry(vector) | Entry(d&7)<<8 | Entry(destination&0xff)<<56
	if low {
		e |= entryLow
	}
	if level {
		e |= entryLevel
	}
	return e
}

// WithMask returns the entry with the line off, or on.
func (e Entry) WithMask(off bool) Entry {
	if off {
		return e | entryMasked
	}
	return e &^ entryMasked
}

// WithDestination returns the entry for another processor.
func (e Entry) WithDestination(destination uint32) Entry {
	return e&^(0xff<<56) | Entry(destination&0xff)<<56
}

// Vector returns what the processor gets, if Delivery is Fixed or Lowest.
func (e Entry) Vector() uint8 { return uint8(e) }

// Delivery returns the kind of the message.
func (e Entry) Delivery() Delivery { return Delivery(e & entryKind >> 8) }

// Destination returns the ID of the local APIC that gets the message.
func (e Entry) Destination() uint32 { return uint32(e >> 56) }

// Masked tells whether the line is off.
func (e Entry) Masked() bool { return e&entryMasked != 0 }

// Low tells whether the line is active when it is low.
func (e Entry) Low() bool { return e&entryLow != 0 }

// Level tells whether the line interrupts as long as it is active, and not only
// when it becomes so.
func (e Entry) Level() bool { return e&entryLevel != 0 }

// Pending tells whether a message waits to be sent.
func (e Entry) Pending() bool { return e&entrySent != 0 }

// InService tells whether a level-triggered interrupt has not been ended yet.
func (e Entry) InService() bool { return e&entryIRR != 0 }
