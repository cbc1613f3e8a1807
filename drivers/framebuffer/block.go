package framebuffer

// drawBlock makes g the picture of r if it is one of the block elements
// U+2580 to U+259F (The Unicode Standard, "Block Elements").
func drawBlock(g *glyph, r rune) bool {
	const w, h = cellWidth, cellHeight
	n := int(r - 0x2580)
	switch {
	case n < 0 || n > 0x1f:
		return false
	case n == 0: // ▀
		g.fill(0, 0, w, h/2, 0xff)
	case n <= 8: // ▁ to █: so many eighths from below
		g.fill(0, h-n*h/8, w, h, 0xff)
	case n <= 0xf: // ▉ to ▏: so many eighths from the left
		g.fill(0, 0, (16-n)*w/8, h, 0xff)
	case n == 0x10: // ▐
		g.fill(w/2, 0, w, h, 0xff)
	case n <= 0x13: // ░ ▒ ▓
		g.fill(0, 0, w, h, uint8(n-0x10)*0x40)
	case n == 0x14: // ▔
		g.fill(0, 0, w, h/8, 0xff)
	case n == 0x15: // ▕
		g.fill(w-w/8, 0, w, h, 0xff)
	default:
		drawQuadrants(g, quadrants[n-0x16])
	}
	return true
}

// The quarters of a cell.
const (
	upperLeft uint8 = 1 << iota
	upperRight
	lowerLeft
	lowerRight
)

// quadrants has the quarters of ▖▗▘▙▚▛▜▝▞▟.
var quadrants = [...]uint8{
	lowerLeft,
	lowerRight,
	upperLeft,
	upperLeft | lowerLeft | lowerRight,
	upperLeft | lowerRight,
	upperLeft | upperRight | lowerLeft,
	upperLeft | upperRight | lowerRight,
	upperRight,
	upperRight | lowerLeft,
	upperRight | lowerLeft | lowerRight,
}

func drawQuadrants(g *glyph, set uint8) {
	const w, h = cellWidth / 2, cellHeight / 2
	for i := range 4 {
		if set&(1<<i) != 0 {
			x, y := i%2*w, i/2*h
			g.fill(x, y, x+w, y+h, 0xff)
		}
	}
}
