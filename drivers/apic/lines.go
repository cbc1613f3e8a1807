package apic

import (
	"vitrine/drivers/mmio"
	"vitrine/mm"
)

// IRQs is how many lines the PC's old bus has. Devices that were there in 1984
// are known by these numbers still.
const IRQs = 16

// maxChips is how many I/O APICs are used; more than any PC has.
const maxChips = 16

// Lines are all I/O APICs of the machine, and which of their pins serve the
// lines IRQ 0 to 15. It stands where two 8259s stand otherwise.
type Lines struct {
	local  *Local
	locker mm.Locker
	chips  [maxChips]IO
	n      int
	irqs   [IRQs]Line
	known  [IRQs]bool // the line arrives somewhere
	nmis   []Line
}

// NewLines returns the controllers that w names; open makes their registers, 32
// bytes at an address, accessible. A chip that does not answer is left out.
// Interrupts end through local. A nil locker is right if there are neither other
// processors nor handlers that mask lines.
//
// Errors:  ErrAbsent, if there is no I/O APIC at all.
// Context: allocates; touches no hardware but to ask chips for their pins.
func NewLines(w *Wiring, local *Local, open func(mm.PhysAddr) (mmio.Space, error), locker mm.Locker) (*Lines, error) {
	c := &Lines{local: local, locker: locker, nmis: append([]Line(nil), w.NMIs...)}
	for _, chip := range w.IO {
		if c.n == maxChips {
			break
		}
		space, err := open(chip.Addr)
		if err != nil {
			continue
		}
		if io, err := NewIO(space, chip.Base); err == nil {
			c.chips[c.n] = io
			c.n++
		}
	}
	if c.n == 0 {
		return nil, ErrAbsent
	}
	c.route(w.Overrides)
	return c, nil
}

// route finds out where IRQ 0 to 15 arrive. One without an override arrives at
// the GSI of its number, unless an override has brought another line there: so
// IRQ 2, which only joins the two 8259s, has no pin if the timer has its.
func (c *Lines) route(overrides []Override) {
	for i := range c.irqs {
		c.irqs[i] = Line{GSI: uint32(i)}
		c.known[i] = true
	}
	var moved [IRQs]bool
	for _, o := range overrides {
		if o.IRQ < IRQs {
			c.irqs[o.IRQ], moved[o.IRQ] = o.Line, true
		}
	}
	for i := range c.irqs {
		_, _, c.known[i] = c.find(c.irqs[i].GSI)
		for j := range c.irqs {
			if moved[j] && !moved[i] && c.irqs[j].GSI == uint32(i) {
				c.known[i] = false
			}
			if moved[j] && moved[i] && j < i && c.irqs[j].GSI == c.irqs[i].GSI {
				c.known[i] = false // two for one pin: the first has it
			}
		}
	}
}

// find returns the chip and pin that serve a GSI.
func (c *Lines) find(gsi uint32) (io *IO, pin uint32, ok bool) {
	for i := range c.chips[:c.n] {
		if pin, ok := c.chips[i].pin(gsi); ok {
			return &c.chips[i], pin, true
		}
	}
	return nil, 0, false
}

func (c *Lines) lock() uint64 {
	if c.locker == nil {
		return 0
	}
	return c.locker.Lock()
}

func (c *Lines) unlock(flags uint64) {
	if c.locker != nil {
		c.locker.Unlock(flags)
	}
}

// Start masks every pin of every chip, then gives IRQ n the vector base+n, on
// the processor whose local APIC's ID is destination, still masked; and connects
// the lines that raise NMIs.
//
// Context: interrupts off, after Local.Enable; does not allocate.
func (c *Lines) Start(base uint8, destination uint32) {
	defer c.unlock(c.lock())
	for i := range c.chips[:c.n] {
		for pin := range uint32(c.chips[i].pins) {
			c.chips[i].setEntry(pin, entryMasked)
		}
	}
	for i, l := range c.irqs {
		if c.known[i] {
			io, pin, _ := c.find(l.GSI)
			io.setEntry(pin, NewEntry(Fixed, base+uint8(i), destination, l.Polarity.low(), l.Trigger.level()))
		}
	}
	for _, l := range c.nmis {
		if io, pin, ok := c.find(l.GSI); ok {
			io.setEntry(pin, NewEntry(NMI, 0, destination, l.Polarity.low(), false).WithMask(false))
		}
	}
}

