package acpi

import "vitrine/mm"

// RSDP is the root pointer (ACPI, "Root System Description Pointer (RSDP)"):
//
//	 0         8          9     15         16     20       24     32        33   36
//	| RSD PTR | checksum | OEM | revision | RSDT | length | XSDT | checksum |    |
//
// ACPI 1.0 ends after RSDT. The first checksum covers those 20 bytes, the
// second everything.
type RSDP struct {
	OEM      string
	Revision uint8 // 0 is ACPI 1.0, 2 any later one
	RSDT     mm.PhysAddr
	XSDT     mm.PhysAddr // 0 in ACPI 1.0
}

const (
	rsdpSignature = "RSD PTR "
	rsdpSize1     = 20
	rsdpSize2     = 36
)

// ParseRSDP decodes a copy of the root pointer, 20 or 36 bytes.
//
// Errors: ErrSignature, ErrLength, ErrChecksum.
func ParseRSDP(b []byte) (RSDP, error) {
	r, err := checkRSDP(b)
	if err != nil {
		return RSDP{}, err
	}
	p := RSDP{OEM: r.text(9, 6), Revision: r.u8(15), RSDT: mm.PhysAddr(r.u32(16))}
	if len(r) >= rsdpSize2 {
		p.XSDT = mm.PhysAddr(r.u64(24))
	}
	return p, nil
}

// GoodRSDP tells whether ParseRSDP would take b.
//
// Context: any; does not allocate.
func GoodRSDP(b []byte) bool {
	_, err := checkRSDP(b)
	return err == nil
}

// checkRSDP returns what of b is a good root pointer: 20 bytes, or more, then
// with an XSDT.
func checkRSDP(b []byte) (record, error) {
	if len(b) < rsdpSize1 {
		return nil, ErrLength
	}
	if string(b[:8]) != rsdpSignature {
		return nil, ErrSignature
	}
	if sum(b[:rsdpSize1]) != 0 {
		return nil, ErrChecksum
	}
	r := record(b)
	if r.u8(15) < 2 || len(b) < rsdpSize2 {
		return r[:rsdpSize1], nil
	}
	if length := r.u32(20); length < rsdpSize2 || uint64(length) > uint64(len(b)) {
		return nil, ErrLength
	} else if sum(b[:length]) != 0 {
		return nil, ErrChecksum
	}
	return r, nil
}

// Where a BIOS puts the root pointer (ACPI, "Finding the RSDP on IA-PC
// Systems"): on a multiple of 16 in the first KiB of the extended BIOS data
// area, whose segment stands at 0x40e, or in the last 128 KiB below 1 MiB.
const (
	ebdaSegment mm.PhysAddr = 0x40e
	ebdaLength  uint64      = 1 << 10
	biosStart   mm.PhysAddr = 0xe_0000
	biosLength  uint64      = 0x2_0000
	rsdpAlign   uint64      = 16
)

// FindRSDP searches for the root pointer where a BIOS puts it. On a machine
// with UEFI it is not there: the boot loader knows where.
//
// Errors: ErrNoRSDP.
func FindRSDP(mem Reader) (RSDP, error) {
	b, err := LocateRSDP(mem)
	if err != nil {
		return RSDP{}, err
	}
	return ParseRSDP(b)
}

// LocateRSDP is FindRSDP, but returns the memory in which the root pointer is.
//
// Errors:  ErrNoRSDP.
// Context: any; does not allocate.
func LocateRSDP(mem Reader) ([]byte, error) {
	if b, ok := mem.Bytes(ebdaSegment, 2); ok {
		ebda := mm.PhysAddr(record(b).u16(0)) << 4
		if b, ok := scanRSDP(mem, ebda, ebdaLength); ok && ebda != 0 {
			return b, nil
		}
	}
	if b, ok := scanRSDP(mem, biosStart, biosLength); ok {
		return b, nil
	}
	return nil, ErrNoRSDP
}

// scanRSDP looks at each multiple of 16 from start on. It asks for the memory in
// one piece, which is quick, and if there is none, piece by piece.
func scanRSDP(mem Reader, start mm.PhysAddr, length uint64) ([]byte, bool) {
	area, whole := mem.Bytes(start, length)
	for offset := uint64(0); offset < length; offset += rsdpAlign {
		if whole && area[offset] != rsdpSignature[0] {
			continue
		}
		a := start + mm.PhysAddr(offset)
		b, ok := mem.Bytes(a, rsdpSize1)
		if !ok || string(b[:8]) != rsdpSignature {
			continue
		}
		if long, ok := mem.Bytes(a, rsdpSize2); ok {
			b = long
		}
		if r, err := checkRSDP(b); err == nil {
			return r, true
		}
	}
	return nil, false
}
