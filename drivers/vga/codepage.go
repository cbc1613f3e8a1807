package vga

import "vitrine/drivers/screen"

// The card's character set is that of the first IBM PC, code page 437. Its
// first 32 characters are pictures, the next 95 are ASCII, and then come the
// letters of western Europe, lines and blocks, and some Greek.
const (
	pictures = "☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼" // 0x01 to 0x1f
	house    = '⌂'                               // 0x7f
	upper    = "" +                              // 0x80 to 0xff
		"ÇüéâäàåçêëèïîìÄÅ" + "ÉæÆôöòûùÿÖÜ¢£¥₧ƒ" +
		"áíóúñÑªº¿⌐¬½¼¡«»" + "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
		"└┴┬├─┼╞╟╚╔╩╦╠═╬╧" + "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
		"αßΓπΣσµτΦΘΩδ∞φε∩" + "≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"
)

// unknown is what stands for characters that the card cannot show at all: a
// small square.
const unknown = 0xfe

// Encode returns the character of code page 437 that shows r, or the one that
// comes closest.
//
// Context: any; never allocates.
func Encode(r rune) byte {
	for range 6 {
		if c, ok := exact(r); ok {
			return c
		}
		simpler, ok := screen.Fallback(r)
		if !ok {
			break
		}
		r = simpler
	}
	return unknown
}

func exact(r rune) (byte, bool) {
	if r >= ' ' && r < 0x7f {
		return byte(r), true
	}
	if r == house {
		return 0x7f, true
	}
	if c, ok := find(upper, r, 0x80); ok {
		return c, true
	}
	return find(pictures, r, 0x01)
}

// find returns the place of r in set, whose first character is number first.
func find(set string, r rune, first byte) (byte, bool) {
	c := first
	for _, s := range set {
		if s == r {
			return c, true
		}
		c++
	}
	return 0, false
}
