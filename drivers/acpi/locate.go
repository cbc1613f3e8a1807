package acpi

import "vitrine/mm"

// Locate returns the first good table with a signature, where it stands in
// memory: what Tables.Bytes does, for a kernel that has no heap yet. root is the
// root pointer, from LocateRSDP or from the boot loader.
//
// Errors:  those of ParseRSDP and Open, ErrNoTable.
// Context: any; does not allocate.
func Locate(mem Reader, root []byte, signature string) ([]byte, error) {
	r, err := checkRSDP(root)
	if err != nil {
		return nil, err
	}
	list, width, err := locateList(mem, r)
	if err != nil {
		return nil, err
	}
	for at := headerSize; at+width <= len(list); at += width {
		a := mm.PhysAddr(list.u32(at))
		if width == 8 {
			a = mm.PhysAddr(list.u64(at))
		}
		if b, ok := mem.Bytes(a, headerSize); !ok || string(b[:4]) != signature {
			continue
		}
		if t, err := locateTable(mem, a); err == nil {
			return t, nil
		}
	}
	return nil, ErrNoTable
}

// locateList returns the XSDT, or the RSDT if there is no good XSDT, and the
// width of an entry in bytes.
func locateList(mem Reader, root record) (list record, width int, err error) {
	if len(root) >= rsdpSize2 && root.u64(24) != 0 {
		list, err = locateTable(mem, mm.PhysAddr(root.u64(24)))
		if err == nil && string(list[:4]) == "XSDT" {
			return list, 8, nil
		}
	}
	list, err = locateTable(mem, mm.PhysAddr(root.u32(16)))
	if err == nil && string(list[:4]) != "RSDT" {
		err = ErrSignature
	}
	return list, 4, err
}

// locateTable returns the table at a, if it is good.
func locateTable(mem Reader, a mm.PhysAddr) (record, error) {
	b, ok := mem.Bytes(a, headerSize)
	if !ok {
		return nil, ErrOutside
	}
	length := record(b).u32(4)
	if length < headerSize || length > maxTableLength {
		return nil, ErrLength
	}
	if b, ok = mem.Bytes(a, uint64(length)); !ok {
		return nil, ErrOutside
	}
	if sum(b) != 0 {
		return nil, ErrChecksum
	}
	return b, nil
}
