package acpi

import "vitrine/mm"

// PCIWindow is memory in which the configuration spaces of PCI Express devices
// lie: 1 MiB a bus, 4 KiB a function (PCI Firmware Specification, "MCFG
// Table").
type PCIWindow struct {
	Addr     mm.PhysAddr // of bus 0, even if FirstBus is another
	Segment  uint16
	FirstBus uint8
	LastBus  uint8
}

const (
	mcfgEntries   = 44
	mcfgEntrySize = 16
)

// MCFG decodes the table "MCFG".
//
// Errors: those of Find.
func (t *Tables) MCFG() ([]PCIWindow, error) {
	b, err := t.Bytes("MCFG")
	if err != nil {
		return nil, err
	}
	return ParseMCFG(b), nil
}

// ParseMCFG decodes an MCFG table whose checksum is right. It leaves out
// windows that end before they begin.
func ParseMCFG(b []byte) []PCIWindow {
	var windows []PCIWindow
	r := record(b)
	for at := mcfgEntries; at+mcfgEntrySize <= len(b); at += mcfgEntrySize {
		w := PCIWindow{mm.PhysAddr(r.u64(at)), r.u16(at + 8), r.u8(at + 10), r.u8(at + 11)}
		if w.FirstBus <= w.LastBus && w.Addr != 0 {
			windows = append(windows, w)
		}
	}
	return windows
}
