// Package ps2test is a make-believe 8042 with a keyboard and a mouse, for tests
// of package ps2 and of what stands on it. It is written from the hardware's
// side: it knows nothing of the driver, takes time for its answers and can be
// broken in the ways that real ones are.
package ps2test

import "time"

// Controller is an 8042 and the time in which it lives. It is an ioport.Space
// and a ps2.Clock. Set the fields before it is used.
type Controller struct {
	Keyboard *Keyboard // nil: nothing is plugged in
	Mouse    *Mouse    // nil: nothing is plugged in

	Absent          bool    // there is no controller; ports read as Floating
	Floating        uint8   // what an empty bus reads as
	Stuck           bool    // it never takes a byte
	OnePort         bool    // as in the PC AT: commands for a second port do nothing
	SelfTests       []uint8 // answers, one a self-test, the last one stays; none: it passes
	ForgetsSettings bool    // the self-test resets the configuration byte
	FirstPortTest   uint8   // answer; 0 is passed
	SecondPortTest  uint8
	AnswersForNone  bool // to a byte for an unplugged device it answers "resend"

	// Interrupt, if set, is called as the handler of IRQ 1 and 12 would be: at
	// any time that the ports are used or time passes, but not within itself.
	Interrupt func()

	Commands []uint8 // that were written to port 64
	IRQs     [16]int // how many interrupts were raised

	now       time.Duration
	config    uint8
	output    uint8 // the byte in the output buffer
	full      bool
	second    bool  // ... is the mouse's
	flaw      uint8 // ... has these bits of the status set
	argument  uint8 // the command that waits for its argument, or 0
	releasing bool  // translation: f0 was seen
	own       []uint8
	inHandler bool
	pending   bool
}

// Bits of the configuration byte and of the status.
const (
	cfgFirstIRQ  = 0x01
	cfgSecondIRQ = 0x02
	cfgFirstOff  = 0x10
	cfgSecondOff = 0x20
	cfgTranslate = 0x40

	stOutputFull = 0x01
	stInputFull  = 0x02
	stTested     = 0x04
	stUnlocked   = 0x10
	stSecond     = 0x20
	stTimeout    = 0x40
)

// New returns a controller as a BIOS leaves it, with a keyboard of 105 keys and
// a mouse with a wheel.
func New() *Controller {
	return &Controller{
		Keyboard: NewKeyboard(),
		Mouse:    NewMouse(),
		config:   cfgFirstIRQ | cfgSecondIRQ | cfgTranslate | stTested,
	}
}

// Now returns the time since New.
func (c *Controller) Now() time.Duration { return c.now }

// Sleep lets d pass. Devices answer meanwhile, and interrupts come.
func (c *Controller) Sleep(d time.Duration) {
	const step = 100 * time.Microsecond
	for end := c.now + d; c.now < end; {
		c.now += min(step, end-c.now)
		c.pump()
	}
}

// Config returns the configuration byte.
func (c *Controller) Config() uint8 { return c.config }

// In8 reads a port.
func (c *Controller) In8(port uint16) uint8 {
	if c.Absent || port != 0x60 && port != 0x64 {
		return c.Floating
	}
	c.pump()
	if port == 0x60 {
		b := c.output
		c.full = false
		c.pump()
		return b
	}
	s := uint8(stTested | stUnlocked)
	if c.full {
		s |= stOutputFull
		if c.second {
			s |= stSecond
		}
		s |= c.flaw
	}
	if c.Stuck {
		s |= stInputFull
	}
	return s
}

// Out8 writes a port.
func (c *Controller) Out8(port uint16, v uint8) {
	switch {
	case c.Absent || c.Stuck:
	case port == 0x64:
		c.Commands = append(c.Commands, v)
		c.command(v)
	case port == 0x60:
		argument := c.argument
		c.argument = 0
		c.data(argument, v)
	}
	c.pump()
}

// In16 reads an empty bus: the 8042 has 8 lines.
func (c *Controller) In16(uint16) uint16 { return 0xffff }

// In32 reads an empty bus.
func (c *Controller) In32(uint16) uint32 { return 0xffff_ffff }

