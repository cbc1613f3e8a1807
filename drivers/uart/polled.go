package uart

import (
	"sync/atomic"

	"vitrine/drivers/ioport"
)

// DefaultBaud is the speed in bits a second that everything here uses unless
// told otherwise: the fastest that the PC's oscillator gives.
const DefaultBaud = 115200

// Bounds of each wait for the chip. A port read takes about a microsecond on
// real hardware, a byte 87 at the default speed.
const (
	maxPolls = 100_000 // while the chip is set up
	probes   = 2       // sent in loopback, to find out whether there is a chip

	// maxWait is for the transmitter. In an emulator it is as slow as the
	// program that reads the line, which may be busy for a while.
	maxWait = 20 * maxPolls
)

// Polled is a serial line that is watched rather than listened to: it needs no
// interrupts, no runtime and no memory but itself. A package variable
//
//	var line = uart.Polled{IO: ioport.Hardware{}, Base: uart.COM1}
//
// is ready before any initialiser has run.
type Polled struct {
	IO   ioport.Space
	Base uint16

	// stuck remembers that the last wait for the transmitter ran out, so that
	// a long message to a dead line does not wait for each byte.
	stuck atomic.Bool
}

func (p *Polled) read(reg uint16) uint8     { return p.IO.In8(p.Base + reg) }
func (p *Polled) write(reg uint16, v uint8) { p.IO.Out8(p.Base+reg, v) }
func (p *Polled) status() lineStatus        { return lineStatus(p.read(regLineStatus)) }

// WriteByte waits for the transmitter and hands it c.
//
// Errors:  ErrStuck.
// Context: any, interrupts on or off, before the runtime is up. Spins up to
// 2 s, but only once in a row; never allocates.
func (p *Polled) WriteByte(c byte) error {
	for range p.patience() {
		if p.status()&transmitReady != 0 {
			p.stuck.Store(false)
			p.write(regData, c)
			return nil
		}
	}
	p.stuck.Store(true)
	return ErrStuck
}

// patience is how often to look before giving up.
func (p *Polled) patience() int {
	if p.stuck.Load() {
		return 1
	}
	return maxWait
}

// ReadByte returns a byte that has come, without waiting for one.
//
// Errors:  ErrEmpty, ErrAbsent.
// Context: as WriteByte, but not while a Port serves the same chip.
func (p *Polled) ReadByte() (byte, error) {
	switch s := p.status(); {
	case s == emptyBus:
		return 0, ErrAbsent
	case s&dataReady == 0:
		return 0, ErrEmpty
	}
	return p.read(regData), nil
}
