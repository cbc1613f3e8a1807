// Package framebuffer shows text on a screen that knows only pixels.
//
// A machine that UEFI started has no text mode: the firmware hands over a
// piece of memory in which each pixel is a number, line after line, and the
// kernel draws the letters itself. It takes them from a font in the Go library
// golang.org/x/image, whose letters are grey at their edges; Screen mixes
// foreground and background accordingly. Lines and blocks, which must meet
// their neighbours exactly, are drawn by rule (box.go, block.go).
//
//	memory -> +--pitch-----------------------------+
//	          |[A][B][C] cells of 8 x 16 pixels    |
//	          |                     |<- not used ->|
//
// Writing to the memory of a video card is slow, and reading it is ten times
// slower. So nothing here reads it, and the terminal (package kernel/term)
// sends only the cells that changed.
//
// Locking: none. Screens are made by New, which checks what the boot loader
// said; nothing after it allocates or panics.
package framebuffer

import (
	"encoding/binary"

	"vitrine/drivers/screen"
)

// The size of a cell in pixels.
const (
	cellWidth  = 8
	cellHeight = 16
)

// Screen shows text in cells of 8 x 16 pixels.
type Screen struct {
	memory     []byte
	mode       Mode
	bytes      int // a pixel
	cols, rows int
	font       font

	shades [256]shades // by Attr
	mixed  [256]bool   // which of them have been made
	cache  [cacheSize]picture
}

// shades are pixels from the background, 0, to the foreground, 15.
type shades [16]uint32

// New returns a screen in memory. It does not touch the memory.
//
// Errors: those of Mode.Size, and ErrMemory.
func New(memory []byte, m Mode) (*Screen, error) {
	size, err := m.Size()
	if err != nil {
		return nil, err
	}
	if size > len(memory) {
		return nil, ErrMemory
	}
	return &Screen{
		memory: memory[:size:size], mode: m, bytes: m.bytesPerPixel(),
		cols: m.Width / cellWidth, rows: m.Height / cellHeight,
		font: newFont(),
	}, nil
}

// Size returns the number of columns and rows.
func (s *Screen) Size() (cols, rows int) { return s.cols, s.rows }

// Clear makes all pixels black, also those at the edges that belong to no cell.
//
// Context: any; never allocates.
func (s *Screen) Clear() {
	for y := range s.mode.Height {
		clear(s.memory[y*s.mode.Pitch:][:s.mode.Width*s.bytes])
	}
}

// Set draws r, or what comes closest. Outside the screen it does nothing.
//
// Context: any; never allocates.
func (s *Screen) Set(x, y int, r rune, a screen.Attr) {
	if x < 0 || x >= s.cols || y < 0 || y >= s.rows {
		return
	}
	s.show(x, y, s.picture(r, a))
}

// show copies p to the screen, in arrays of 8 and 16 bytes: the compiler makes
// each of them two instructions.
func (s *Screen) show(x, y int, p *picture) {
	at := y*cellHeight*s.mode.Pitch + x*cellWidth*s.bytes
	from := p.pixels[:]
	for range cellHeight {
		to := s.memory[at:]
		*(*[16]byte)(to) = [16]byte(from)
		switch s.bytes {
		case 4:
			*(*[16]byte)(to[16:]) = [16]byte(from[16:])
		case 3:
			*(*[8]byte)(to[16:]) = [8]byte(from[16:])
		}
		from = from[cellWidth*s.bytes:]
		at += s.mode.Pitch
	}
}

// Cursor draws the cursor, a line at the bottom of the cell. To hide it, the
// cell must be Set anew.
//
// Context: any; never allocates.
func (s *Screen) Cursor(x, y int, visible bool) {
	if !visible || x < 0 || x >= s.cols || y < 0 || y >= s.rows {
		return
	}
	s.fill(x, y, cellHeight-2, s.mix(screen.Normal)[15])
}

// fill makes the lines of a cell from first on one colour.
func (s *Screen) fill(x, y, first int, color uint32) {
	var row pixels
	for i := range row {
		row[i] = color
	}
	for line := first; line < cellHeight; line++ {
		s.store(s.line(x, y, line), &row)
	}
}

// line returns the memory of one line of pixels in a cell.
func (s *Screen) line(x, y, line int) []byte {
	return s.memory[(y*cellHeight+line)*s.mode.Pitch+x*cellWidth*s.bytes:][:cellWidth*s.bytes]
}

// pixels are those of one line in a cell.
type pixels [cellWidth]uint32

// store puts p into memory.
func (s *Screen) store(memory []byte, p *pixels) {
	switch s.bytes {
	case 4: // two at a time
		memory = memory[:4*cellWidth]
		for j := 0; j < cellWidth; j += 2 {
			binary.LittleEndian.PutUint64(memory[j*4:], uint64(p[j])|uint64(p[j+1])<<32)
		}
	case 3:
		memory = memory[:3*cellWidth]
		for j, v := range p {
			memory[j*3], memory[j*3+1], memory[j*3+2] = byte(v), byte(v>>8), byte(v>>16)
		}
	case 2:
		memory = memory[:2*cellWidth]
		for j, v := range p {
			binary.LittleEndian.PutUint16(memory[j*2:], uint16(v))
		}
	}
}
