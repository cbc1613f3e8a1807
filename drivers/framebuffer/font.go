package framebuffer

import (
	"image"

	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/font/inconsolata"

	"vitrine/drivers/screen"
)

// glyph is the picture of a character: for each pixel how much of the
// foreground it has, 0 to 255.
type glyph [cellHeight][cellWidth]uint8

// font is where pictures of letters come from: glyphs one below the other, in
// the order of ranges.
type font struct {
	pictures       []uint8
	stride, height int
	skip           int // lines at the top of each glyph that do not fit in a cell
	ranges         []basicfont.Range
}

// newFont returns Inconsolata, which has ASCII, Latin letters with accents,
// and typographic signs. Its glyphs are a pixel wider and a pixel higher than
// our cells, but empty there.
func newFont() font {
	face := inconsolata.Regular8x16
	mask, ok := face.Mask.(*image.Alpha)
	if !ok || mask.Stride < cellWidth || face.Ascent+face.Descent < cellHeight {
		return font{} // boxes and blocks only
	}
	height := face.Ascent + face.Descent
	return font{mask.Pix, mask.Stride, height, height - cellHeight, face.Ranges}
}

// draw makes g show r, or of what comes closest.
func (f *font) draw(g *glyph, r rune) {
	for range 6 {
		if f.copy(g, r) || drawBlock(g, r) || drawBox(g, r) {
			return
		}
		simpler, ok := screen.Fallback(r)
		if !ok {
			break
		}
		r = simpler
	}
	drawUnknown(g)
}

// copy takes the glyph of r from the font, if it is there.
func (f *font) copy(g *glyph, r rune) bool {
	for i := range f.ranges {
		if rg := &f.ranges[i]; rg.Low <= r && r < rg.High {
			at := (int(r-rg.Low)+rg.Offset)*f.height + f.skip
			for y := range g {
				copy(g[y][:], f.pictures[(at+y)*f.stride:])
			}
			return true
		}
	}
	return false
}

// fill sets the pixels from (x0, y0) up to, not including, (x1, y1).
func (g *glyph) fill(x0, y0, x1, y1 int, v uint8) {
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			g[y&15][x&7] = v
		}
	}
}

// drawUnknown makes g an empty frame.
func drawUnknown(g *glyph) {
	g.fill(1, 3, 7, 14, 0xff)
	g.fill(2, 4, 6, 13, 0)
}
