package tty

import "vitrine/kernel/key"

// tilde has the keys of ESC [ n ~, by n. The gaps are the VT220's: its keys
// were numbered in groups.
var tilde = map[int]key.Name{
	1: key.Home, 2: key.Insert, 3: key.Delete, 4: key.End, 5: key.PageUp, 6: key.PageDown, 7: key.Home, 8: key.End,
	11: key.F1, 12: key.F2, 13: key.F3, 14: key.F4, 15: key.F5,
	17: key.F6, 18: key.F7, 19: key.F8, 20: key.F9, 21: key.F10, 23: key.F11, 24: key.F12,
}

// letter returns the key of ESC [ b and ESC O b.
func letter(b byte) key.Name {
	switch b {
	case 'A':
		return key.Up
	case 'B':
		return key.Down
	case 'C':
		return key.Right
	case 'D':
		return key.Left
	case 'H':
		return key.Home
	case 'F':
		return key.End
	case 'P', 'Q', 'R', 'S':
		return key.F1 + key.Name(b-'P')
	}
	return key.None
}

// application decodes the byte after ESC O: function keys, and the keypad in
// its application mode.
func application(b byte) (key.Press, bool) {
	switch {
	case letter(b) != key.None:
		return key.Press{Name: letter(b)}, true
	case b == 'M':
		return key.Press{Name: key.Enter}, true
	case b >= 'a' && b <= 'd': // rxvt: Ctrl and an arrow
		return key.Press{Name: letter(b - 'a' + 'A'), Mod: key.Ctrl}, true
	case b >= 'j' && b <= 'y': // * + , - . / 0 to 9
		return key.Press{Rune: rune(b - 'j' + '*')}, true
	}
	return key.Press{}, false
}

// sequence decodes ESC [ params final.
func sequence(params []byte, final byte) (key.Press, bool) {
	n, ok := numbers(params)
	if !ok {
		return key.Press{}, false
	}
	switch {
	case final == 'Z':
		return key.Press{Name: key.Tab, Mod: key.Shift}, true
	case final >= 'a' && final <= 'd': // rxvt: Shift and an arrow
		return key.Press{Name: letter(final - 'a' + 'A'), Mod: key.Shift}, true
	case final == 'u': // the character by its number
		return character(n[0], n[1])
	case final == '~' && n[0] == 27:
		return character(n[2], n[1])
	case final == '~':
		return key.Press{Name: tilde[n[0]], Mod: modifiers(n[1])}, tilde[n[0]] != key.None
	case final == '^': // rxvt: Ctrl
		return key.Press{Name: tilde[n[0]], Mod: key.Ctrl}, tilde[n[0]] != key.None
	case final == '$': // rxvt: Shift
		return key.Press{Name: tilde[n[0]], Mod: key.Shift}, tilde[n[0]] != key.None
	case n[0] <= 1 && letter(final) != key.None:
		return key.Press{Name: letter(final), Mod: modifiers(n[1])}, true
	}
	return key.Press{}, false
}

// numbers reads up to three numbers separated by ';'; one that is left out is
// 0. It refuses anything else between ESC [ and the final byte.
func numbers(params []byte) (n [3]int, ok bool) {
	i := 0
	for _, b := range params {
		switch {
		case b == ';':
			if i++; i == len(n) {
				return n, false
			}
		case b >= '0' && b <= '9' && n[i] < 1<<20:
			n[i] = 10*n[i] + int(b-'0')
		default:
			return n, false
		}
	}
	return n, true
}

// modifiers decodes xterm's modifier parameter: 1 plus a bit each for Shift,
// Alt and Ctrl (and Meta, which counts as Alt).
func modifiers(n int) key.Mod {
	if n == 0 {
		return 0
	}
	var m key.Mod
	if n--; n&1 != 0 {
		m |= key.Shift
	}
	if n&(2|8) != 0 {
		m |= key.Alt
	}
	if n&4 != 0 {
		m |= key.Ctrl
	}
	return m
}

// character returns the press of the character with the number r.
func character(r, mod int) (key.Press, bool) {
	p := key.Press{Mod: modifiers(mod)}
	switch {
	case r == '\r':
		p.Name = key.Enter
	case r == '\t':
		p.Name = key.Tab
	case r == esc:
		p.Name = key.Escape
	case r == '\b' || r == 0x7f:
		p.Name = key.Backspace
	case r >= ' ' && r <= 0x10ffff && (r < 0xd800 || r > 0xdfff):
		p.Rune, p.Mod = rune(r), p.Mod&^key.Shift
	default:
		return p, false
	}
	return p, true
}
