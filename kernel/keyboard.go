//go:build tamago

package kernel

import (
	"time"

	"vitrine/drivers/ps2"
	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/key"
	"vitrine/kernel/keymap"
	"vitrine/kernel/log"
	"vitrine/kernel/trace"
)

// driverClock is the time that drivers bound their waits with.
type driverClock struct{}

func (driverClock) Now() time.Duration    { return time.Duration(clock.Nanotime()) }
func (driverClock) Sleep(d time.Duration) { clock.Delay(int64(d)) }

// startKeyboard finds the PS/2 controller and what is attached to it. A machine
// without one is used over the serial line.
//
// The way of a key, each step a function of its own:
//
//	top half        ps2.Controller.Interrupt   bytes into a ring
//	keyboardLoop    ps2.Keyboard.Events        bytes to scan codes to events
//	                keymap.State.Translate     events to presses
//	                tty.Terminal.Type          presses to a line
func (m *machine) startKeyboard() error {
	c := ps2.New(ports, driverClock{})
	if err := c.Init(); err != nil {
		return err
	}
	m.controller = c
	typed, err := interrupts.NewEvent("key typed")
	if err != nil {
		return err
	}
	moved, err := interrupts.NewEvent("mouse moved")
	if err != nil {
		return err
	}
	// One top half serves both lines: the controller says whose byte it is.
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
	if m.keys, err = c.Keyboard(); err != nil {
		log.Warnf("keyboard", "%v", err)
	} else {
		m.keyboard = keymap.NewKeyboard(m.keys, m.layout())
		m.traceKeyboard()
		go m.keyboardLoop(typed)
	}
	if m.mouse, err = c.Mouse(); err != nil {
		log.Infof("mouse", "%v", err)
	} else {
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
	for {
		for p := range m.keyboard.Presses { // the first round shows the locks
			m.terminal.Type(p)
		}
		<-typed.Fired()
	}
}

// mouseLoop is the mouse's bottom half.
func (m *machine) mouseLoop(moved *interrupts.Line) {
	for range moved.Fired() {
		for e := range m.mouse.Events {
			m.moves.Tell(e)
		}
	}
}

// Stages of the trace point kbd.
const (
	traceByte = iota
	traceEvent
	tracePress
)

// traceKeyboard makes each step of a key's way visible: trace kbd.
func (m *machine) traceKeyboard() {
	point := trace.New("kbd", "a key's way from the keyboard to the line editor",
		trace.Stage{Name: "byte", Format: func(a [3]uint64) string { return hexByte(a[0]) }},
		trace.Stage{Name: "event", Format: func(a [3]uint64) string {
			return ps2.Event{Code: ps2.Code(a[0]), Pressed: a[1] != 0, Repeat: a[2] != 0}.String()
		}},
		trace.Stage{Name: "press", Format: func(a [3]uint64) string {
			return key.Press{Rune: rune(a[0]), Name: key.Name(a[1]), Mod: key.Mod(a[2])}.String()
		}})
	if err := m.trace.Add(point); err != nil {
		log.Warnf("trace", "%v", err)
		return
	}
	m.keys.OnByte = func(b uint8) { point.Record(traceByte, uint64(b), 0, 0) }
	m.keys.OnEvent = func(e ps2.Event) {
		point.Record(traceEvent, uint64(e.Code), bit(e.Pressed), bit(e.Repeat))
	}
	m.keyboard.OnPress = func(p key.Press) {
		point.Record(tracePress, uint64(p.Rune), uint64(p.Name), uint64(p.Mod))
	}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func hexByte(v uint64) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[v>>4&15], digits[v&15]})
}
