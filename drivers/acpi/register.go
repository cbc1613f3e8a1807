package acpi

import "fmt"

// Space is an address space that a register can be in.
type Space uint8

// The address spaces that a PC's tables use.
const (
	SystemMemory Space = 0
	SystemIO     Space = 1
	PCIConfig    Space = 2 // of bus 0: device in bits 47:32, function 31:16, offset 15:0
)

// Register is where a register is (ACPI, "Generic Address Structure (GAS)"):
//
//	 0       1       2        3        4         12
//	| space | width | offset | access | address |
type Register struct {
	Space  Space
	Width  uint8 // in bits
	Offset uint8 // of the lowest bit
	Access uint8 // 0 any, 1 bytes, 2 words, 3 double words, 4 quad words
	Addr   uint64
}

func (r record) register(at int) Register {
	return Register{Space(r.u8(at)), r.u8(at + 1), r.u8(at + 2), r.u8(at + 3), r.u64(at + 4)}
}

// Present tells whether there is such a register.
func (r Register) Present() bool { return r.Addr != 0 }

// Port returns the I/O port that the register is at; false if it is not at one.
func (r Register) Port() (uint16, bool) {
	if r.Space != SystemIO || r.Addr == 0 || r.Addr > 0xffff {
		return 0, false
	}
	return uint16(r.Addr), true
}

// String returns the register's place: "port 0x604".
func (r Register) String() string {
	switch {
	case !r.Present():
		return "none"
	case r.Space == SystemMemory:
		return fmt.Sprintf("memory %#x", r.Addr)
	case r.Space == SystemIO:
		return fmt.Sprintf("port %#x", r.Addr)
	case r.Space == PCIConfig:
		return fmt.Sprintf("PCI 00:%02x.%x register %#x", r.Addr>>32&0xffff, r.Addr>>16&0xffff, r.Addr&0xffff)
	}
	return fmt.Sprintf("space %d address %#x", r.Space, r.Addr)
}
