package ps2

import "time"

// Mouse is the mouse at the second port, from the ring to the MouseEvent.
//
// The methods may be called from different goroutines; Events from one at a
// time.
type Mouse struct {
	// OnByte and OnEvent, if set before Controller.Listen, see each byte as it
	// leaves the ring and each event before it is passed on.
	OnByte  func(b uint8)
	OnEvent func(e MouseEvent)

	port    *port
	decoder PacketDecoder
	last    time.Duration // when the last byte was taken from the ring
	before  uint8         // and which it was
	replugs uint64
}

func (m *Mouse) init(p *port) { m.port = p }

// setUp is the mouse's part of Controller.Init.
func (m *Mouse) setUp() error {
	if id := m.port.id[0]; id != uint8(ThreeBytes) && id != uint8(WithWheel) && id != uint8(FiveButtons) {
		return ErrNotMouse
	}
	if err := m.knock(); err != nil {
		return err
	}
	m.afterReset()
	const (
		perSecond      = 100
		perMillimetre8 = 3
	)
	return m.port.ask(devSampleRate, perSecond, devSetResolution, perMillimetre8, devLinear, devEnable)
}

// afterReset makes what we remember of the mouse agree with one that has just
// been reset.
func (m *Mouse) afterReset() {
	m.port.mu.Lock()
	defer m.port.mu.Unlock()
	m.decoder = NewPacketDecoder(Protocol(m.port.id[0]))
	m.before = 0
	m.port.clear()
}

// knock makes an IntelliMouse show itself. Microsoft needed a way that cannot
// harm any other mouse: three sample rates set in a row, each of them legal,
// and together unlikely. The identity changes if the mouse understood.
func (m *Mouse) knock() error {
	for _, rates := range [][3]uint8{{200, 100, 80}, {200, 200, 80}} {
		for _, r := range rates {
			if err := m.port.ask(devSampleRate, r); err != nil {
				return err
			}
		}
		if err := m.port.identify(); err != nil {
			return err
		}
		if m.port.id[0] == uint8(ThreeBytes) {
			return nil // it has no wheel, so it has no five buttons
		}
	}
	return nil
}

// Protocol returns how the mouse reports.
func (m *Mouse) Protocol() Protocol {
	m.port.mu.Lock()
	defer m.port.mu.Unlock()
	return m.decoder.protocol
}

// Events yields what the bytes in the ring mean, until the ring is empty. It is
// the bottom half of IRQ 12.
//
// Context: a goroutine, whenever the interrupt handler has reported bytes.
func (m *Mouse) Events(yield func(MouseEvent) bool) {
	for {
		b, what, e, ok := m.next()
		if what == arrivedNothing {
			return
		}
		if what != arrivedGap && m.OnByte != nil {
			m.OnByte(b)
		}
		if !ok {
			continue
		}
		if m.OnEvent != nil {
			m.OnEvent(e)
		}
		if !yield(e) {
			return
		}
	}
}

// next takes one byte through the stages; ok tells whether it completes e.
func (m *Mouse) next() (b uint8, what arrival, e MouseEvent, ok bool) {
	m.port.mu.Lock()
	defer m.port.mu.Unlock()
	b, what = m.port.receive()
	switch what {
	case arrivedGap:
		m.decoder.Reset()
	case arrivedData:
		m.resyncAfterPause()
		if m.pluggedIn(b) {
			m.restore()
			return b, what, e, false
		}
		e, ok = m.decoder.Feed(b)
	}
	return b, what, e, ok
}

// resyncAfterPause drops the beginning of a packet whose rest did not come.
func (m *Mouse) resyncAfterPause() {
	now := m.port.c.clock.Now()
	if now-m.last > packetPause {
		m.decoder.Reset()
	}
	m.last = now
}

// pluggedIn tells whether b ends what a mouse sends on its own when it is
// plugged in: aa 00, where a packet should be.
func (m *Mouse) pluggedIn(b uint8) bool {
	first := m.before == ansTestPassed && m.decoder.Waiting() == 1
	m.before = b
	return first && b == uint8(ThreeBytes)
}

// restore makes a mouse that has just been plugged in report. It is not asked
// for its wheel again.
func (m *Mouse) restore() {
	m.replugs++
	m.decoder.protocol = ThreeBytes
	m.decoder.n = 0
	_ = m.port.send(devEnable)
}
