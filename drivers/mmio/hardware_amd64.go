package mmio

import (
	"unsafe"

	"vitrine/mm"
)

// Hardware is a Space of the machine itself: registers that are mapped from
// Base on, without caching where the device asks for it.
//
// Its methods need no runtime. Turning a Hardware into a Space allocates
// unless its value is constant, so do that when the driver is made.
type Hardware struct{ Base mm.VirtAddr }

var _ Space = Hardware{}

// Load8 reads one byte.
func (h Hardware) Load8(offset uint64) uint8 { return load8(uint64(h.Base) + offset) }

// Load16 reads two bytes.
func (h Hardware) Load16(offset uint64) uint16 { return load16(uint64(h.Base) + offset) }

// Load32 reads four bytes.
//
//go:nosplit
func (h Hardware) Load32(offset uint64) uint32 { return load32(uint64(h.Base) + offset) }

// Load64 reads eight bytes.
func (h Hardware) Load64(offset uint64) uint64 { return load64(uint64(h.Base) + offset) }

// Store8 writes one byte.
func (h Hardware) Store8(offset uint64, v uint8) { store8(uint64(h.Base)+offset, v) }

// Store16 writes two bytes.
func (h Hardware) Store16(offset uint64, v uint16) { store16(uint64(h.Base)+offset, v) }

// Store32 writes four bytes.
func (h Hardware) Store32(offset uint64, v uint32) { store32(uint64(h.Base)+offset, v) }

// Store64 writes eight bytes.
func (h Hardware) Store64(offset uint64, v uint64) { store64(uint64(h.Base)+offset, v) }

// Bytes returns the n bytes of device memory at base as a slice: for memory
// whose content counts, not the single access. The memory must stay mapped and
// must not belong to the Go heap; the garbage collector ignores it.
//
// Context: any; never allocates.
func Bytes(base mm.VirtAddr, n int) []byte {
	// The address is no Go pointer that could move or die, so reading its
	// bits as a pointer is safe.
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&base)), n)
}

func load8(addr uint64) uint8
func load16(addr uint64) uint16
func load32(addr uint64) uint32
func load64(addr uint64) uint64
func store8(addr uint64, v uint8)
func store16(addr uint64, v uint16)
func store32(addr uint64, v uint32)
func store64(addr uint64, v uint64)
