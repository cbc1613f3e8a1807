package tty

import (
	"unicode/utf8"

	"vitrine/kernel/key"
)

// Decoder turns the bytes that a terminal sends into key presses: UTF-8,
// control characters, and the escape sequences of xterm and its relatives
// (ECMA-48, "Control sequences"; XTerm Control Sequences, "PC-Style Function
// Keys"). The zero value is ready to use.
//
// An escape sequence starts with the byte that the Escape key sends alone.
// Only time tells them apart: if Pending holds and nothing has come for some
// 50 ms, the caller calls Flush.
type Decoder struct {
	state  state
	alt    bool // an ESC came before this one
	afterR bool // the last byte was CR: an LF now belongs to it
	buf    [32]byte
	n      int
}

// state says what the bytes so far are the start of.
type state uint8

const (
	ground   state = iota
	escape         // ESC
	csi            // ESC [ and parameters, in buf
	ss3            // ESC O
	linuxF         // ESC [ [, the Linux console's F1 to F5
	runeTail       // the start of a UTF-8 sequence, in buf
)

const esc = 0x1b

// Pending tells whether the bytes so far may be the start of something longer.
func (d *Decoder) Pending() bool { return d.state != ground }

// Flush takes what is pending for what it is by itself: ESC for the Escape
// key, an unfinished sequence for nothing.
func (d *Decoder) Flush(emit func(key.Press)) {
	alt := d.mod()
	switch s := d.reset(); {
	case s == escape:
		emit(key.Press{Name: key.Escape, Mod: alt})
	case s == csi && d.n == 0:
		emit(key.Press{Rune: '[', Mod: key.Alt})
	case s == ss3:
		emit(key.Press{Rune: 'O', Mod: key.Alt})
	case s == runeTail:
		emit(key.Press{Rune: utf8.RuneError})
	}
}

// reset goes back to the ground state and returns the state before.
func (d *Decoder) reset() state {
	s := d.state
	d.state, d.alt = ground, false
	return s
}

func (d *Decoder) mod() key.Mod {
	if d.alt {
		return key.Alt
	}
	return 0
}

// Feed takes one byte and emits the presses it completes: none or one, or two
// if it also shows that the sequence before it was broken.
func (d *Decoder) Feed(b byte, emit func(key.Press)) {
	switch d.state {
	case ground:
		d.ground(b, 0, emit)
	case escape:
		switch {
		case b == '[':
			d.state, d.n = csi, 0
		case b == 'O':
			d.state, d.n = ss3, 0
		case b == esc && !d.alt:
			d.alt = true
		case b == esc:
			emit(key.Press{Name: key.Escape, Mod: key.Alt})
			d.alt = false
		default:
			d.reset()
			d.ground(b, key.Alt, emit)
		}
	case csi:
		d.csi(b, emit)
	case ss3:
		mod := d.mod()
		d.reset()
		if b == esc {
			d.state = escape
			return
		}
		if p, ok := application(b); ok {
			p.Mod |= mod
			emit(p)
		}
	case linuxF:
		mod := d.mod()
		d.reset()
		if b >= 'A' && b <= 'E' {
			emit(key.Press{Name: key.F1 + key.Name(b-'A'), Mod: mod})
		}
	case runeTail:
		d.runeTail(b, emit)
	}
}

// ground handles a byte that starts something.
func (d *Decoder) ground(b byte, mod key.Mod, emit func(key.Press)) {
	afterR := d.afterR
	d.afterR = b == '\r'
	switch {
	case b == '\n' && afterR:
	case b == esc:
		d.state = escape
	case b == '\r' || b == '\n':
		emit(key.Press{Name: key.Enter, Mod: mod})
	case b == '\t':
		emit(key.Press{Name: key.Tab, Mod: mod})
	case b == '\b' || b == 0x7f:
		emit(key.Press{Name: key.Backspace, Mod: mod})
	case b == 0:
		emit(key.Press{Rune: ' ', Mod: mod | key.Ctrl})
	case b < ' ':
		// A control character is its letter, or one of \ ] ^ _, minus 64.
		r := rune(b) + 0x40
		if r <= 'Z' {
			r += 'a' - 'A'
		}
		emit(key.Press{Rune: r, Mod: mod | key.Ctrl})
	case b < utf8.RuneSelf:
		emit(key.Press{Rune: rune(b), Mod: mod})
	case mod == 0 && b >= 0xc2 && b <= 0xf4:
		d.state, d.n, d.buf[0] = runeTail, 1, b
	default:
		emit(key.Press{Rune: utf8.RuneError, Mod: mod})
	}
}

func (d *Decoder) runeTail(b byte, emit func(key.Press)) {
	if b&0xc0 != 0x80 { // not a continuation: the rune before is broken
		d.reset()
		emit(key.Press{Rune: utf8.RuneError})
		d.ground(b, 0, emit)
		return
	}
	d.buf[d.n] = b
	d.n++
	if utf8.FullRune(d.buf[:d.n]) {
		r, _ := utf8.DecodeRune(d.buf[:d.n])
		d.reset()
		emit(key.Press{Rune: r})
	}
}

// csi collects ESC [ parameters final. Parameters and intermediates are bytes
// below '@'; the final byte says what it is.
func (d *Decoder) csi(b byte, emit func(key.Press)) {
	switch {
	case b == esc: // a new sequence before this one was complete
		d.reset()
		d.state = escape
	case b == '[' && d.n == 0:
		d.state = linuxF
	case b < ' ' || b >= 0x7f: // not part of any sequence: start over
		d.reset()
		d.ground(b, 0, emit)
	case b < '@' && b != '$' || b == '$' && d.n == 0:
		if d.n < len(d.buf) {
			d.buf[d.n] = b
			d.n++
		}
	default:
		mod, params := d.mod(), d.buf[:d.n]
		d.reset()
		if p, ok := sequence(params, b); ok {
			p.Mod |= mod
			emit(p)
		}
	}
}
