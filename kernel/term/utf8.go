package term

// replacement stands for bytes that are no UTF-8.
const replacement = '\ufffd'

// decoder turns bytes into runes, one byte at a time, so that a character may
// be split between two writes (The Unicode Standard, "UTF-8", Table "Well-Formed
// UTF-8 Byte Sequences"). Ill-formed input gives one replacement character for
// each longest beginning of a character, and never swallows what follows it.
type decoder struct {
	missing   int  // bytes until the character is complete
	r         rune // its bits so far
	low, high byte // what the next byte may be
}

// feed takes one byte and passes on the characters that end with it.
func (d *decoder) feed(t *Terminal, b byte) {
	if d.missing > 0 {
		if d.low <= b && b <= d.high {
			d.r = d.r<<6 | rune(b&0x3f)
			d.low, d.high = 0x80, 0xbf
			if d.missing--; d.missing == 0 {
				t.parse(d.r)
			}
			return
		}
		d.missing = 0
		t.parse(replacement)
	}
	d.low, d.high = 0x80, 0xbf
	switch {
	case b < 0x80:
		t.parse(rune(b))
	case b < 0xc2: // a continuation out of place, or an overlong beginning
		t.parse(replacement)
	case b < 0xe0:
		d.missing, d.r = 1, rune(b&0x1f)
	case b < 0xf0:
		d.missing, d.r = 2, rune(b&0x0f)
		switch b {
		case 0xe0: // below are overlong forms
			d.low = 0xa0
		case 0xed: // above are surrogates
			d.high = 0x9f
		}
	case b < 0xf5:
		d.missing, d.r = 3, rune(b&0x07)
		switch b {
		case 0xf0: // below are overlong forms
			d.low = 0x90
		case 0xf4: // above is the end of Unicode
			d.high = 0x8f
		}
	default:
		t.parse(replacement)
	}
}
