package ioport

// Hardware is the Space of the machine itself. Its methods need I/O privilege:
// on a hosted system they fault.
type Hardware struct{}

var _ Space = Hardware{}

// In8 reads one byte from port.
func (Hardware) In8(port uint16) uint8 { return in8(port) }

// In16 reads two bytes from port.
func (Hardware) In16(port uint16) uint16 { return in16(port) }

// In32 reads four bytes from port.
//
//go:nosplit
func (Hardware) In32(port uint16) uint32 { return in32(port) }

// Out8 writes one byte to port.
func (Hardware) Out8(port uint16, v uint8) { out8(port, v) }

// Out16 writes two bytes to port.
func (Hardware) Out16(port uint16, v uint16) { out16(port, v) }

// Out32 writes four bytes to port.
func (Hardware) Out32(port uint16, v uint32) { out32(port, v) }

func in8(port uint16) uint8
func in16(port uint16) uint16
func in32(port uint16) uint32
func out8(port uint16, v uint8)
func out16(port uint16, v uint16)
func out32(port uint16, v uint32)
