package ps2test

import "time"

// Mouse is a mouse with three buttons, and with a wheel and two more buttons
// if Kind says so and it has been asked in the right way.
type Mouse struct {
	Device
	Kind       uint8 // the highest identity it can take: 0, 3 or 4
	Basic      uint8 // the identity it has after a reset
	ID         uint8 // the identity it has
	Rate       uint8 // packets a second
	Resolution uint8

	rates [3]uint8 // the last ones it was told
}

// NewMouse returns a mouse with a wheel.
func NewMouse() *Mouse {
	m := &Mouse{Kind: 3}
	m.TestTime = 300 * time.Millisecond
	m.defaults()
	return m
}

func (m *Mouse) defaults() {
	m.Rate, m.Resolution = 100, 2
	m.Enabled = false
}

// Move puts the bytes of packets on the line of c's mouse, if it is enabled,
// and lets them arrive.
func (c *Controller) Move(bytes ...uint8) {
	if c.Mouse.Enabled {
		c.Mouse.send(c.now, bytes...)
	}
	c.Sleep(time.Duration(len(bytes)+1) * byteTime)
}

// PlugInMouse gives c a mouse, which tests itself and says so.
func (c *Controller) PlugInMouse(m *Mouse) {
	c.Mouse = m
	m.send(c.now+m.TestTime, 0xaa, 0x00)
	c.Sleep(m.TestTime + 3*byteTime)
}

func (m *Mouse) receive(now time.Duration, b uint8) {
	if !m.hears(now, b) {
		return
	}
	command := m.argument
	m.argument = 0
	switch {
	case command == 0xf3:
		m.setRate(b)
		m.send(now, 0xfa)
		return
	case command == 0xe8:
		m.Resolution = b
		m.send(now, 0xfa)
		return
	}
	switch b {
	case 0xf3, 0xe8:
		m.argument = b
		m.send(now, 0xfa)
	case 0xe6, 0xe7:
		m.send(now, 0xfa)
	case 0xf2:
		m.send(now, 0xfa, m.ID)
	case 0xf4, 0xf5:
		m.Enabled = b == 0xf4
		m.send(now, 0xfa)
	case 0xf6:
		m.defaults()
		m.send(now, 0xfa)
	case 0xff:
		m.ID = m.Basic
		m.defaults()
		m.test(now, m.ID)
	default:
		m.send(now, 0xfe)
	}
}

// setRate also watches for the knock of the IntelliMouse driver.
func (m *Mouse) setRate(r uint8) {
	m.Rate = r
	m.rates = [3]uint8{m.rates[1], m.rates[2], r}
	switch {
	case m.rates == [3]uint8{200, 100, 80} && m.Kind >= 3:
		m.ID = 3
	case m.rates == [3]uint8{200, 200, 80} && m.Kind >= 4:
		m.ID = 4
	}
}
