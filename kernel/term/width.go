package term

// runes is a range of characters, both ends included.
type runes struct{ first, last rune }

// zeroWidth are the characters that take no column of their own: accents that
// combine with the one before, joiners, direction and variation marks (Unicode
// Character Database, general categories Mn, Me, Cf; the common blocks).
var zeroWidth = [...]runes{
	{0x00ad, 0x00ad},
	{0x0300, 0x036f},
	{0x0483, 0x0489},
	{0x0591, 0x05bd},
	{0x0610, 0x061a},
	{0x064b, 0x065f},
	{0x070f, 0x070f},
	{0x1ab0, 0x1aff},
	{0x1dc0, 0x1dff},
	{0x200b, 0x200f},
	{0x202a, 0x202e},
	{0x2060, 0x206f},
	{0x20d0, 0x20ff},
	{0xfe00, 0xfe0f},
	{0xfe20, 0xfe2f},
	{0xfeff, 0xfeff},
	{0x1f3fb, 0x1f3ff},
	{0xe0000, 0xe0fff},
}

// twoWide are the characters that take two columns (Unicode Standard Annex
// #11, "East Asian Width", W and F; the common blocks).
var twoWide = [...]runes{
	{0x1100, 0x115f},
	{0x231a, 0x231b},
	{0x23e9, 0x23ec},
	{0x25fd, 0x25fe},
	{0x2614, 0x2615},
	{0x2e80, 0x303e},
	{0x3041, 0x33ff},
	{0x3400, 0x4dbf},
	{0x4e00, 0x9fff},
	{0xa000, 0xa4cf},
	{0xa960, 0xa97f},
	{0xac00, 0xd7a3},
	{0xf900, 0xfaff},
	{0xfe30, 0xfe6f},
	{0xff01, 0xff60},
	{0xffe0, 0xffe6},
	{0x1f300, 0x1f64f},
	{0x1f680, 0x1f6ff},
	{0x1f900, 0x1f9ff},
	{0x20000, 0x3fffd},
}

// width returns how many columns r takes: 0, 1 or 2.
func width(r rune) int {
	switch {
	case r < 0xad:
		return 1
	case within(r, zeroWidth[:]):
		return 0
	case within(r, twoWide[:]):
		return 2
	}
	return 1
}

func within(r rune, ranges []runes) bool {
	for _, g := range ranges {
		if r <= g.last {
			return r >= g.first
		}
	}
	return false
}
