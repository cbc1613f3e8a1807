package core

import (
	"encoding/binary"
	"fmt"
	"slices"
)

const (
	pageSize = 4096

	cr0Paging = 1 << 31 // CR0.PG

	// Bits of a page-table entry (SDM Vol. 3A, "4-Level Paging and 5-Level
	// Paging").
	present      = 1 << 0
	writable     = 1 << 1
	largePage    = 1 << 7
	noExecute    = 1 << 63
	tableAddress = 0x000f_ffff_ffff_f000

	// maxTables bounds the walk through tables that may be damaged: enough to
	// map 64 GiB with small pages. maxRuns is what the ELF header can count,
	// less what else there is.
	maxTables = 1 << 15
	maxRuns   = 65_000
)

// run is memory in a row, in virtual and in physical addresses.
type run struct {
	virt, phys, size uint64
	write, execute   bool
}

func (r run) end() uint64 { return r.virt + r.size } // 0: the end of all addresses

// space is what a processor can address.
type space struct {
	machine *Machine
	runs    []run // by virtual address; they do not overlap
	tables  int   // how many were read

	// Cut says that the tables have more than fits: they are damaged.
	cut bool
}

// newSpace walks the page tables of c. There is no paging in Vitrine but that
// of 64-bit mode; before it is on, addresses are physical.
func newSpace(m *Machine, c *CPU) *space {
	s := &space{machine: m}
	if c.CR[0]&cr0Paging == 0 {
		for _, b := range m.RAM {
			s.runs = append(s.runs, run{b.Start, b.Start, b.Size, true, true})
		}
		return s
	}
	s.walk(c.CR[3]&tableAddress, 0, 39, true, true, nil)
	return s
}

// walk adds what the table maps, whose first entry is for the address virt and
// each of whose entries covers 1<<shift bytes. path are the tables above it: a
// kernel may map its tables by an entry that leads back to one of them, and
// those mappings are left out.
func (s *space) walk(table, virt uint64, shift uint, write, execute bool, path []uint64) {
	var data [pageSize]byte
	if slices.Contains(path, table) || s.machine.readPhysical(data[:], table) != nil {
		return
	}
	if s.tables++; s.tables > maxTables {
		s.cut = true
		return
	}
	for i := range 512 {
		e := binary.LittleEndian.Uint64(data[8*i:])
		if s.cut {
			return
		}
		if e&present == 0 {
			continue
		}
		v := virt + uint64(i)<<shift
		if shift == 39 && i >= 256 {
			v |= 0xffff << 48 // bits 63 to 48 are like bit 47
		}
		w, x := write && e&writable != 0, execute && e&noExecute == 0
		switch {
		case shift == 12 || shift < 39 && e&largePage != 0:
			size := uint64(1) << shift
			s.add(run{v, e & tableAddress &^ (size - 1), size, w, x})
		default:
			s.walk(e&tableAddress, v, shift-9, w, x, append(path, table))
		}
	}
}

// add adds the parts of r that are memory: the rest are registers of devices,
// or nothing.
func (s *space) add(r run) {
	for _, b := range s.machine.from(r.phys) {
		from, to := max(r.phys, b.Start), min(r.phys+r.size, b.end())
		if from >= to {
			return
		}
		part := run{r.virt + (from - r.phys), from, to - from, r.write, r.execute}
		if n := len(s.runs); n > 0 {
			last := &s.runs[n-1]
			if last.end() == part.virt && last.phys+last.size == part.phys &&
				last.write == part.write && last.execute == part.execute {
				last.size += part.size
				continue
			}
		}
		if len(s.runs) == maxRuns {
			s.cut = true
			return
		}
		s.runs = append(s.runs, part)
	}
}

// read fills data from the virtual address v on.
//
// Errors: errNoMemory.
func (s *space) read(data []byte, v uint64) error {
	for len(data) > 0 {
		i, found := slices.BinarySearchFunc(s.runs, v, func(r run, v uint64) int {
			switch {
			case r.virt+r.size-1 < v:
				return -1
			case r.virt > v:
				return 1
			}
			return 0
		})
		if !found {
			return fmt.Errorf("address %#x: %w", v, errNoMemory)
		}
		r := s.runs[i]
		n := min(uint64(len(data)), r.size-(v-r.virt))
		if err := s.machine.readPhysical(data[:n], r.phys+(v-r.virt)); err != nil {
			return err
		}
		data, v = data[n:], v+n
	}
	return nil
}

// word returns the 64-bit word at v; 0 if there is none.
func (s *space) word(v uint64) uint64 {
	var b [8]byte
	if s.read(b[:], v) != nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b[:])
}
