package core

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"slices"
)

// Fault says where a processor has given up, in a triple fault: in the code at
// IP with the stack at SP, because of the exception Vector.
type Fault struct {
	IP, SP uint64
	Vector int
}

// File is what a core is written to.
type File interface {
	WriteAt(b []byte, offset int64) (int, error)
	Truncate(size int64) error
}

// Summary is what there is to say about a core.
type Summary struct {
	Threads int
	Died    bool     // the first thread is why the machine stopped
	IP      uint64   // of the first thread
	Report  []string // how the kernel's own report begins; none if it wrote none
	Early   bool     // the kernel did not run yet
	Cut     bool     // the page tables are damaged: not all that they map is in the core
}

// Write writes a core of m. k is the kernel in it; fault is nil if the machine
// did not triple-fault.
//
// A machine in which the kernel does not run yet, because it is in its firmware
// or in the stub, makes a core without what the kernel would tell.
//
// Errors: ErrOtherKernel; those of reading the machine's memory and of f.
func Write(f File, m *Machine, k *Kernel, fault *Fault) (Summary, error) {
	var sum Summary
	first := &m.CPUs[0]
	s := newSpace(m, first)
	if err := k.runsIn(s); err != nil {
		if first.CR[0]&cr0Paging != 0 && first.IP>>63 != 0 && s.maps(first.IP) {
			return sum, err
		}
		k, sum.Early = nil, true
	}
	all, err := threads(m, k, s, fault)
	if err != nil {
		return sum, err
	}
	if all[0].cpu.CR != first.CR { // another processor, perhaps in another address space
		s = newSpace(m, all[0].cpu)
	}
	sum.Threads, sum.Died, sum.IP, sum.Cut = len(all), all[0].died, all[0].IP, s.cut
	if k != nil {
		sum.Report = k.report(s)
	}
	return sum, write(f, m, s, all)
}

// maps tells whether something is mapped at v.
func (s *space) maps(v uint64) bool {
	var b [1]byte
	return s.read(b[:], v) == nil
}

// write writes the file: headers, notes, extra pages, memory.
func write(f File, m *Machine, s *space, all []thread) error {
	noteData, extra := notes(all), extraPages(all)
	headers := make([]elf.Prog64, 0, len(s.runs)+2)
	headers = append(headers, elf.Prog64{Type: uint32(elf.PT_NOTE), Filesz: uint64(len(noteData)), Align: 4})
	runs := append(slices.Clone(s.runs), run{virt: extraBase, size: uint64(len(extra))})
	slices.SortFunc(runs, func(a, b run) int {
		if a.virt < b.virt {
			return -1
		}
		return 1
	})

	const headerSize, programSize = 64, 56
	headers[0].Off = headerSize + programSize*uint64(len(runs)+1)
	extraAt := alignUp(headers[0].Off + headers[0].Filesz)
	at := extraAt + uint64(len(extra))
	offset := make([]uint64, len(m.RAM)) // of each block, in the file
	for i, b := range m.RAM {
		offset[i] = at
		at += b.Size
	}
	for _, r := range runs {
		h := elf.Prog64{
			Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R), Vaddr: r.virt, Paddr: r.phys,
			Filesz: r.size, Memsz: r.size, Align: pageSize, Off: extraAt,
		}
		if r.write {
			h.Flags |= uint32(elf.PF_W)
		}
		if r.execute {
			h.Flags |= uint32(elf.PF_X)
		}
		if r.virt != extraBase {
			i := len(m.RAM) - len(m.from(r.phys))
			h.Off = offset[i] + r.phys - m.RAM[i].Start
		}
		headers = append(headers, h)
	}

	var front bytes.Buffer
	binary.Write(&front, binary.LittleEndian, elf.Header64{
		Ident:   [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:    uint16(elf.ET_CORE),
		Machine: uint16(elf.EM_X86_64),
		Version: uint32(elf.EV_CURRENT),
		Phoff:   headerSize, Ehsize: headerSize, Phentsize: programSize, Phnum: uint16(len(headers)),
	})
	binary.Write(&front, binary.LittleEndian, headers)
	front.Write(noteData)
	if err := f.Truncate(int64(at)); err != nil {
		return err
	}
	if _, err := f.WriteAt(front.Bytes(), 0); err != nil {
		return err
	}
	if _, err := f.WriteAt(extra, int64(extraAt)); err != nil {
		return err
	}
	for i := range m.RAM {
		if err := copyBlock(f, int64(offset[i]), &m.RAM[i]); err != nil {
			return err
		}
	}
	return nil
}

func alignUp(n uint64) uint64 { return (n + pageSize - 1) &^ (pageSize - 1) }

// copyBlock copies the pages of b that are not zero.
func copyBlock(f File, offset int64, b *Block) error {
	data := make([]byte, min(b.Size, 1<<20))
	for done := uint64(0); done < b.Size; done += uint64(len(data)) {
		data = data[:min(uint64(len(data)), b.Size-done)]
		if _, err := b.data.ReadAt(data, int64(done)); err != nil {
			return fmt.Errorf("physical address %#x: %w", b.Start+done, err)
		}
		for from := 0; from < len(data); {
			to := from
			for to < len(data) && !zero(data[to:to+pageSize]) {
				to += pageSize
			}
			if to > from {
				if _, err := f.WriteAt(data[from:to], offset+int64(done)+int64(from)); err != nil {
					return err
				}
			}
			from = to + pageSize
		}
	}
	return nil
}

var zeros [pageSize]byte

func zero(page []byte) bool { return bytes.Equal(page, zeros[:]) }

// report returns the first lines of the kernel's report.
func (k *Kernel) report(s *space) []string {
	n, err := k.variable(s, textLen).number()
	all := k.variable(s, text)
	if err != nil || n == 0 || n > uint64(all.typ.Size()) {
		return nil
	}
	data := make([]byte, n)
	if s.read(data, all.address) != nil {
		return nil
	}
	return reportLines(string(data))
}
