package uart_test

import "vitrine/drivers/ioport"

// chip is a 16550 of its own, as far as this driver can tell: FIFOs, loopback,
// line errors, and an interrupt line whose rising edge calls onEdge, on top of
// whoever just touched a port, as a real interrupt would. Time passes with
// each access: byteTime of them for a byte to leave.
type chip struct {
	byteTime int    // accesses a byte; 0: at once
	jammed   bool   // nothing ever leaves
	onEdge   func() // the interrupt, with interrupts on

	wire             []byte // what was sent
	accesses         int
	dll, dlm         uint8
	ier, lcr, mcr    uint8
	scratch          uint8
	receiver         []byte
	errors           uint8 // LSR bits 1 to 4
	transmitter      []byte
	busy             int  // accesses until the next byte has left
	emptied          bool // THRE interrupt pending
	line, inHandler  bool
	lostToOverfill   int
	interruptsRaised int
}

const base = 0x3f8

var _ ioport.Space = (*chip)(nil)

// arrive puts bytes on the wire to the chip.
func (c *chip) arrive(bytes ...byte) {
	for _, b := range bytes {
		if len(c.receiver) == 16 {
			c.errors |= 1 << 1
			continue
		}
		c.receiver = append(c.receiver, b)
	}
	c.settle()
}

// fault makes the next line status tell an error.
func (c *chip) fault(bits uint8) {
	c.errors |= bits
	c.settle()
}

func (c *chip) tick() {
	c.accesses++
	if len(c.transmitter) == 0 || c.jammed {
		return
	}
	if c.busy--; c.busy > 0 {
		return
	}
	c.leave()
}

func (c *chip) leave() {
	b := c.transmitter[0]
	c.transmitter = c.transmitter[1:]
	if c.mcr&0x10 != 0 {
		c.receiver = append(c.receiver, b)
	} else {
		c.wire = append(c.wire, b)
	}
	c.busy = c.byteTime
	if len(c.transmitter) == 0 {
		c.emptied = true
	}
}

func (c *chip) cause() uint8 {
	switch {
	case c.errors != 0 && c.ier&4 != 0:
		return 6
	case len(c.receiver) > 0 && c.ier&1 != 0:
		return 4
	case c.emptied && c.ier&2 != 0:
		return 2
	}
	return 1
}

// settle raises or lowers the interrupt line.
func (c *chip) settle() {
	was := c.line
	c.line = c.cause() != 1 && c.mcr&8 != 0
	if !c.line || was {
		return
	}
	c.interruptsRaised++
	if c.onEdge != nil && !c.inHandler {
		c.inHandler = true
		c.onEdge()
		c.inHandler = false
	}
}

func (c *chip) In8(port uint16) uint8 {
	c.tick()
	defer c.settle()
	switch port - base {
	case 0:
		if len(c.receiver) == 0 {
			return 0
		}
		b := c.receiver[0]
		c.receiver = c.receiver[1:]
		return b
	case 2:
		cause := c.cause()
		if cause == 2 {
			c.emptied = false
		}
		return 0xc0 | cause
	case 5:
		status := c.errors
		c.errors = 0
		if len(c.receiver) > 0 {
			status |= 1
		}
		if len(c.transmitter) == 0 {
			status |= 0x60
		}
		return status
	case 7:
		return c.scratch
	}
	return 0
}

func (c *chip) Out8(port uint16, v uint8) {
	c.tick()
	defer c.settle()
	latch := c.lcr&0x80 != 0
	switch reg := port - base; {
	case reg == 0 && latch:
		c.dll = v
	case reg == 1 && latch:
		c.dlm = v
	case reg == 0:
		c.emptied = false
		if len(c.transmitter) == 16 {
			c.lostToOverfill++
			return
		}
		if len(c.transmitter) == 0 {
			c.busy = c.byteTime
		}
		c.transmitter = append(c.transmitter, v)
		if c.byteTime == 0 && !c.jammed {
			c.leave()
		}
	case reg == 1:
		c.ier = v
		c.emptied = len(c.transmitter) == 0
	case reg == 2:
		if v&2 != 0 {
			c.receiver = nil
		}
		if v&4 != 0 {
			c.transmitter = nil
		}
	case reg == 3:
		c.lcr = v
	case reg == 4:
		c.mcr = v
	case reg == 7:
		c.scratch = v
	}
}

func (c *chip) In16(uint16) uint16   { panic("the chip has 8-bit registers") }
func (c *chip) In32(uint16) uint32   { panic("the chip has 8-bit registers") }
func (c *chip) Out16(uint16, uint16) { panic("the chip has 8-bit registers") }
func (c *chip) Out32(uint16, uint32) { panic("the chip has 8-bit registers") }

// errStopped is what a stopper panics with.
const errStopped = "stopped for good"

// stopper is a chip whose user is stopped, never to run again, after some
// accesses.
type stopper struct {
	*chip
	after int
}

func (s *stopper) count() {
	if s.after--; s.after < 0 {
		panic(errStopped)
	}
}

func (s *stopper) In8(port uint16) uint8 {
	s.count()
	return s.chip.In8(port)
}

func (s *stopper) Out8(port uint16, v uint8) {
	s.count()
	s.chip.Out8(port, v)
}
