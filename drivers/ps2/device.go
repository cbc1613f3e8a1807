package ps2

import "time"

// This file talks to devices while their interrupts are off: write, poll for
// the answer. sender.go does it with interrupts on.

// poll waits for a byte of this device. Bytes of the other one are dropped.
func (p *port) poll(limit time.Duration) (b uint8, ok bool) {
	deadline := p.c.clock.Now() + limit
	for {
		left := deadline - p.c.clock.Now()
		if !p.c.waitStatus(outputFull, outputFull, left) {
			return 0, false
		}
		second := p.c.status()&fromSecond != 0
		b = p.c.io.In8(portData)
		if second == p.second {
			return b, true
		}
	}
}

// ask sends bytes to the device and waits until it has acknowledged each.
//
// Errors: ErrBusy; ErrNoDevice if nothing answers; ErrRefused.
func (p *port) ask(bytes ...uint8) error {
	for _, b := range bytes {
		if err := p.askOne(b); err != nil {
			return err
		}
	}
	return nil
}

func (p *port) askOne(b uint8) error {
	for range maxTries {
		if err := p.write(b); err != nil {
			return err
		}
		switch answer, ok := p.pollAnswer(); {
		case !ok:
			return ErrNoDevice
		case answer == ansAck:
			return nil
		}
		p.sender.resends++
	}
	return ErrRefused
}

// pollAnswer waits for an acknowledgement or a request to send again. What
// comes before it is what the device had under way.
func (p *port) pollAnswer() (b uint8, ok bool) {
	for deadline := p.c.clock.Now() + ackLimit; p.c.clock.Now() < deadline; {
		b, ok = p.poll(deadline - p.c.clock.Now())
		if !ok {
			return 0, false
		}
		if b == ansAck || b == ansResend {
			return b, true
		}
	}
	return 0, false
}

// reset makes the device test itself and go back to its defaults.
//
// Errors: as ask, and ErrDeviceTest. A controller with nothing plugged in may
// itself answer "resend": hence ErrRefused means ErrNoDevice here.
func (p *port) reset() error {
	switch err := p.ask(devReset); err {
	case nil:
	case ErrRefused:
		return ErrNoDevice
	default:
		return err
	}
	switch b, ok := p.poll(deviceLimit); {
	case !ok:
		return ErrNoDevice
	case b != ansTestPassed:
		return ErrDeviceTest
	}
	return nil
}

// identify makes the device quiet and asks what it is. A mouse answers with
// one byte: 0, or 3 or 4 once it has been told to report its wheel. A keyboard
// answers with two; the first, of 1984, with none.
func (p *port) identify() error {
	if err := p.ask(devDisable); err != nil {
		return err
	}
	p.id = [2]uint8{}
	if err := p.ask(devIdentify); err != nil {
		return err
	}
	b, ok := p.poll(idLimit)
	if !ok {
		p.id[0] = keyboardID
		return nil
	}
	p.id[0] = b
	if b == keyboardID || b == terminalID {
		p.id[1], _ = p.poll(idLimit)
	}
	return nil
}

// First bytes of a keyboard's identity.
const (
	keyboardID uint8 = 0xab
	terminalID uint8 = 0xac // with 122 keys
)
