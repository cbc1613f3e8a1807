package ps2

import (
	"sync"
	"sync/atomic"
	"time"

	"vitrine/drivers/ioport"
)

// Controller is the 8042.
type Controller struct {
	// Raw, set before Init, makes the keyboard's own scan codes (set 2) visible
	// instead of having the 8042 translate them to set 1, which is what it was
	// put there for in 1984: to look like the keyboard of the first PC.
	Raw bool

	io    ioport.Space
	clock Clock

	mu     sync.Mutex // keeps the bytes of one command together
	config config     // as last written

	first, second port
	keyboard      Keyboard
	mouse         Mouse

	listening  atomic.Bool // until Listen, bytes belong to Init, which polls
	interrupts atomic.Uint64
	spurious   atomic.Uint64
}

// New returns the controller at the ports 0x60 and 0x64 of io. It does not
// touch the hardware.
func New(io ioport.Space, clock Clock) *Controller {
	c := &Controller{io: io, clock: clock}
	c.first.init(c, false)
	c.second.init(c, true)
	c.keyboard.init(&c.first)
	c.mouse.init(&c.second)
	return c
}

// Keyboard returns the keyboard that Init found, or why there is none.
//
// Errors: ErrNotReady, whatever Init returned, ErrPortTest, ErrNoDevice,
// ErrDeviceTest, ErrRefused, ErrNotKeyboard.
func (c *Controller) Keyboard() (*Keyboard, error) {
	if c.first.err != nil {
		return nil, c.first.err
	}
	return &c.keyboard, nil
}

// Mouse returns the mouse that Init found, or why there is none.
//
// Errors: as Keyboard, with ErrNotMouse, and ErrNoSecondPort.
func (c *Controller) Mouse() (*Mouse, error) {
	if c.second.err != nil {
		return nil, c.second.err
	}
	return &c.mouse, nil
}

func (c *Controller) status() status { return status(c.io.In8(portStatus)) }

// waitStatus looks at the status until the bits of mask are as in want.
func (c *Controller) waitStatus(mask, want status, limit time.Duration) bool {
	for deadline := c.clock.Now() + limit; ; c.clock.Sleep(pollInterval) {
		if c.status()&mask == want {
			return true
		}
		if c.clock.Now() >= deadline {
			return false
		}
	}
}

// write hands b to port once the controller has taken the byte before it.
func (c *Controller) write(port uint16, b uint8) error {
	if !c.waitStatus(inputFull, 0, busyLimit) {
		return ErrBusy
	}
	c.io.Out8(port, b)
	return nil
}

// do sends a command to the controller, and its argument if it takes one.
func (c *Controller) do(cmd command, argument ...uint8) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.write(portCommand, uint8(cmd)); err != nil {
		return err
	}
	for _, b := range argument {
		if err := c.write(portData, b); err != nil {
			return err
		}
	}
	return nil
}

// ask sends a command and returns the controller's answer. It reads the data
// port, so it must not run once the interrupt handler does that.
func (c *Controller) ask(cmd command, limit time.Duration) (uint8, error) {
	if err := c.do(cmd); err != nil {
		return 0, err
	}
	if !c.waitStatus(outputFull, outputFull, limit) {
		return 0, ErrSilent
	}
	return c.io.In8(portData), nil
}

func (c *Controller) readConfig() (config, error) {
	b, err := c.ask(readConfig, controlLimit)
	return config(b), err
}

func (c *Controller) writeConfig(v config) error {
	c.config = v
	return c.do(writeConfig, uint8(v))
}

// flush throws away what waits in the output buffer.
func (c *Controller) flush() {
	const more = 64 // than any controller holds
	for range more {
		if c.status()&outputFull == 0 {
			return
		}
		c.io.In8(portData)
	}
}
