// Package mmio is how a driver talks to registers that look like memory.
//
// A device may answer at addresses instead of I/O ports (package ioport): a
// load asks it something, a store tells it something, and each of them counts.
// Go has no volatile, so an ordinary pointer will not do: the compiler may
// merge two loads, drop a store that a later one overwrites, or split one in
// two. Here every access is one instruction of the stated width, made by
// assembly that the compiler cannot look into, in program order.
//
// A driver takes a Space and so does not know whether real hardware or a
// script (mmiotest) answers.
//
// Plain memory that a device only looks at, such as a framebuffer, does not
// need this care: Bytes makes a slice of it.
package mmio

// Space reads and writes the registers of one device; offset counts bytes from
// its first one. An access must be aligned to its width. Implementations are
// usable in any context, interrupt handlers included, and do not allocate.
type Space interface {
	Load8(offset uint64) uint8
	Load16(offset uint64) uint16
	Load32(offset uint64) uint32
	Load64(offset uint64) uint64
	Store8(offset uint64, v uint8)
	Store16(offset uint64, v uint16)
	Store32(offset uint64, v uint32)
	Store64(offset uint64, v uint64)
}
