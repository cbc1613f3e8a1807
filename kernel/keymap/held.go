package keymap

import (
	"vitrine/drivers/ps2"
	"vitrine/kernel/key"
)

// held is the set of modifier keys that are down, each side of its own: Shift
// ends when the last of the two is released.
//
// The Meta keys ("Windows") are no modifiers here. The host's window system
// often keeps their release for itself, and then they would be held for ever.
type held uint8

const (
	leftShift  held = 1 << 0
	rightShift held = 1 << 1
	leftCtrl   held = 1 << 2
	rightCtrl  held = 1 << 3
	leftAlt    held = 1 << 4
	rightAlt   held = 1 << 5
)

// update takes an event and tells whether it was about a modifier.
func (h *held) update(e ps2.Event) bool {
	var bit held
	switch e.Code {
	case ps2.KeyLeftShift:
		bit = leftShift
	case ps2.KeyRightShift:
		bit = rightShift
	case ps2.KeyLeftCtrl:
		bit = leftCtrl
	case ps2.KeyRightCtrl:
		bit = rightCtrl
	case ps2.KeyLeftAlt:
		bit = leftAlt
	case ps2.KeyRightAlt:
		bit = rightAlt
	default:
		return false
	}
	if e.Pressed {
		*h |= bit
	} else {
		*h &^= bit
	}
	return true
}

// locks are the keys that have a light, and which.
var locks = [ps2.EndOfKeys]ps2.LEDs{
	ps2.KeyCapsLock:   ps2.CapsLock,
	ps2.KeyNumLock:    ps2.NumLock,
	ps2.KeyScrollLock: ps2.ScrollLock,
}

// mod returns the modifiers that are told with a press. The right Alt key is one
// only if it is not AltGr.
func (s *State) mod() (m key.Mod) {
	alt := leftAlt
	if !s.layout.altGr {
		alt |= rightAlt
	}
	for _, x := range [...]struct {
		keys held
		mod  key.Mod
	}{{leftShift | rightShift, key.Shift}, {leftCtrl | rightCtrl, key.Ctrl}, {alt, key.Alt}} {
		if s.held&x.keys != 0 {
			m |= x.mod
		}
	}
	return m
}

// level returns which legend of a key counts.
func (s *State) level() level {
	lv := plain
	if s.held&(leftShift|rightShift) != 0 {
		lv |= shift
	}
	if s.layout.altGr && s.held&rightAlt != 0 {
		lv |= altGr
	}
	return lv
}
