package acpi

import "vitrine/mm"

// HPET describes a high precision event timer (IA-PC HPET Specification, "The
// ACPI 2.0 HPET Description Table (HPET)").
type HPET struct {
	Number      uint8
	Register    Register // the block of registers, 1 KiB
	Vendor      uint16
	Comparators uint8
	Counter64   bool   // the counter has 64 bits, else 32
	Legacy      bool   // it can stand in for the PIT and the RTC
	MinTick     uint16 // the shortest period, in ticks, that loses no interrupt
}

// HPET decodes the table "HPET".
//
// Errors: those of Find.
func (t *Tables) HPET() (HPET, error) {
	b, err := t.Bytes("HPET")
	if err != nil {
		return HPET{}, err
	}
	return ParseHPET(b), nil
}

// ParseHPET decodes a HPET table whose checksum is right. Its register block
// counts as present only if it is in memory.
func ParseHPET(b []byte) HPET {
	r := record(b)
	id := r.u32(36) // a copy of the device's own identification register
	return HPET{
		Number:      r.u8(52),
		Register:    r.register(40),
		Vendor:      uint16(id >> 16),
		Comparators: uint8(id>>8&0x1f) + 1,
		Counter64:   id>>13&1 != 0,
		Legacy:      id>>15&1 != 0,
		MinTick:     r.u16(53),
	}
}

// Addr returns where the register block is; false if it is not in memory.
func (h HPET) Addr() (mm.PhysAddr, bool) {
	return mm.PhysAddr(h.Register.Addr), h.Register.Space == SystemMemory && h.Register.Present()
}
