package apic

import "vitrine/drivers/mmio"

// IO is an I/O APIC. Its inputs, pins, serve the global system interrupts
// (GSIs) from Base on.
//
// It has many registers and shows two: the number of a register goes to the
// first, and then it can be read and written at the second (82093AA, "Register
// Description").
type IO struct {
	space mmio.Space
	base  uint32
	pins  int
}

// The two registers in memory, and those behind them.
const (
	ioSelect uint64 = 0x00 // IOREGSEL
	ioWindow uint64 = 0x10 // IOWIN

	ioID      uint32 = 0x00
	ioVersion uint32 = 0x01
	ioTable   uint32 = 0x10 // two for each pin, the lower half first
)

// maxPins is how many pins the numbers of registers suffice for.
const maxPins = 120

// NewIO returns the I/O APIC behind space whose first pin is GSI base. It reads
// how many pins there are, and changes nothing.
//
// Errors:  ErrAbsent, if nothing sensible answers.
// Context: any; does not allocate.
func NewIO(space mmio.Space, base uint32) (IO, error) {
	io := IO{space: space, base: base}
	v := io.read(ioVersion)
	io.pins = int(v>>16&0xff) + 1
	if v == 0 || v == ^uint32(0) || io.pins > maxPins || base+uint32(io.pins) < base {
		return IO{}, ErrAbsent
	}
	return io, nil
}

func (io *IO) read(r uint32) uint32 {
	io.space.Store32(ioSelect, r)
	return io.space.Load32(ioWindow)
}

func (io *IO) write(r, v uint32) {
	io.space.Store32(ioSelect, r)
	io.space.Store32(ioWindow, v)
}

// Base returns the number of the first GSI.
func (io *IO) Base() uint32 { return io.base }

// Pins returns how many GSIs it serves.
func (io *IO) Pins() int { return io.pins }

// ID returns its own name, which nobody needs.
func (io *IO) ID() uint8 { return uint8(io.read(ioID) >> 24 & 0xf) }

// Version returns its version: 0x11 is an 82093AA, 0x20 a newer one.
func (io *IO) Version() uint8 { return uint8(io.read(ioVersion)) }

// pin finds the pin of a GSI.
func (io *IO) pin(gsi uint32) (uint32, bool) {
	return gsi - io.base, gsi >= io.base && gsi-io.base < uint32(io.pins)
}

// entry reads the entry of pin p.
func (io *IO) entry(p uint32) Entry {
	return Entry(io.read(ioTable+2*p+1))<<32 | Entry(io.read(ioTable+2*p))
}

// setEntry replaces the entry of pin p. The line is off in between, or a message
// of half the old and half the new entry could be sent.
func (io *IO) setEntry(p uint32, e Entry) {
	e &^= entryReadOnly
	io.write(ioTable+2*p, uint32(e|entryMasked))
	io.write(ioTable+2*p+1, uint32(e>>32))
	if !e.Masked() {
		io.write(ioTable+2*p, uint32(e))
	}
}

// setMask switches the line of pin p off or on.
func (io *IO) setMask(p uint32, off bool) {
	io.write(ioTable+2*p, uint32((Entry(io.read(ioTable+2*p)) &^ entryReadOnly).WithMask(off)))
}
