package image

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// The boot table is how the stub learns what the kernel looks like. It stands
// in the stub's data, little endian, behind an 8-byte marker:
//
//	offset
//	 0     "VITRBOOT"
//	 8     u64  the kernel's entry point, a virtual address
//	16     u32  number of entries in use
//	20     u32  limit: the stub can map physical addresses below it; 0: any
//	24     8 entries, one for each of the kernel's segments:
//	       +0   u64  first virtual address, a multiple of the page size
//	       +8   u64  end, likewise; it covers the bytes that start as zero
//	       +16  u32  rights as in ELF: 1 execute, 2 write, 4 read
//	       +20  u32  0
//
// The stub brings the marker and the limit; the rest is filled in here.
const (
	tableMarker  = "VITRBOOT"
	tableEntry   = 8
	tableCount   = 16
	tableLimit   = 20
	tableHeader  = 24
	entrySize    = 24
	entryEnd     = 8
	entryFlags   = 16
	MaxSegments  = 8 // MaxSegments is how many segments a kernel may have.
	tableSize    = tableHeader + MaxSegments*entrySize
	errNoMarker  = "has no boot table: the marker " + tableMarker + " is not in its data"
	errTwoTables = "has two boot tables: the marker " + tableMarker + " occurs twice"
)

// table is a boot table in the stub's data.
type table []byte

// findTable returns the one boot table in segments.
func findTable(segments []Segment) (table, error) {
	var found table
	for _, s := range segments {
		rest := s.Data
		for {
			i := bytes.Index(rest, []byte(tableMarker))
			if i < 0 {
				break
			}
			if found != nil {
				return nil, errors.New(errTwoTables)
			}
			if len(rest)-i < tableSize {
				return nil, fmt.Errorf("the boot table is cut short: %d of %d bytes", len(rest)-i, tableSize)
			}
			found = table(rest[i : i+tableSize])
			rest = rest[i+len(tableMarker):]
		}
	}
	if found == nil {
		return nil, errors.New(errNoMarker)
	}
	return found, nil
}

// limit returns the end of the physical memory that the stub can map; 0: any.
func (t table) limit() uint64 { return uint64(binary.LittleEndian.Uint32(t[tableLimit:])) }

// fill describes the kernel in t.
func (t table) fill(kernel program) error {
	if n := len(kernel.segments); n > MaxSegments {
		return fmt.Errorf("kernel: %d segments; the boot table holds %d", n, MaxSegments)
	}
	binary.LittleEndian.PutUint64(t[tableEntry:], kernel.entry)
	binary.LittleEndian.PutUint32(t[tableCount:], uint32(len(kernel.segments)))
	for i, s := range kernel.segments {
		e := t[tableHeader+i*entrySize:][:entrySize]
		clear(e)
		binary.LittleEndian.PutUint64(e, pageDown(s.Virt))
		binary.LittleEndian.PutUint64(e[entryEnd:], pageUp(s.Virt+s.Memory))
		binary.LittleEndian.PutUint32(e[entryFlags:], uint32(s.Flags))
	}
	return nil
}
