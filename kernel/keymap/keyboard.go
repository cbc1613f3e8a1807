package keymap

import (
	"vitrine/drivers/ps2"
	"vitrine/kernel/key"
)

// Source is where events come from and lights are shown: a ps2.Keyboard.
type Source interface {
	Events(yield func(ps2.Event) bool)
	SetLEDs(l ps2.LEDs) error
}

// Keyboard joins the stages from the ring of the interrupt handler to the press
// of a key. The kernel's loop around it is:
//
//	for {
//		for p := range keyboard.Presses {
//			presses <- p
//		}
//		irq.Wait()
//	}
type Keyboard struct {
	// OnPress, if set before the first Presses, sees each press before it is
	// passed on.
	OnPress func(p key.Press)

	*State
	source Source
}

// NewKeyboard returns a keyboard with a layout.
func NewKeyboard(source Source, l *Layout) *Keyboard {
	return &Keyboard{State: NewState(l), source: source}
}

// Presses yields what has been typed since the last call, and keeps the lights
// right.
//
// Context: a goroutine, one at a time.
func (k *Keyboard) Presses(yield func(key.Press) bool) {
	defer k.showLocks()
	for e := range k.source.Events {
		for _, p := range k.Translate(e) {
			if k.OnPress != nil {
				k.OnPress(p)
			}
			if !yield(p) {
				return
			}
		}
	}
}

// showLocks sets the lights. If too many commands wait for the keyboard, the
// next call tries again.
func (k *Keyboard) showLocks() { _ = k.source.SetLEDs(k.LEDs()) }
