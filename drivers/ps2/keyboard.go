package ps2

// Keyboard is the keyboard at the first port, from the ring to the Event.
//
// The methods may be called from different goroutines; Events from one at a
// time.
type Keyboard struct {
	// OnByte and OnEvent, if set before Controller.Listen, see each byte as it
	// leaves the ring and each event before it is passed on.
	OnByte  func(b uint8)
	OnEvent func(e Event)

	port      *port
	decoder   Decoder
	held      [numCodes]bool
	leds      LEDs
	typematic Typematic
	replugs   uint64
}

func (k *Keyboard) init(p *port) {
	k.port = p
	k.decoder = NewDecoder(Set1)
	k.typematic = DefaultTypematic
}

// setUp is the keyboard's part of Controller.Init.
func (k *Keyboard) setUp() error {
	if id := k.port.id[0]; id != keyboardID && id != terminalID {
		return ErrNotKeyboard
	}
	k.afterReset()
	// The device speaks set 2 in both cases. Old ones know nothing else, and
	// refuse to be told.
	if err := k.port.ask(devScanCodeSet, uint8(Set2)); err != nil && err != ErrRefused {
		return err
	}
	return k.port.ask(devEnable)
}

// afterReset makes what we remember of the keyboard agree with one that has just
// been reset.
func (k *Keyboard) afterReset() {
	k.port.mu.Lock()
	defer k.port.mu.Unlock()
	set := Set1
	if k.port.c.Raw {
		set = Set2
	}
	k.decoder = NewDecoder(set)
	k.held = [numCodes]bool{}
	k.leds = 0
	k.typematic = DefaultTypematic
	k.port.clear()
}

// Events yields what the bytes in the ring mean, until the ring is empty:
//
//	for e := range keyboard.Events { ... }
//
// It is the bottom half of IRQ 1. If the loop is left early, the rest stays in
// the ring.
//
// Context: a goroutine, whenever the interrupt handler has reported bytes.
func (k *Keyboard) Events(yield func(Event) bool) {
	for {
		b, what, e := k.next()
		if what == arrivedNothing {
			return
		}
		if what != arrivedGap && k.OnByte != nil {
			k.OnByte(b)
		}
		if e.Code == None {
			continue
		}
		if k.OnEvent != nil {
			k.OnEvent(e)
		}
		if !yield(e) {
			return
		}
	}
}

// next takes one byte through the stages. e.Code is None if it completes none.
func (k *Keyboard) next() (b uint8, what arrival, e Event) {
	k.port.mu.Lock()
	defer k.port.mu.Unlock()
	b, what = k.port.receive()
	switch {
	case what == arrivedGap:
		k.decoder.Reset()
		e.Code = Lost
	case what == arrivedData && k.pluggedIn(b):
		k.restore()
		e.Code = Lost
	case what == arrivedData:
		e, _ = k.decoder.Feed(b)
	}
	return b, what, k.remember(e)
}

// remember keeps which keys are down and marks repetitions.
func (k *Keyboard) remember(e Event) Event {
	switch {
	case e.Code == None:
	case e.Code == Lost:
		k.held = [numCodes]bool{}
	default:
		e.Repeat = e.Pressed && k.held[e.Code]
		k.held[e.Code] = e.Pressed
	}
	return e
}

// pluggedIn tells whether b is the self-test result that a keyboard sends on
// its own when it is plugged in. In set 1 the same byte is Left Shift going
// up; with a Left Shift that was not down, it is taken for the former.
func (k *Keyboard) pluggedIn(b uint8) bool {
	if b != ansTestPassed || k.decoder.Waiting() != "" {
		return false
	}
	return k.decoder.set == Set2 || !k.held[KeyLeftShift]
}

// restore tells a keyboard that has just been plugged in what the one before
// it was told. A queue that is full has the same commands in it already.
func (k *Keyboard) restore() {
	k.replugs++
	k.decoder.Reset()
	_ = k.port.send(devTypematic, k.typematic.encode())
	_ = k.port.send(devSetLEDs, uint8(k.leds))
}

// Feign makes the controller say that the keyboard has sent b, which then goes
// the way of any byte, IRQ 1 included. It is not translated: unless
// Controller.Raw is set, b is of scan code set 1.
//
// Errors: ErrBusy. Context: a goroutine, after Controller.Listen.
func (k *Keyboard) Feign(b uint8) error {
	c := k.port.c
	if !c.waitStatus(outputFull, 0, busyLimit) { // the byte before has been taken
		return ErrBusy
	}
	return c.do(fromFirst, b)
}

// LEDs is a set of the keyboard's lights, as the keyboard numbers them.
type LEDs uint8

// The lights.
const (
	ScrollLock LEDs = 1 << 0
	NumLock    LEDs = 1 << 1
	CapsLock   LEDs = 1 << 2
)

// SetLEDs makes the lights show l. If they do already, it does nothing, so it
// may be called after each key. It does not wait for the keyboard.
//
// Errors: ErrTooManyQueued. Context: a goroutine, after Controller.Listen.
func (k *Keyboard) SetLEDs(l LEDs) error {
	k.port.mu.Lock()
	defer k.port.mu.Unlock()
	if l == k.leds {
		return nil
	}
	if err := k.port.send(devSetLEDs, uint8(l)); err != nil {
		return err
	}
	k.leds = l
	return nil
}

// SetTypematic makes a held key repeat as t says, rounded to what the keyboard
// can do, and returns what that is. It does not wait for the keyboard.
//
// Errors: ErrTooManyQueued. Context: a goroutine, after Controller.Listen.
func (k *Keyboard) SetTypematic(t Typematic) (Typematic, error) {
	t = t.Nearest()
	k.port.mu.Lock()
	defer k.port.mu.Unlock()
	if err := k.port.send(devTypematic, t.encode()); err != nil {
		return k.typematic, err
	}
	k.typematic = t
	return t, nil
}
