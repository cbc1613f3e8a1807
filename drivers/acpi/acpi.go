// Package acpi reads the tables in which the firmware describes the machine.
//
// Some of a PC's devices can be asked what they are. The rest (how many
// processors there are, where the interrupt controllers are, which port turns
// the power off) was once known only to those who had built the machine. ACPI
// has the firmware write it into memory, as a tree of tables:
//
//	RSDP --> RSDT, XSDT --> FADT --> DSDT    power management, and code (AML)
//	root     lists of   --> MADT             processors, interrupt controllers
//	pointer  tables     --> HPET             a timer
//	                    --> MCFG ...         PCI Express configuration space
//
// The root pointer comes from the boot loader (UEFI), or is searched for in
// the BIOS's memory (FindRSDP). RSDT and XSDT say the same with addresses of
// 32 and 64 bits. Every table begins with the same header, and its bytes sum
// up to 0.
//
// Most of a DSDT is a program for an interpreter, which this kernel does not
// have. Of one object the kernel needs the value, the package \_S5_ with the
// numbers that mean "power off" (sleep.go); this it finds by its encoding.
//
// Nothing is believed that is not checked: signature, length, checksum. A bad
// table is listed with what is wrong with it, and not used.
//
// Read Open first. In GDB: break acpi.Open.
//
// Locking: none; Tables do not change once they are read. Context: ordinary Go
// code; allocates.
//
// Source: "Advanced Configuration and Power Interface (ACPI) Specification",
// https://uefi.org/specifications; below, "ACPI" and a section's title.
package acpi

import "vitrine/mm"

// Reader reads physical memory. Bytes returns the n bytes at a, or false if
// they do not all lie in memory that can be read. The caller does not keep
// the slice, nor write to it.
type Reader interface {
	Bytes(a mm.PhysAddr, n uint64) ([]byte, bool)
}

// Error says what is wrong with a table, or with all of them.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// The errors of this package.
const (
	ErrNoRSDP    Error = "no ACPI root pointer found"
	ErrNoTable   Error = "no such ACPI table"
	ErrOutside   Error = "the ACPI table lies outside of memory"
	ErrSignature Error = "the ACPI table has the wrong signature"
	ErrLength    Error = "the ACPI table has an impossible length"
	ErrChecksum  Error = "the ACPI table has a wrong checksum"
	ErrNoS5      Error = `the ACPI tables do not say how to power off (no usable \_S5_)`
)

// record is a table, or a piece of one, in which fields are looked up by their
// offset, least significant byte first. A field that lies past its end reads
// as 0: that is what ACPI says of fields that a table is too old to have.
type record []byte

func (r record) u8(at int) uint8 {
	if at >= len(r) {
		return 0
	}
	return r[at]
}

func (r record) u16(at int) uint16 { return uint16(r.u8(at)) | uint16(r.u8(at+1))<<8 }
func (r record) u32(at int) uint32 { return uint32(r.u16(at)) | uint32(r.u16(at+2))<<16 }
func (r record) u64(at int) uint64 { return uint64(r.u32(at)) | uint64(r.u32(at+4))<<32 }

// text returns the n characters at an offset, without padding; what is not
// printable ASCII becomes a question mark.
func (r record) text(at, n int) string {
	b := make([]byte, 0, n)
	for k := range n {
		switch c := r.u8(at + k); {
		case c >= 0x20 && c < 0x7f:
			b = append(b, c)
		case c != 0:
			b = append(b, '?')
		}
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return string(b)
}

// sum adds up bytes modulo 256; it is 0 for a good table.
func sum(b []byte) uint8 {
	s := uint8(0)
	for _, c := range b {
		s += c
	}
	return s
}
