package multiboot

import "vitrine/mm"

// FramebufferKind is how a framebuffer's memory is to be understood.
type FramebufferKind uint8

// The kinds of framebuffer. With NoFramebuffer the loader told nothing: on a
// PC with a BIOS the screen is then in VGA text mode.
const (
	NoFramebuffer FramebufferKind = iota
	Indexed                       // pixels are indexes into a palette
	RGB                           // pixels are colours
	EGAText                       // characters with attributes; sizes in characters
)

// Framebuffer is the screen as the loader left it.
type Framebuffer struct {
	Kind         FramebufferKind
	Addr         mm.PhysAddr
	Pitch        uint32 // bytes from one line to the next
	Width        uint32 // pixels, or characters
	Height       uint32
	BitsPerPixel uint8 // 16 for EGAText

	Red, Green, Blue Channel // RGB only
}

// Channel is where in a pixel the bits of one colour are.
type Channel struct {
	Position uint8 // of the lowest bit
	Size     uint8 // how many bits
}

// Range returns the memory that the framebuffer occupies.
func (f *Framebuffer) Range() mm.PhysRange {
	size := uint64(f.Pitch) * uint64(f.Height)
	return mm.PhysRange{Start: f.Addr, End: f.Addr + mm.PhysAddr(size)}
}

// maxSide bounds width and height: no screen has more pixels a side.
const maxSide = 1 << 15

// setFramebuffer reads the description at the start of r; the colours are at
// offset colours, which is where the two versions of Multiboot differ.
//
//	0 address   8 pitch   12 width   16 height   20 bits   21 type
func (i *Info) setFramebuffer(r record, colours int) {
	f := Framebuffer{
		Addr:         mm.PhysAddr(r.u64(0)),
		Pitch:        r.u32(8),
		Width:        r.u32(12),
		Height:       r.u32(16),
		BitsPerPixel: r.u8(20),
	}
	switch r.u8(21) {
	case 0:
		f.Kind = Indexed
	case 1:
		f.Kind = RGB
		f.Red = Channel{r.u8(colours), r.u8(colours + 1)}
		f.Green = Channel{r.u8(colours + 2), r.u8(colours + 3)}
		f.Blue = Channel{r.u8(colours + 4), r.u8(colours + 5)}
	case 2:
		f.Kind = EGAText
		f.BitsPerPixel = 16
	}
	if !f.plausible() {
		i.Flaws |= BadFramebuffer
		return
	}
	i.Framebuffer = f
}

// plausible tells whether a picture can have this shape.
func (f *Framebuffer) plausible() bool {
	bits := uint64(f.BitsPerPixel)
	switch {
	case f.Kind == NoFramebuffer, f.Addr == 0, f.Addr >= maxPhys,
		f.Width == 0, f.Width > maxSide, f.Height == 0, f.Height > maxSide,
		bits == 0, bits > 32, uint64(f.Pitch) < (uint64(f.Width)*bits+7)/8, f.Pitch > 16*maxSide:
		return false
	case f.Kind == RGB:
		return f.Red.within(bits) && f.Green.within(bits) && f.Blue.within(bits)
	}
	return true
}

func (c Channel) within(bits uint64) bool {
	return c.Size > 0 && uint64(c.Position)+uint64(c.Size) <= bits
}
