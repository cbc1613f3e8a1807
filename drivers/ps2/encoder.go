package ps2

// Append adds to dst the bytes that a keyboard sends when the key c goes down
// or up. It is the decoder's inverse, and what a fake keyboard in a test types
// with. A code that is no key adds nothing.
func (s Set) Append(dst []uint8, c Code, pressed bool) []uint8 {
	switch {
	case c < FirstKey || c >= EndOfKeys:
		return dst
	case c == KeyPause:
		return s.appendPause(dst, pressed)
	case c == KeyPrintScreen && pressed:
		dst = s.appendScancode(dst, s.pick(fakeShifts[0].set1, fakeShifts[0].set2), true)
		return s.appendScancode(dst, s.pick(keys[c].set1, keys[c].set2), true)
	case c == KeyPrintScreen:
		dst = s.appendScancode(dst, s.pick(keys[c].set1, keys[c].set2), false)
		return s.appendScancode(dst, s.pick(fakeShifts[0].set1, fakeShifts[0].set2), false)
	}
	return s.appendScancode(dst, s.pick(keys[c].set1, keys[c].set2), pressed)
}

// appendPause adds one half of the sequence; a real keyboard sends both when
// the key goes down.
func (s Set) appendPause(dst []uint8, pressed bool) []uint8 {
	dst = append(dst, prefixPause)
	for _, c := range []Code{KeyLeftCtrl, KeyNumLock} {
		dst = s.appendScancode(dst, s.pick(keys[c].set1, keys[c].set2), pressed)
	}
	return dst
}

func (s Set) appendScancode(dst []uint8, scancode uint16, pressed bool) []uint8 {
	if scancode&extended != 0 {
		dst = append(dst, prefixExtended)
	}
	n := uint8(scancode)
	switch {
	case pressed:
		return append(dst, n)
	case s == Set1:
		return append(dst, n|releaseBit)
	}
	return append(dst, prefixRelease, n)
}
