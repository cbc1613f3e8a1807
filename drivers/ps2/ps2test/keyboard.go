package ps2test

import "time"

// Keyboard speaks scan code set 2.
type Keyboard struct {
	Device
	ID        []uint8
	LEDs      uint8
	Typematic uint8
	Set       uint8
	NoSets    bool // it refuses to hear of scan code sets
}

// NewKeyboard returns a keyboard with 105 keys.
func NewKeyboard() *Keyboard {
	k := &Keyboard{ID: []uint8{0xab, 0x83}}
	k.TestTime = 300 * time.Millisecond
	k.defaults()
	return k
}

func (k *Keyboard) defaults() {
	k.LEDs, k.Typematic, k.Set = 0, 0x2b, 2
	k.Enabled = true
}

// Type puts bytes of set 2 on the line of c's keyboard, if it is enabled, and
// lets them arrive.
func (c *Controller) Type(bytes ...uint8) {
	if c.Keyboard.Enabled {
		c.Keyboard.send(c.now, bytes...)
	}
	c.Sleep(time.Duration(len(bytes)+1) * byteTime)
}

// PlugInKeyboard gives c a keyboard, which tests itself and says so.
func (c *Controller) PlugInKeyboard(k *Keyboard) {
	c.Keyboard = k
	k.send(c.now+k.TestTime, 0xaa)
	c.Sleep(k.TestTime + 2*byteTime)
}

func (k *Keyboard) receive(now time.Duration, b uint8) {
	if !k.hears(now, b) {
		return
	}
	command := k.argument
	k.argument = 0
	if command != 0 && b < 0xed {
		k.set(command, b)
		k.send(now, 0xfa)
		return
	}
	switch b {
	case 0xf0:
		if k.NoSets {
			k.send(now, 0xfe)
			return
		}
		fallthrough
	case 0xed, 0xf3:
		k.argument = b
		k.send(now, 0xfa)
	case 0xee:
		k.send(now, 0xee)
	case 0xf2:
		k.send(now, append([]uint8{0xfa}, k.ID...)...)
	case 0xf4, 0xf5, 0xf6:
		if b != 0xf4 {
			k.defaults()
		}
		k.Enabled = b != 0xf5
		k.send(now, 0xfa)
	case 0xff:
		k.test(now)
		if !k.TestFails {
			k.defaults()
		}
	default:
		k.send(now, 0xfe)
	}
}

func (k *Keyboard) set(command, v uint8) {
	switch command {
	case 0xed:
		k.LEDs = v
	case 0xf0:
		k.Set = v
	case 0xf3:
		k.Typematic = v
	}
}
