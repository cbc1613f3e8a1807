package core

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
)

// Machine is a frozen machine, as QEMU's dump tells it.
type Machine struct {
	CPUs []CPU
	RAM  []Block // by address; they do not overlap
}

// Block is a piece of physical memory.
type Block struct {
	Start, Size uint64
	data        io.ReaderAt
}

// CPU is a processor's state, field by field as in QEMU's own note: the type
// QEMUCPUState in its source, target/i386/arch_dump.c.
type CPU struct {
	Version, Size uint32
	Registers
	CS, DS, ES, FS, GS, SS, LDT, TR, GDT, IDT Segment
	CR                                        [5]uint64
	KernelGSBase                              uint64
}

// Registers are the general registers.
type Registers struct {
	AX, BX, CX, DX, SI, DI, SP, BP, R8, R9, R10, R11, R12, R13, R14, R15, IP, Flags uint64
}

// Segment is a segment register, or one that points to a descriptor table.
type Segment struct {
	Selector, Limit, Flags, _ uint32
	Base                      uint64
}

// ErrNoDump is the error for a file that is something else.
var ErrNoDump = errors.New("this is no dump of a machine by QEMU's dump-guest-memory, in ELF and without paging")

const (
	qemuNote    = "QEMU"
	maxCPUs     = 256
	maxBlocks   = 1024
	maxNoteSize = 1 << 20
)

// ReadDump reads a dump's headers and notes; its memory is read when it is
// asked for, as long as r is there.
//
// Errors: ErrNoDump; r's.
func ReadDump(r io.ReaderAt) (*Machine, error) {
	f, err := elf.NewFile(r)
	if err != nil || f.Type != elf.ET_CORE || f.ByteOrder != binary.LittleEndian {
		return nil, ErrNoDump
	}
	m := &Machine{}
	for _, p := range f.Progs {
		switch p.Type {
		case elf.PT_NOTE:
			if err := m.readNotes(p); err != nil {
				return nil, err
			}
		case elf.PT_LOAD:
			if p.Filesz == 0 {
				continue
			}
			if p.Paddr%pageSize != 0 || p.Filesz%pageSize != 0 || p.Paddr+p.Filesz < p.Paddr || len(m.RAM) == maxBlocks {
				return nil, fmt.Errorf("%w: a block of memory at %#x with %#x bytes", ErrNoDump, p.Paddr, p.Filesz)
			}
			m.RAM = append(m.RAM, Block{Start: p.Paddr, Size: p.Filesz, data: p.ReaderAt})
		}
	}
	slices.SortFunc(m.RAM, func(a, b Block) int {
		if a.Start < b.Start {
			return -1
		}
		return 1
	})
	for i := 1; i < len(m.RAM); i++ {
		if m.RAM[i-1].end() > m.RAM[i].Start {
			return nil, fmt.Errorf("%w: two blocks of memory at %#x", ErrNoDump, m.RAM[i].Start)
		}
	}
	if len(m.CPUs) == 0 || len(m.RAM) == 0 {
		return nil, ErrNoDump
	}
	return m, nil
}

// readNotes collects the processors from QEMU's notes, and leaves others out.
func (m *Machine) readNotes(p *elf.Prog) error {
	if p.Filesz > maxNoteSize {
		return ErrNoDump
	}
	data := make([]byte, p.Filesz)
	if _, err := p.ReadAt(data, 0); err != nil {
		return fmt.Errorf("notes: %w", err)
	}
	for len(data) >= 12 {
		nameSize, size := uint64(binary.LittleEndian.Uint32(data)), uint64(binary.LittleEndian.Uint32(data[4:]))
		from := 12 + (nameSize+3)&^3
		to := from + size
		if to > uint64(len(data)) {
			return fmt.Errorf("%w: a note is cut off", ErrNoDump)
		}
		name := string(data[12 : 12+nameSize])
		if name == qemuNote+"\x00" {
			if len(m.CPUs) == maxCPUs {
				return fmt.Errorf("%w: more than %d processors", ErrNoDump, maxCPUs)
			}
			var c CPU
			if _, err := binary.Decode(data[from:to], binary.LittleEndian, &c); err != nil || c.Version != 1 {
				return fmt.Errorf("%w: a processor's note of version %d with %d bytes", ErrNoDump, c.Version, size)
			}
			m.CPUs = append(m.CPUs, c)
		}
		data = data[min((to+3)&^3, uint64(len(data))):]
	}
	return nil
}

func (b *Block) end() uint64 { return b.Start + b.Size }

// from returns the blocks that end above the address a, the first of which may
// have it.
func (m *Machine) from(a uint64) []Block {
	i := sort.Search(len(m.RAM), func(i int) bool { return m.RAM[i].end() > a })
	return m.RAM[i:]
}

// errNoMemory is the error for an address where there is no memory.
var errNoMemory = errors.New("no memory is there")

// readPhysical fills data from the physical address a on.
func (m *Machine) readPhysical(data []byte, a uint64) error {
	for len(data) > 0 {
		blocks := m.from(a)
		if len(blocks) == 0 || a < blocks[0].Start {
			return fmt.Errorf("physical address %#x: %w", a, errNoMemory)
		}
		b := &blocks[0]
		n := min(uint64(len(data)), b.end()-a)
		if _, err := b.data.ReadAt(data[:n], int64(a-b.Start)); err != nil {
			return fmt.Errorf("physical address %#x: %w", a, err)
		}
		data, a = data[n:], a+n
	}
	return nil
}
