package interrupts

import "vitrine/drivers/ioport"

// PIC is the pair of 8259A interrupt controllers that every PC has had since
// 1984 (Intel 8259A data sheet). Eight lines each; the second hangs on line 2
// of the first:
//
//	IRQ 0 timer ----+                 IRQ 8 RTC --------+
//	IRQ 1 keyboard -|                 IRQ 9 ACPI -------|
//	IRQ 2 <---------|----- slave -----IRQ 10, 11 -------|
//	IRQ 3, 4 serial-|-- master        IRQ 12 mouse -----|
//	IRQ 5, 6, 7 ----+     |           IRQ 13, 14, 15 ---+
//	                      +--> CPU, with the vector
//
// The IBM PC's firmware let it use vectors 8 to 15, which the processor
// needs for exceptions; so a kernel moves it first of all.
type PIC struct {
	io   ioport.Space
	mask uint16 // 1: the line is off
}

// Ports and commands.
const (
	masterCommand uint16 = 0x20
	masterData    uint16 = 0x21
	slaveCommand  uint16 = 0xa0
	slaveData     uint16 = 0xa1

	icw1Init     uint8 = 0x11 // ICW1: edge triggered, cascade, ICW4 follows
	icw4Mode8086 uint8 = 0x01 // ICW4: vectors as on the 8086, explicit EOI
	ocw2EOI      uint8 = 0x20 // OCW2: end of interrupt, the one in service
	ocw3ReadISR  uint8 = 0x0b // OCW3: next read gives the in-service register

	cascade uint8 = 2 // the master's line that the slave hangs on
)

// NewPIC returns the controllers behind io. It touches no hardware.
func NewPIC(io ioport.Space) PIC { return PIC{io: io, mask: 0xffff &^ (1 << cascade)} }

// Init moves the lines to vectors base to base+15 and masks them all but the
// cascade. base is a multiple of 8.
//
// Context: interrupts off.
func (p *PIC) Init(base uint8) {
	p.io.Out8(masterCommand, icw1Init)
	p.io.Out8(slaveCommand, icw1Init)
	p.io.Out8(masterData, base) // ICW2: first vector
	p.io.Out8(slaveData, base+8)
	p.io.Out8(masterData, 1<<cascade) // ICW3: where the slave is
	p.io.Out8(slaveData, cascade)     // ICW3: which slave it is
	p.io.Out8(masterData, icw4Mode8086)
	p.io.Out8(slaveData, icw4Mode8086)
	p.mask = 0xffff &^ (1 << cascade)
	p.io.Out8(masterData, uint8(p.mask))
	p.io.Out8(slaveData, uint8(p.mask>>8))
}

// SetMask turns line irq (0 to 15) off or on. Context: interrupts off.
func (p *PIC) SetMask(irq uint8, off bool) {
	bit := uint16(1) << (irq & 15)
	if off {
		p.mask |= bit
	} else {
		p.mask &^= bit
	}
	if irq < 8 {
		p.io.Out8(masterData, uint8(p.mask))
	} else {
		p.io.Out8(slaveData, uint8(p.mask>>8))
	}
}

// Masked tells whether line irq is off.
func (p *PIC) Masked(irq uint8) bool { return p.mask>>(irq&15)&1 != 0 }

// Spurious tells whether an interrupt of line irq is not real: a line that
// went quiet before the processor asked is reported as the controller's lowest
// priority, 7 or 15, without being in service. Such an interrupt must not be
// ended, but for IRQ 15 the master, which knows only of the cascade, must.
func (p *PIC) Spurious(irq uint8) bool {
	switch irq {
	case 7:
		p.io.Out8(masterCommand, ocw3ReadISR)
		return p.io.In8(masterCommand)&0x80 == 0
	case 15:
		p.io.Out8(slaveCommand, ocw3ReadISR)
		if p.io.In8(slaveCommand)&0x80 == 0 {
			p.io.Out8(masterCommand, ocw2EOI)
			return true
		}
	}
	return false
}

// EndOfInterrupt allows further interrupts of line irq and below.
func (p *PIC) EndOfInterrupt(irq uint8) {
	if irq >= 8 {
		p.io.Out8(slaveCommand, ocw2EOI)
	}
	p.io.Out8(masterCommand, ocw2EOI)
}
