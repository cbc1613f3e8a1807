package vga

// A VGA has some three hundred registers behind a dozen ports: most are
// reached by writing a number to one port and the value to the next (IBM PS/2
// Hardware Interface Technical Reference: Video Subsystems, "VGA Programming
// Considerations").
const (
	portAttribute     uint16 = 0x3c0 // number and value in turn, written
	portAttributeRead uint16 = 0x3c1
	portMiscRead      uint16 = 0x3cc // miscellaneous output
	portGraphics      uint16 = 0x3ce
	portGraphicsData  uint16 = 0x3cf
	portCRTC          uint16 = 0x3d4
	portCRTCData      uint16 = 0x3d5
	portStatus        uint16 = 0x3da // reading makes portAttribute expect a number
)

// Registers of the CRT controller.
const (
	crtcCharacterHeight uint8 = 0x09 // lines less one, in bits 4 to 0
	crtcCursorStart     uint8 = 0x0a // first line of the cursor, in bits 4 to 0
	crtcCursorEnd       uint8 = 0x0b // last line
	crtcStartHigh       uint8 = 0x0c // the first cell that is shown
	crtcStartLow        uint8 = 0x0d
	crtcCursorHigh      uint8 = 0x0e // the cell with the cursor
	crtcCursorLow       uint8 = 0x0f
)

// cursorOff, in crtcCursorStart, hides the cursor.
const cursorOff uint8 = 1 << 5

// colorPorts, of the miscellaneous output, tells that the controller answers
// at 0x3d4, as colour cards do, and not at 0x3b4.
const colorPorts uint8 = 1 << 0

// graphicsMiscellaneous is the register of the graphics controller whose bit 0
// is set while pixels are shown rather than characters.
const (
	graphicsMiscellaneous uint8 = 0x06
	graphicsMode          uint8 = 1 << 0
)

// attributeMode is the register of the attribute controller that says what the
// highest bit of the background means: blinking, or four more bits of colour.
const (
	attributeMode   uint8 = 0x10
	attributeOn     uint8 = 1 << 5 // with a register's number: keep showing the picture
	blinking        uint8 = 1 << 3
	allScanLines    uint8 = 0x1f
	underlineHeight       = 2 // lines of the cursor
)

func (s *Screen) crtc(register uint8) uint8 {
	s.ports.Out8(portCRTC, register)
	return s.ports.In8(portCRTCData)
}

func (s *Screen) setCRTC(register, v uint8) {
	s.ports.Out8(portCRTC, register)
	s.ports.Out8(portCRTCData, v)
}
