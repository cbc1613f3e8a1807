package vga

import (
	"vitrine/drivers/mmio"
	"vitrine/mm"
)

// The text screen that every PC starts with.
const (
	Cols = 80
	Rows = 25

	// Memory is the physical address of its cells.
	Memory mm.PhysAddr = 0xb8000
)

// Attributes for Early: background in the upper four bits, foreground in the
// lower ones.
const (
	GreyOnBlack uint8 = 0x07
	WhiteOnRed  uint8 = 0x4f
)

// Early writes on the text screen before there is a runtime, and after it has
// died. It asks nobody for memory and moves no cursor; its zero value is ready
// and starts in the upper left corner, grey on black:
//
//	var early vga.Early
type Early struct {
	Base mm.VirtAddr // of the cells; 0 stands for the direct map of Memory
	Attr uint8       // colours; 0 stands for GreyOnBlack

	row, col int
}

func (e *Early) memory() mmio.Hardware {
	if e.Base == 0 {
		return mmio.Hardware{Base: Memory.Direct()}
	}
	return mmio.Hardware{Base: e.Base}
}

func (e *Early) cell(c byte) uint16 {
	if e.Attr == 0 {
		return uint16(GreyOnBlack)<<8 | uint16(c)
	}
	return uint16(e.Attr)<<8 | uint16(c)
}

// WriteByte shows c, an ASCII character or a line feed, and scrolls when the
// screen is full. Other control characters are left out. It returns no error.
//
// Context: any, before the runtime is up, in a panic; never allocates.
func (e *Early) WriteByte(c byte) error {
	switch {
	case c == '\n':
		e.nextLine()
	case c >= ' ':
		if e.col >= Cols {
			e.nextLine()
		}
		e.memory().Store16(uint64(e.row*Cols+e.col)*2, e.cell(c))
		e.col++
	}
	return nil
}

// WriteString shows each byte of s.
//
// Context: as WriteByte.
func (e *Early) WriteString(s string) (int, error) {
	for i := 0; i < len(s); i++ {
		_ = e.WriteByte(s[i])
	}
	return len(s), nil
}

// Write shows each byte of p.
//
// Context: as WriteByte.
func (e *Early) Write(p []byte) (int, error) {
	for _, c := range p {
		_ = e.WriteByte(c)
	}
	return len(p), nil
}

// Clear fills the screen with blanks and starts again in the upper left corner.
//
// Context: as WriteByte.
func (e *Early) Clear() {
	e.row, e.col = 0, 0
	for i := range uint64(Cols * Rows) {
		e.memory().Store16(i*2, e.cell(' '))
	}
}

// nextLine goes to the start of the next line; below the last one, everything
// moves up.
func (e *Early) nextLine() {
	e.col = 0
	if e.row++; e.row < Rows {
		return
	}
	e.row = Rows - 1
	memory := e.memory()
	for i := range uint64(Cols * (Rows - 1)) {
		memory.Store16(i*2, memory.Load16((i+Cols)*2))
	}
	for i := uint64(Cols * (Rows - 1)); i < Cols*Rows; i++ {
		memory.Store16(i*2, e.cell(' '))
	}
}
