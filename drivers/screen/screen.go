// Package screen names what a text screen can show, whichever device draws it.
//
// A terminal (package kernel/term) decides which character in which colours
// stands where; a driver (drivers/vga, drivers/framebuffer) puts it on the
// glass. Both speak of a Color, an Attr, and a rune, and they meet here. This
// package also knows which simpler character to show instead of one that a
// device has no picture of.
//
// This package is pure: no state, no allocation, usable in any context.
package screen

// Color is one of sixteen, in the order of the ANSI colour sequences: 0 to 7,
// and the same again, brighter.
type Color uint8

// The colours. On a PC, Yellow is brown.
const (
	Black Color = iota
	Red
	Green
	Yellow
	Blue
	Magenta
	Cyan
	White
	BrightBlack
	BrightRed
	BrightGreen
	BrightYellow
	BrightBlue
	BrightMagenta
	BrightCyan
	BrightWhite
)

// Bright is the bit that tells a colour from its brighter sister.
const Bright Color = 8

// palette has the colours as IBM's first colour card made them.
var palette = [16][3]uint8{
	{0x00, 0x00, 0x00},
	{0xaa, 0x00, 0x00},
	{0x00, 0xaa, 0x00},
	{0xaa, 0x55, 0x00},
	{0x00, 0x00, 0xaa},
	{0xaa, 0x00, 0xaa},
	{0x00, 0xaa, 0xaa},
	{0xaa, 0xaa, 0xaa},
	{0x55, 0x55, 0x55},
	{0xff, 0x55, 0x55},
	{0x55, 0xff, 0x55},
	{0xff, 0xff, 0x55},
	{0x55, 0x55, 0xff},
	{0xff, 0x55, 0xff},
	{0x55, 0xff, 0xff},
	{0xff, 0xff, 0xff},
}

// RGB returns the intensities of red, green and blue, 0 to 255.
func (c Color) RGB() (r, g, b uint8) {
	p := &palette[c&15]
	return p[0], p[1], p[2]
}

// Nearest returns the colour that looks most like the one with these
// intensities.
func Nearest(r, g, b uint8) Color {
	best, distance := Black, 1<<30
	for c := Black; c <= BrightWhite; c++ {
		cr, cg, cb := c.RGB()
		dr, dg, db := int(r)-int(cr), int(g)-int(cg), int(b)-int(cb)
		if d := dr*dr + dg*dg + db*db; d < distance {
			best, distance = c, d
		}
	}
	return best
}

// Attr is how a character looks: foreground in the lower four bits, background
// in the upper ones.
type Attr uint8

// Normal is light grey on black.
const Normal = Attr(White)

// Colors returns the Attr with these colours.
func Colors(foreground, background Color) Attr {
	return Attr(foreground&15 | background&15<<4)
}

// Foreground returns the colour of the character.
func (a Attr) Foreground() Color { return Color(a & 15) }

// Background returns the colour around the character.
func (a Attr) Background() Color { return Color(a >> 4) }
