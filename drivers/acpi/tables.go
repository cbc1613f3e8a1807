package acpi

import "vitrine/mm"

// Table is a table's header (ACPI, "System Description Table Header"):
//
//	 0           4        8          9          10     16         24             28        36
//	| signature | length | revision | checksum | OEM | OEM table | OEM revision | creator |
type Table struct {
	Signature   string // four characters: "APIC"
	Addr        mm.PhysAddr
	Length      uint32 // in bytes, with the header
	Revision    uint8
	OEM         string // who made the machine
	OEMTable    string
	OEMRevision uint32
	Creator     string // who made the table

	// Err is what is wrong with the table, or nil.
	Err error
}

const headerSize = 36

// Bounds of what is believed.
const (
	maxTables      = 128
	maxTableLength = 4 << 20 // bytes; the largest known have less than 1 MiB
)

// Tables are all tables of the machine.
type Tables struct {
	Root   RSDP
	mem    Reader
	tables []Table
}

// Open reads the list of tables that root points to, and checks each of them.
//
// Errors: those of the list itself: ErrOutside, ErrSignature, ErrLength,
// ErrChecksum. What is wrong with a table is in its Err.
func Open(mem Reader, root RSDP) (*Tables, error) {
	t := &Tables{Root: root, mem: mem}
	list, width, err := t.openList()
	if err != nil {
		return nil, err
	}
	body, err := t.read(list)
	if err != nil {
		return nil, err
	}
	t.tables = append(t.tables, list)
	for at := headerSize; at+width <= len(body); at += width {
		a := mm.PhysAddr(record(body).u32(at))
		if width == 8 {
			a = mm.PhysAddr(record(body).u64(at))
		}
		t.add(a)
	}
	if f, err := t.FADT(); err == nil {
		t.add(f.DSDT)
	}
	return t, nil
}

// openList returns the XSDT, or the RSDT if there is no good XSDT, and the
// width of an entry in bytes.
func (t *Tables) openList() (list Table, width int, err error) {
	if t.Root.XSDT != 0 {
		list = t.header(t.Root.XSDT)
		if list.Err == nil && list.Signature == "XSDT" {
			return list, 8, nil
		}
	}
	list = t.header(t.Root.RSDT)
	if list.Err == nil && list.Signature != "RSDT" {
		list.Err = ErrSignature
	}
	return list, 4, list.Err
}

// add appends the table at a, unless it is listed already.
func (t *Tables) add(a mm.PhysAddr) {
	if a == 0 || len(t.tables) == maxTables {
		return
	}
	for _, known := range t.tables {
		if known.Addr == a {
			return
		}
	}
	t.tables = append(t.tables, t.header(a))
}

// header reads the header of the table at a and checks the table.
func (t *Tables) header(a mm.PhysAddr) Table {
	b, ok := t.mem.Bytes(a, headerSize)
	if !ok {
		return Table{Signature: "????", Addr: a, Err: ErrOutside}
	}
	r := record(b)
	h := Table{
		Signature:   r.text(0, 4),
		Addr:        a,
		Length:      r.u32(4),
		Revision:    r.u8(8),
		OEM:         r.text(10, 6),
		OEMTable:    r.text(16, 8),
		OEMRevision: r.u32(24),
		Creator:     r.text(28, 4),
	}
	if h.Length < headerSize || h.Length > maxTableLength {
		h.Err = ErrLength
	} else if b, ok := t.mem.Bytes(a, uint64(h.Length)); !ok {
		h.Err = ErrOutside
	} else if sum(b) != 0 {
		h.Err = ErrChecksum
	}
	return h
}

// All returns every table, bad ones too, the list itself first.
func (t *Tables) All() []Table { return t.tables }

// Find returns the first good table with a signature.
//
// Errors: ErrNoTable, or what is wrong with the only one there is.
func (t *Tables) Find(signature string) (Table, error) {
	err := error(ErrNoTable)
	for _, table := range t.tables {
		if table.Signature != signature {
			continue
		}
		if table.Err == nil {
			return table, nil
		}
		err = table.Err
	}
	return Table{}, err
}

// Bytes returns a copy of the first good table with a signature, header
// included.
//
// Errors: those of Find.
func (t *Tables) Bytes(signature string) ([]byte, error) {
	table, err := t.Find(signature)
	if err != nil {
		return nil, err
	}
	return t.read(table)
}

// read returns a copy of a table.
func (t *Tables) read(table Table) ([]byte, error) {
	if table.Err != nil {
		return nil, table.Err
	}
	b, ok := t.mem.Bytes(table.Addr, uint64(table.Length))
	if !ok {
		return nil, ErrOutside
	}
	return append([]byte(nil), b...), nil
}