// Out16 does nothing.
func (c *Controller) Out16(uint16, uint16) {}

// Out32 does nothing.
func (c *Controller) Out32(uint16, uint32) {}

func (c *Controller) command(v uint8) {
	switch v {
	case 0x20:
		c.own = append(c.own, c.config)
	case 0x60, 0xd2, 0xd4:
		c.argument = v
	case 0xa7, 0xa8, 0xa9:
		c.commandSecond(v)
	case 0xaa:
		c.own = append(c.own, c.selfTest())
	case 0xab:
		c.own = append(c.own, c.FirstPortTest)
	case 0xad:
		c.config |= cfgFirstOff
	case 0xae:
		c.config &^= cfgFirstOff
	}
}

func (c *Controller) commandSecond(v uint8) {
	switch {
	case c.OnePort:
	case v == 0xa7:
		c.config |= cfgSecondOff
	case v == 0xa8:
		c.config &^= cfgSecondOff
	case v == 0xa9:
		c.own = append(c.own, c.SecondPortTest)
	}
}

func (c *Controller) selfTest() uint8 {
	if c.ForgetsSettings {
		c.config = cfgFirstIRQ | cfgTranslate
	}
	if len(c.SelfTests) == 0 {
		return 0x55
	}
	answer := c.SelfTests[0]
	if len(c.SelfTests) > 1 {
		c.SelfTests = c.SelfTests[1:]
	}
	return answer
}

// data takes a byte written to port 60: the argument of a command, or a byte
// for a device, whose clock it turns on.
func (c *Controller) data(argument, v uint8) {
	switch argument {
	case 0x60:
		if c.OnePort {
			v &^= cfgSecondOff | cfgSecondIRQ
		}
		c.config = v
	case 0xd2:
		c.own = append(c.own, v)
	case 0xd4:
		if c.OnePort {
			return
		}
		c.config &^= cfgSecondOff
		if c.Mouse != nil {
			c.Mouse.receive(c.now, v)
		} else {
			c.answerForNone(true)
		}
	default:
		c.config &^= cfgFirstOff
		if c.Keyboard != nil {
			c.Keyboard.receive(c.now, v)
		} else {
			c.answerForNone(false)
		}
	}
}

func (c *Controller) answerForNone(second bool) {
	if c.AnswersForNone {
		c.load(0xfe, second, stTimeout)
	}
}

// pump moves the next byte into the output buffer if it is free: the
// controller's own answers first, then what devices have sent.
func (c *Controller) pump() {
	for !c.full {
		switch {
		case len(c.own) > 0:
			b := c.own[0]
			c.own = c.own[1:]
			c.load(b, false, 0)
		case c.Keyboard != nil && c.config&cfgFirstOff == 0 && c.Keyboard.ready(c.now):
			b, whole := c.translate(c.Keyboard.take())
			if whole {
				c.load(b, false, 0)
			}
		case c.Mouse != nil && c.config&cfgSecondOff == 0 && c.Mouse.ready(c.now):
			c.load(c.Mouse.take(), true, 0)
		default:
			return
		}
	}
}

// Damage is a byte of the keyboard that fails on the wire. The flaw is the bit of
// the status that says why: 80 parity, 40 timeout.
func (c *Controller) Damage(flaw uint8) { c.load(0xff, false, flaw) }

func (c *Controller) load(b uint8, second bool, flaw uint8) {
	c.output, c.second, c.full, c.flaw = b, second, true, flaw
	switch {
	case second && c.config&cfgSecondIRQ != 0:
		c.raise(12)
	case !second && c.config&cfgFirstIRQ != 0:
		c.raise(1)
	}
}

// raise calls the handler, or again after it if it is running: an interrupt
// that comes while interrupts are off stays pending.
func (c *Controller) raise(irq int) {
	c.IRQs[irq]++
	if c.Interrupt == nil {
		return
	}
	c.pending = true
	if c.inHandler {
		return
	}
	c.inHandler = true
	for c.pending {
		c.pending = false
		c.Interrupt()
	}
	c.inHandler = false
}
