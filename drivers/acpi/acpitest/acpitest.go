// Package acpitest has the ACPI tables of three real machines, for tests: what
// QEMU 7.2 and its firmware leave in memory.
package acpitest

import (
	_ "embed" // the memories
	"encoding/binary"

	"vitrine/mm"
)

// Memory is physical memory with holes.
type Memory []Piece

// Piece is contiguous memory.
type Piece struct {
	Addr mm.PhysAddr
	Data []byte
}

// Bytes returns the n bytes at a, or false if they are not in one piece.
func (m Memory) Bytes(a mm.PhysAddr, n uint64) ([]byte, bool) {
	for _, p := range m {
		if a < p.Addr || n > uint64(len(p.Data)) {
			continue
		}
		if at := uint64(a - p.Addr); at <= uint64(len(p.Data))-n {
			return p.Data[at:][:n], true
		}
	}
	return nil, false
}

//go:embed testdata/pc.mem
var pc string

//go:embed testdata/q35.mem
var q35 string

//go:embed testdata/uefi.mem
var uefi string

// PC is the memory of "qemu-system-x86_64 -machine pc -smp 2" with SeaBIOS:
// tables of ACPI 1.0, no reset register.
func PC() Memory { return parse(pc) }

// Q35 is the memory of "qemu-system-x86_64 -machine q35 -smp 4" with SeaBIOS.
func Q35() Memory { return parse(q35) }

// UEFI is the memory of "qemu-system-x86_64 -machine q35 -smp 2" with OVMF:
// tables of ACPI 2.0, with an XSDT; the root pointer is at UEFIRoot, where no
// BIOS would put it.
func UEFI() Memory { return parse(uefi) }

// UEFIRoot is the address of the root pointer in UEFI.
const UEFIRoot mm.PhysAddr = 0x777_e014

// parse splits a file into its pieces: address and length, 8 bytes each, and
// the bytes. Each call returns a copy of its own.
func parse(file string) Memory {
	var m Memory
	for b := []byte(file); len(b) >= 16; {
		n := binary.LittleEndian.Uint64(b[8:])
		m = append(m, Piece{mm.PhysAddr(binary.LittleEndian.Uint64(b)), b[16:][:n:n]})
		b = b[16+n:]
	}
	return m
}
