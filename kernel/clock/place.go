package clock

import (
	"vitrine/drivers/ioport"
	"vitrine/drivers/mmio"
	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// Place is where a counter that goes up is read: one that can be the clock, as
// reading it takes no driver, no lock and next to no stack.
type Place struct {
	kind placeKind
	bits uint8 // its width; 0 is 64
	port uint16
	at   mm.VirtAddr
}

type placeKind uint8

const (
	inTSC placeKind = iota
	inMemory
	inPort
)

// TSC is the place of the processor's time-stamp counter.
func TSC() Place { return Place{} }

// Memory is the place of a counter in memory: 64 bits, of which the lower 32 are
// read if there are no more.
func Memory(at mm.VirtAddr, bits int) Place { return Place{kind: inMemory, bits: uint8(bits), at: at} }

// Port is the place of a counter behind an I/O port, read as 32 bits.
func Port(port uint16, bits int) Place { return Place{kind: inPort, bits: uint8(bits), port: port} }

// Bits returns the counter's width.
func (p *Place) Bits() int {
	if p.bits == 0 {
		return 64
	}
	return int(p.bits)
}

// Read returns the counter's value, in its width.
//
// Context: any; no more than 100 bytes of stack; does not allocate.
//
//go:nosplit
func (p *Place) Read() uint64 {
	switch p.kind {
	case inMemory:
		return p.readMemory()
	case inPort:
		return uint64(ioport.Hardware{}.In32(p.port)) & (1<<p.bits - 1)
	}
	return cpu.OrderedTSC()
}

// readMemory reads the two halves one by one, as not every device can be read 64
// bits at a time, and again if the upper one has changed meanwhile.
//
//go:nosplit
func (p *Place) readMemory() uint64 {
	low, high := mmio.Hardware{Base: p.at}, mmio.Hardware{Base: p.at + 4}
	if p.bits <= 32 {
		return uint64(low.Load32(0)) & (1<<p.bits - 1)
	}
	for {
		h := high.Load32(0)
		l := low.Load32(0)
		if high.Load32(0) == h {
			return uint64(h)<<32 | uint64(l)
		}
	}
}
