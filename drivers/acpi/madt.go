package acpi

import (
	"slices"

	"vitrine/mm"
)

// MADT lists processors and interrupt controllers (ACPI, "Multiple APIC
// Description Table (MADT)"). After its fixed part come entries of various
// types, each of which begins with its type and its length, one byte each.
type MADT struct {
	LocalAPIC  mm.PhysAddr // registers of each processor's own controller
	HasPIC     bool        // there are 8259s too, which must be masked
	Processors []Processor
	IOAPICs    []IOAPIC
	Overrides  []Override
	NMIs       []NMISource
	LocalNMIs  []LocalNMI
}

// Processor is one (logical) processor.
type Processor struct {
	APIC    uint32 // number of its local APIC, to which interrupts are sent
	UID     uint32 // what AML calls it
	Enabled bool   // it is there
	Capable bool   // it is not there, but can be put in while running
}

// IOAPIC is a controller that takes interrupts from devices. It serves the
// global interrupts from Base on; the controller itself knows how many.
type IOAPIC struct {
	ID   uint8
	Addr mm.PhysAddr
	Base uint32
}

// Override says that an ISA interrupt arrives elsewhere or otherwise than at
// the global interrupt of the same number, active high and edge triggered.
type Override struct {
	ISA      uint8
	Global   uint32
	Polarity Polarity
	Trigger  Trigger
}

// NMISource is a global interrupt that raises an NMI.
type NMISource struct {
	Global   uint32
	Polarity Polarity
	Trigger  Trigger
}

// LocalNMI is an input of a local APIC that raises an NMI.
type LocalNMI struct {
	UID      uint32 // of the processor, or AllProcessors
	Input    uint8  // LINT0 or LINT1
	Polarity Polarity
	Trigger  Trigger
}

// AllProcessors is the UID that stands for every processor.
const AllProcessors uint32 = 0xffff_ffff

// Polarity is which level of an interrupt line means that it is active.
type Polarity uint8

// The polarities. The default of the ISA bus is high.
const (
	PolarityBusDefault Polarity = 0
	ActiveHigh         Polarity = 1
	ActiveLow          Polarity = 3
)

// Trigger is whether the change of a line to active is an interrupt, or that
// it is active.
type Trigger uint8

// The triggers. The default of the ISA bus is edge.
const (
	TriggerBusDefault Trigger = 0
	Edge              Trigger = 1
	Level             Trigger = 3
)

// inti splits the flags word of interrupt entries (ACPI, "MPS INTI Flags").
func inti(flags uint16) (Polarity, Trigger) {
	return Polarity(flags & 3), Trigger(flags >> 2 & 3)
}

// Types of entries.
const (
	entryLocalAPIC     = 0
	entryIOAPIC        = 1
	entryOverride      = 2
	entryNMI           = 3
	entryLocalNMI      = 4
	entryLocalAPICAddr = 5
	entryX2APIC        = 9
	entryX2NMI         = 10
)

// least returns how long an entry of that type is, at least.
func least(entry uint8) int {
	switch entry {
	case entryLocalNMI:
		return 6
	case entryLocalAPIC, entryNMI:
		return 8
	case entryOverride:
		return 10
	case entryIOAPIC, entryLocalAPICAddr, entryX2NMI:
		return 12
	case entryX2APIC:
		return 16
	}
	return 2
}

// MADT decodes the table "APIC". The signature is older than the name.
//
// Errors: those of Find, ErrLength.
func (t *Tables) MADT() (MADT, error) {
	b, err := t.Bytes("APIC")
	if err != nil {
		return MADT{}, err
	}
	return ParseMADT(b)
}

// ParseMADT decodes a MADT whose checksum is right. It skips entries of types
// that it does not know.
//
// Errors: ErrLength, if an entry is too short, or ends beyond the table; what
// comes before it is returned too.
func ParseMADT(b []byte) (MADT, error) {
	r := record(b)
	m := MADT{LocalAPIC: mm.PhysAddr(r.u32(36)), HasPIC: r.u32(40)&1 != 0}
	for at := 44; at < len(b); {
		length := int(r.u8(at + 1))
		if length < 2 || at+length > len(b) || length < least(r.u8(at)) {
			return m, ErrLength
		}
		m.entry(r[at : at+length])
		at += length
	}
	return m, nil
}

// entry decodes one entry.
func (m *MADT) entry(e record) {
	switch e.u8(0) {
	case entryLocalAPIC:
		m.addProcessor(uint32(e.u8(3)), uint32(e.u8(2)), e.u32(4))
	case entryX2APIC:
		m.addProcessor(e.u32(4), e.u32(12), e.u32(8))
	case entryIOAPIC:
		m.IOAPICs = append(m.IOAPICs, IOAPIC{ID: e.u8(2), Addr: mm.PhysAddr(e.u32(4)), Base: e.u32(8)})
	case entryOverride:
		p, t := inti(e.u16(8))
		m.Overrides = append(m.Overrides, Override{ISA: e.u8(3), Global: e.u32(4), Polarity: p, Trigger: t})
	case entryNMI:
		p, t := inti(e.u16(2))
		m.NMIs = append(m.NMIs, NMISource{Global: e.u32(4), Polarity: p, Trigger: t})
	case entryLocalNMI:
		uid := uint32(e.u8(2))
		if uid == 0xff {
			uid = AllProcessors
		}
		p, t := inti(e.u16(3))
		m.LocalNMIs = append(m.LocalNMIs, LocalNMI{UID: uid, Input: e.u8(5), Polarity: p, Trigger: t})
	case entryX2NMI:
		p, t := inti(e.u16(2))
		m.LocalNMIs = append(m.LocalNMIs, LocalNMI{UID: e.u32(4), Input: e.u8(8), Polarity: p, Trigger: t})
	case entryLocalAPICAddr:
		m.LocalAPIC = mm.PhysAddr(e.u64(4))
	}
}

// addProcessor adds a processor that is there or can come. Firmware lists
// those it could have had as neither, and some firmware lists one twice, once by
// each type of entry.
func (m *MADT) addProcessor(apic, uid, flags uint32) {
	const enabled, capable = 1 << 0, 1 << 1
	if flags&(enabled|capable) == 0 {
		return
	}
	p := Processor{apic, uid, flags&enabled != 0, flags&enabled == 0}
	i := slices.IndexFunc(m.Processors, func(other Processor) bool { return other.APIC == apic })
	switch {
	case i < 0:
		m.Processors = append(m.Processors, p)
	case p.Enabled:
		m.Processors[i] = p
	}
}