// SetMask switches line irq off or on. A line that arrives nowhere stays off.
//
// Context: any; does not allocate.
func (c *Lines) SetMask(irq uint8, off bool) {
	if irq %= IRQs; c.known[irq] {
		flags := c.lock()
		io, pin, _ := c.find(c.irqs[irq].GSI)
		io.setMask(pin, off)
		c.unlock(flags)
	}
}

// Masked tells whether line irq is off.
func (c *Lines) Masked(irq uint8) bool {
	r, ok := c.Route(irq)
	return !ok || r.Entry.Masked()
}

// Spurious tells whether an interrupt of line irq is not real: never, as the
// local APIC has a vector for those. It is here because a PIC needs it.
func (c *Lines) Spurious(uint8) bool { return false }

// EndOfInterrupt ends the interrupt of line irq that this processor handles.
//
// Context: a handler. One store, whatever the line.
func (c *Lines) EndOfInterrupt(uint8) { c.local.EndOfInterrupt() }

// SetDestination sends line irq to another processor from now on.
//
// Errors:  ErrPin, ErrDestination.
// Context: any; does not allocate.
func (c *Lines) SetDestination(irq uint8, destination uint32) error {
	irq %= IRQs
	switch {
	case !c.known[irq]:
		return ErrPin
	case destination > 0xfe:
		return ErrDestination
	}
	flags := c.lock()
	io, pin, _ := c.find(c.irqs[irq].GSI)
	io.setEntry(pin, io.entry(pin).WithDestination(destination))
	c.unlock(flags)
	return nil
}

// SetEntry connects any GSI, such as a PCI device's.
//
// Errors:  ErrPin.
// Context: any; does not allocate.
func (c *Lines) SetEntry(gsi uint32, e Entry) error {
	io, pin, ok := c.find(gsi)
	if !ok {
		return ErrPin
	}
	flags := c.lock()
	io.setEntry(pin, e)
	c.unlock(flags)
	return nil
}

// Route is where a line arrives and what becomes of it.
type Route struct {
	GSI   uint32
	Chip  int // number of the I/O APIC, from 0
	Pin   int
	Entry Entry // as the chip has it now
}

// Route returns what becomes of line irq (0 to 15); false if it arrives nowhere.
//
// Context: any; does not allocate.
func (c *Lines) Route(irq uint8) (Route, bool) {
	if irq >= IRQs || !c.known[irq] {
		return Route{}, false
	}
	return c.RouteGSI(c.irqs[irq].GSI)
}

// RouteGSI returns what becomes of a GSI; false if no chip serves it.
//
// Context: any; does not allocate.
func (c *Lines) RouteGSI(gsi uint32) (Route, bool) {
	for i := range c.chips[:c.n] {
		if pin, ok := c.chips[i].pin(gsi); ok {
			flags := c.lock()
			e := c.chips[i].entry(pin)
			c.unlock(flags)
			return Route{GSI: gsi, Chip: i, Pin: int(pin), Entry: e}, true
		}
	}
	return Route{}, false
}

// ChipInfo describes an I/O APIC.
type ChipInfo struct {
	ID, Version uint8
	Base        uint32
	Pins        int
}

// Chips returns the I/O APICs.
//
// Context: goroutines; allocates.
func (c *Lines) Chips() []ChipInfo {
	defer c.unlock(c.lock())
	list := make([]ChipInfo, 0, maxChips)
	for i := range c.chips[:c.n] {
		io := &c.chips[i]
		list = append(list, ChipInfo{ID: io.ID(), Version: io.Version(), Base: io.base, Pins: io.pins})
	}
	return list
}
