package uart

import (
	"sync/atomic"

	"vitrine/drivers/ioport"
)

// Port is a serial line that calls: bytes that arrive wait in a ring until a
// goroutine reads them, and bytes to be sent wait in another until the chip
// has room.
//
// Until Listen it is polled, so it can be written to from the start.
type Port struct {
	Polled

	received, unsent ring
	listening        atomic.Bool
	feeding          atomic.Uint32 // who fills the transmitter: see feed
	counters         counters
}

// New returns the port of the chip at base. It touches no hardware.
func New(io ioport.Space, base uint16) *Port {
	return &Port{Polled: Polled{IO: io, Base: base}}
}

// Init is Polled.Init. It ends what Listen began.
func (p *Port) Init(baud uint32) error {
	p.listening.Store(false)
	return p.Polled.Init(baud)
}

// Listen lets the chip raise its interrupt. Call it after Init, when Interrupt
// has been wired.
//
// Context: goroutine.
func (p *Port) Listen() {
	p.listening.Store(true)
	p.write(regInterruptEnable, onReceive|onTransmit|onLineStatus)
}

// Read takes up to len(buf) bytes that have come. It does not wait: what wakes
// the reader is the kernel's business, after Interrupt.
//
// Errors:  ErrEmpty; ErrAbsent before Listen.
// Context: one goroutine.
func (p *Port) Read(buf []byte) (int, error) {
	for n := range buf {
		c, err := p.ReadByte()
		if err != nil && n == 0 {
			return 0, err
		}
		if err != nil {
			return n, nil
		}
		buf[n] = c
	}
	return len(buf), nil
}

// ReadByte takes one byte that has come.
//
// Errors, Context: as Read.
func (p *Port) ReadByte() (byte, error) {
	if !p.listening.Load() {
		return p.Polled.ReadByte()
	}
	if c, ok := p.received.pop(); ok {
		return c, nil
	}
	return 0, ErrEmpty
}

// Write sends b. It returns when everything is in the ring; when the ring is
// full it spins until the line has taken enough, and when the line takes
// nothing for 2 s it gives up.
//
// Errors:  ErrStuck, with the number of bytes that went into the ring.
// Context: one goroutine at a time (package kernel/console has a lock).
func (p *Port) Write(b []byte) (int, error) {
	for i, c := range b {
		if err := p.send(c); err != nil {
			return i, err
		}
	}
	p.feed()
	return len(b), nil
}

func (p *Port) send(c byte) error {
	if !p.listening.Load() {
		return p.WriteByte(c)
	}
	for range p.patience() {
		if p.unsent.push(c) {
			return nil
		}
		p.feed()
	}
	if p.unsent.push(c) { // the last feed may have made room
		return nil
	}
	p.stuck.Store(true)
	return ErrStuck
}

// WriteByte sends what still waits, then c, and returns when the chip has it.
//
// Errors:  ErrStuck.
// Context: any, interrupts on or off, in a panic, whoever was stopped in the
// middle of Write. Spins; never allocates.
func (p *Port) WriteByte(c byte) error {
	if err := p.Flush(); err != nil {
		return err
	}
	return p.Polled.WriteByte(c)
}

// Flush returns when the chip has everything that was written. Call it before
// the machine goes down.
//
// It may have stopped the one who was filling the transmitter in the middle,
// never to run again: then it takes over.
//
// Errors, Context: as WriteByte.
func (p *Port) Flush() error {
	// In polls of a microsecond or less. Filling takes 16 µs, but whoever does it
	// may be a processor of a virtual machine, which its host has suspended; and
	// two who fill at a time lose bytes.
	const takeOver = 50_000
	polls, left := 0, p.unsent.len()
	for left > 0 {
		p.feed()
		if now := p.unsent.len(); now != left {
			polls, left = 0, now
			continue
		}
		polls++
		p.lineStatus() // for the time that it takes
		if polls%takeOver == 0 || p.stuck.Load() {
			p.feeding.Store(nobody)
		}
		if polls > p.patience() {
			p.stuck.Store(true)
			return ErrStuck
		}
	}
	return nil
}

// Unsent returns how many bytes wait to be sent.
func (p *Port) Unsent() int { return p.unsent.len() }
