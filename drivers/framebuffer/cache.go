package framebuffer

import "vitrine/drivers/screen"

// cacheSize is a power of two. A screen full of text has some fifty different
// characters in a few colours.
const cacheSize = 256

// picture is a character in its colours, ready to be copied to the screen.
type picture struct {
	key    uint32 // what it shows; 0 is nothing
	pixels [cellHeight * cellWidth * 4]byte
}

// picture returns r in colours a. Characters that share a place in the cache
// take turns.
func (s *Screen) picture(r rune, a screen.Attr) *picture {
	key := 1<<31 | uint32(a)<<21 | uint32(r)&(1<<21-1)
	p := &s.cache[(uint32(r)+uint32(a)*31)%cacheSize]
	if p.key != key {
		p.key = 0
		s.paint(p, r, s.mix(a))
		p.key = key
	}
	return p
}

// paint makes p a picture of r, each point in the shade that the font asks for.
func (s *Screen) paint(p *picture, r rune, colors *shades) {
	var g glyph
	s.font.draw(&g, r)
	for i := range g {
		var row pixels
		for j, v := range g[i] {
			row[j] = colors[v>>4]
		}
		s.store(p.pixels[i*cellWidth*s.bytes:], &row)
	}
}

// mix returns the shades of a, which are made when first wanted.
func (s *Screen) mix(a screen.Attr) *shades {
	colors := &s.shades[a]
	if s.mixed[a] {
		return colors
	}
	fr, fg, fb := a.Foreground().RGB()
	br, bg, bb := a.Background().RGB()
	for i := range uint32(len(colors)) {
		between := func(f, b uint8) uint8 { return uint8((uint32(f)*i + uint32(b)*(15-i)) / 15) }
		colors[i] = s.mode.pixel(between(fr, br), between(fg, bg), between(fb, bb))
	}
	s.mixed[a] = true
	return colors
}
