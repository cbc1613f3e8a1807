package apic

import "vitrine/mm"

// Wiring says how this machine's controllers are connected. The firmware knows;
// it is what package acpi calls MADT, in this package's words.
type Wiring struct {
	IO        []Chip
	Overrides []Override
	NMIs      []Line      // lines to I/O APICs that raise NMIs
	LocalNMIs []LocalLine // inputs of local APICs that do
}

// Chip is where an I/O APIC is.
type Chip struct {
	ID   uint8
	Addr mm.PhysAddr
	Base uint32 // its first GSI
}

// Polarity and Trigger are as in package acpi: 0 is "as is usual on the bus",
// which for the PC's old lines means active high and edge, 1 is high or edge,
// 3 is low or level.
type (
	Polarity uint8
	Trigger  uint8
)

func (p Polarity) low() bool  { return p == 3 }
func (t Trigger) level() bool { return t == 3 }

// Line is a line that arrives at a GSI.
type Line struct {
	GSI      uint32
	Polarity Polarity
	Trigger  Trigger
}

// Override is where one of the PC's old lines (IRQ 0 to 15) arrives, and how, if
// not at the GSI of the same number, active high and with edge trigger.
type Override struct {
	IRQ uint8
	Line
}

// LocalLine is an NMI that arrives at an input of a local APIC.
type LocalLine struct {
	Processor uint32 // ACPI's UID of the processor, or AllProcessors
	Input     uint8  // LINT0 or LINT1
	Polarity  Polarity
	Trigger   Trigger
}

// AllProcessors stands for every processor.
const AllProcessors uint32 = 0xffff_ffff

// Inputs returns what the two inputs of a processor do. uid is what ACPI calls
// it. With pic, LINT0 lets the 8259's interrupts through: for the one processor
// that serves them in a machine that is run without I/O APICs.
//
// Context: any; does not allocate.
func (w *Wiring) Inputs(uid uint32, pic bool) [2]LVT {
	in := [2]LVT{MaskedLVT, MaskedLVT}
	if pic {
		in[0] = NewLVT(ExtINT, 0, false, false)
	}
	for _, n := range w.LocalNMIs {
		if n.Input < 2 && (n.Processor == uid || n.Processor == AllProcessors) {
			// An NMI is always edge triggered (SDM Vol. 3A, "Local Vector Table").
			in[n.Input] = NewLVT(NMI, 0, n.Polarity.low(), false)
		}
	}
	return in
}
