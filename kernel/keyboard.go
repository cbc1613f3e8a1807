//go:build tamago

package kernel

import (
	"time"

	"vitrine/drivers/ps2"
	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/keymap"
	"vitrine/kernel/log"
)

// kernelClock is the time that drivers bound their waits with.
type kernelClock struct{}

func (kernelClock) Now() time.Duration    { return time.Duration(clock.Nanotime()) }
func (kernelClock) Sleep(d time.Duration) { clock.Delay(int64(d)) }

// startKeyboard finds the PS/2 controller and what is attached to it. A machine
// without one is used over the serial line.
func (m *machine) startKeyboard() error {
	c := ps2.New(ports, kernelClock{})
	if err := c.Init(); err != nil {
		return err
	}
	m.controller = c
	// One top half serves both lines: the controller says whose byte it is.
	typed, err := interrupts.NewEvent("keyboard")
	if err != nil {
		return err
	}
	moved, err := interrupts.NewEvent("mouse")
	if err != nil {
		return err
	}
	top := func() {
		keyboard, mouse := c.Interrupt()
		if keyboard {
			typed.Raise()
		}
		if mouse {
			moved.Raise()
		}
	}
	if _, err := interrupts.Register(1, "keyboard", top); err != nil {
		return err
	}
	if _, err := interrupts.Register(12, "mouse", top); err != nil {
		return err
	}
	if k, err := c.Keyboard(); err != nil {
		log.Warnf("keyboard", "%v", err)
	} else {
		m.keyboard = keymap.NewKeyboard(k, m.layout())
		go m.keyboardLoop(typed)
	}
	if mouse, err := c.Mouse(); err != nil {
		log.Infof("mouse", "%v", err)
	} else {
		m.mouse = mouse
		go m.mouseLoop(moved)
	}
	return c.Listen()
}

// layout returns the layout that the command line names, or the US one.
func (m *machine) layout() *keymap.Layout {
	if name, ok := m.options.Get("layout"); ok {
		l, err := keymap.Lookup(name)
		if err == nil {
			return l
		}
		log.Warnf("keyboard", "%v", err)
	}
	us, _ := keymap.Lookup("us")
	return us
}

// keyboardLoop is the keyboard's bottom half.
func (m *machine) keyboardLoop(typed *interrupts.Line) {
	for range typed.Fired() {
		for p := range m.keyboard.Presses {
			m.terminal.Type(p)
		}
	}
}

// mouseLoop is the mouse's bottom half.
func (m *machine) mouseLoop(moved *interrupts.Line) {
	for range moved.Fired() {
		for e := range m.mouse.Events {
			_ = e
		}
	}
}

var _ = ps2.ErrAbsent
