// Package vga is the text screen that a PC shows after power-on.
//
// Since 1981 a PC's video card has had a mode in which memory holds not pixels
// but characters: 80 columns, 25 rows, two bytes a cell at physical address
// 0xb8000, which the card draws with a font of its own 70 times a second.
// Storing 0x4f41 there makes a white A on red. Nothing is simpler, so this is
// the first screen of most kernels, and where their last words appear:
//
//	 15    12 11     8 7           0
//	| backgr | foregr | code page 437 |
//
// Early is for the time before the runtime and after it; Screen is what a
// terminal (package kernel/term) draws on. A machine that was started by UEFI
// has no such mode: see drivers/framebuffer.
//
// Locking: none. The manual is the IBM PS/2 Hardware Interface Technical
// Reference: Video Subsystems (1992).
package vga

import (
	"vitrine/drivers/ioport"
	"vitrine/drivers/mmio"
	"vitrine/drivers/screen"
)

// Error is an error of this package.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// The errors.
const (
	ErrAbsent   Error = "vga: no VGA answers"
	ErrGraphics Error = "vga: the card shows pixels, not text"
)

// Screen is the text screen with 16 colours, 16 backgrounds and a cursor.
type Screen struct {
	memory mmio.Space
	ports  ioport.Space

	lines  uint8 // height of a character
	shown  bool  // whether the cursor is
	cursor int   // the cell where it is
}

// New returns the screen whose cells are in memory: in the kernel
//
//	vga.New(mmio.Hardware{Base: vga.Memory.Direct()}, ioport.Hardware{})
//
// It touches no hardware.
func New(memory mmio.Space, ports ioport.Space) *Screen {
	return &Screen{memory: memory, ports: ports}
}

// Init makes sure that a VGA is there and shows text, turns blinking into
// bright backgrounds, and hides the cursor until it is wanted. It leaves the
// text alone.
//
// Errors:  ErrAbsent, ErrGraphics.
// Context: any; never allocates.
func (s *Screen) Init() error {
	if s.ports.In8(portMiscRead)&colorPorts == 0 {
		return ErrAbsent
	}
	for _, v := range [...]uint8{0x55, 0xaa} {
		s.setCRTC(crtcCursorLow, v)
		if s.crtc(crtcCursorLow) != v {
			return ErrAbsent
		}
	}
	s.ports.Out8(portGraphics, graphicsMiscellaneous)
	if s.ports.In8(portGraphicsData)&graphicsMode != 0 {
		return ErrGraphics
	}
	s.ports.In8(portStatus)
	s.ports.Out8(portAttribute, attributeMode|attributeOn)
	mode := s.ports.In8(portAttributeRead)
	s.ports.Out8(portAttribute, mode&^blinking)

	s.setCRTC(crtcStartHigh, 0)
	s.setCRTC(crtcStartLow, 0)
	s.lines = s.crtc(crtcCharacterHeight)&allScanLines + 1
	s.shape(false)
	s.place(0)
	return nil
}

// Size returns 80 columns, 25 rows.
func (s *Screen) Size() (cols, rows int) { return Cols, Rows }

// Set shows r, or what comes closest. Outside the screen it does nothing.
//
// Context: any; never allocates.
func (s *Screen) Set(x, y int, r rune, a screen.Attr) {
	if x < 0 || x >= Cols || y < 0 || y >= Rows {
		return
	}
	s.memory.Store16(uint64(y*Cols+x)*2, uint16(attribute(a))<<8|uint16(Encode(r)))
}

// Cursor shows the cursor as an underline, or hides it.
//
// Context: any; never allocates.
func (s *Screen) Cursor(x, y int, visible bool) {
	if visible != s.shown {
		s.shape(visible)
	}
	if at := y*Cols + x; visible && at != s.cursor && at >= 0 && at < Cols*Rows {
		s.place(at)
	}
}

// shape makes the cursor the lowest lines of the cell but one, or nothing.
func (s *Screen) shape(visible bool) {
	end := max(s.lines, underlineHeight+2) - 2
	start := end - underlineHeight + 1
	if !visible {
		start |= cursorOff
	}
	s.setCRTC(crtcCursorStart, start)
	s.setCRTC(crtcCursorEnd, end)
	s.shown = visible
}

func (s *Screen) place(at int) {
	s.setCRTC(crtcCursorHigh, uint8(at>>8))
	s.setCRTC(crtcCursorLow, uint8(at))
	s.cursor = at
}

// attribute turns the colours of a into the card's, which count blue as 1 and
// red as 4, where ANSI has them the other way round.
func attribute(a screen.Attr) uint8 {
	const red, green, blue = 0x11, 0x22, 0x44 // in both halves of an Attr
	const bright = 0x88
	v := uint8(a)
	return v&bright | v&green | v&red<<2 | v&blue>>2
}
