// Package ioport is the processor's second address space, the I/O ports.
//
// Besides memory an x86 processor can address 65,536 ports with IN and OUT
// (SDM Vol. 1, "Input/Output"). The PC's oldest devices live there: interrupt
// controller, timer, keyboard controller, serial ports. A driver takes a Space
// and so does not know whether real hardware or a script (porttest) answers.
package ioport

// Space reads and writes ports. Implementations are usable in any context,
// interrupt handlers included, and do not allocate.
type Space interface {
	In8(port uint16) uint8
	In16(port uint16) uint16
	In32(port uint16) uint32
	Out8(port uint16, v uint8)
	Out16(port uint16, v uint16)
	Out32(port uint16, v uint32)
}
