package ps2

import "fmt"

// Stats counts what happened at a port since the start.
type Stats struct {
	Bytes     uint64 // taken by the interrupt handler
	Overruns  uint64 // bytes lost as the ring was full
	Damaged   uint64 // bytes with a parity error
	Timeouts  uint64 // bytes that the device did not end
	Resends   uint64 // bytes of ours that the device wanted again
	Abandoned uint64 // commands of ours that it never understood
	Resyncs   uint64 // sequences or packets that made no sense
	Errors    uint64 // times that a keyboard said that it lost something
	Unknown   uint64 // scan codes of no key we know
	Replugs   uint64 // times that a device was plugged in
}

func (p *port) stats() Stats {
	return Stats{
		Bytes:     p.bytes.Load(),
		Overruns:  p.ring.overruns.Load(),
		Damaged:   p.damaged.Load(),
		Timeouts:  p.timeouts.Load(),
		Resends:   p.sender.resends,
		Abandoned: p.sender.abandoned,
	}
}

// KeyboardState is what each stage of a keyboard holds at one moment.
type KeyboardState struct {
	ID        [2]uint8
	Set       Set
	Ring      int    // bytes that wait in the ring
	RingSize  int    // how many it can hold
	Queued    int    // commands on their way to the keyboard
	Waiting   string // the beginning of a sequence, as Decoder.Waiting
	Held      []Code // keys that are down
	LEDs      LEDs
	Typematic Typematic
	Stats     Stats
}

// State returns a copy of what the stages hold.
//
// Context: a goroutine. Allocates.
func (k *Keyboard) State() KeyboardState {
	k.port.mu.Lock()
	defer k.port.mu.Unlock()
	s := KeyboardState{
		ID:        k.port.id,
		Set:       k.decoder.set,
		Ring:      k.port.ring.fill(),
		RingSize:  ringSize,
		Queued:    k.port.sender.queued,
		Waiting:   k.decoder.Waiting(),
		LEDs:      k.leds,
		Typematic: k.typematic,
		Stats:     k.port.stats(),
	}
	for c := FirstKey; c < EndOfKeys; c++ {
		if k.held[c] {
			s.Held = append(s.Held, c)
		}
	}
	s.Stats.Resyncs = k.decoder.Resyncs
	s.Stats.Errors = k.decoder.Errors
	s.Stats.Unknown = k.decoder.Unknown
	s.Stats.Replugs = k.replugs
	return s
}

// MouseState is what each stage of a mouse holds at one moment.
type MouseState struct {
	Protocol Protocol
	Ring     int // bytes that wait in the ring
	RingSize int // how many it can hold
	Queued   int // commands on their way to the mouse
	Waiting  int // bytes of a packet whose rest is to come
	Stats    Stats
}

// State returns a copy of what the stages hold.
//
// Context: a goroutine.
func (m *Mouse) State() MouseState {
	m.port.mu.Lock()
	defer m.port.mu.Unlock()
	s := MouseState{
		Protocol: m.decoder.protocol,
		Ring:     m.port.ring.fill(),
		RingSize: ringSize,
		Queued:   m.port.sender.queued,
		Waiting:  m.decoder.n,
		Stats:    m.port.stats(),
	}
	s.Stats.Resyncs = m.decoder.Resyncs
	s.Stats.Replugs = m.replugs
	return s
}

// Interrupts returns how often Interrupt was called, and how often it found
// nothing to read.
func (c *Controller) Interrupts() (all, spurious uint64) {
	return c.interrupts.Load(), c.spurious.Load()
}

// String says in one line what Init found, for the log.
func (c *Controller) String() string {
	return fmt.Sprintf("8042: %s; %s", c.describeKeyboard(), c.describeMouse())
}

func (c *Controller) describeKeyboard() string {
	k, err := c.Keyboard()
	switch {
	case err != nil:
		return "no keyboard (" + err.Error() + ")"
	case k.decoder.set == Set2:
		return fmt.Sprintf("keyboard %x, scan code set 2", k.port.id)
	}
	return fmt.Sprintf("keyboard %x, scan code set 2 translated to 1", k.port.id)
}

func (c *Controller) describeMouse() string {
	m, err := c.Mouse()
	if err != nil {
		return "no mouse (" + err.Error() + ")"
	}
	return "mouse, " + m.Protocol().String()
}
