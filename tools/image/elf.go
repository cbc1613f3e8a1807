package image

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Segment is one piece of memory that the boot loader fills.
type Segment struct {
	Virt   uint64       // address it is linked at
	Phys   uint64       // address it is loaded at
	Memory uint64       // size in memory, in bytes; what Data lacks is zero
	Flags  elf.ProgFlag // PF_R, PF_W, PF_X
	Data   []byte
}

// program is an executable file, reduced to what loading it takes.
type program struct {
	entry    uint64
	segments []Segment
}

// readStub reads the 32-bit stub. It is loaded where it is linked.
func readStub(file []byte) (program, error) {
	return read(file, elf.ELFCLASS32, elf.EM_386, func(virt uint64) (uint64, error) {
		return virt, nil
	})
}

// readKernel reads the Go program.
func readKernel(file []byte) (program, error) {
	return read(file, elf.ELFCLASS64, elf.EM_X86_64, func(virt uint64) (uint64, error) {
		if virt < KernelBase {
			return 0, fmt.Errorf("is linked at %#x, below %#x (link with -ldflags \"-T -0x7fdff000 -R 0x1000\")",
				virt, KernelBase)
		}
		return virt - KernelBase, nil
	})
}

// read checks that file is a statically linked executable of the given class
// and machine, and returns its loadable segments; phys says where one linked at
// virt is loaded.
func read(file []byte, class elf.Class, machine elf.Machine, phys func(virt uint64) (uint64, error)) (program, error) {
	f, err := elf.NewFile(bytes.NewReader(file))
	if err != nil {
		return program{}, fmt.Errorf("not an ELF file, or truncated: %w", err)
	}
	if f.Class != class || f.Machine != machine || f.Type != elf.ET_EXEC {
		return program{}, fmt.Errorf("want %v, %v, %v; this is %v, %v, %v",
			class, machine, elf.ET_EXEC, f.Class, f.Machine, f.Type)
	}
	p := program{entry: f.Entry}
	for i, h := range f.Progs {
		if h.Type == elf.PT_INTERP || h.Type == elf.PT_DYNAMIC {
			return program{}, errors.New("is dynamically linked; there is no dynamic linker on the bare machine")
		}
		if h.Type != elf.PT_LOAD || h.Memsz == 0 {
			continue
		}
		s, err := segment(h, uint64(len(file)), phys)
		if err != nil {
			return program{}, fmt.Errorf("segment %d at %#x: %w", i, h.Vaddr, err)
		}
		p.segments = append(p.segments, s)
	}
	if len(p.segments) == 0 {
		return program{}, errors.New("has nothing to load")
	}
	return p, nil
}

// segment reads one loadable program header and its bytes.
func segment(h *elf.Prog, fileSize uint64, phys func(uint64) (uint64, error)) (Segment, error) {
	if h.Filesz > h.Memsz {
		return Segment{}, fmt.Errorf("has more bytes in the file (%d) than in memory (%d)", h.Filesz, h.Memsz)
	}
	if h.Filesz > fileSize || h.Off > fileSize-h.Filesz {
		return Segment{}, fmt.Errorf("truncated: ends %d bytes into a file of %d", h.Off+h.Filesz, fileSize)
	}
	pa, err := phys(h.Vaddr)
	if err != nil {
		return Segment{}, err
	}
	s := Segment{Virt: h.Vaddr, Phys: pa, Memory: h.Memsz, Flags: h.Flags, Data: make([]byte, h.Filesz)}
	if _, err := io.ReadFull(io.NewSectionReader(h, 0, int64(h.Filesz)), s.Data); err != nil {
		return Segment{}, fmt.Errorf("truncated: %w", err)
	}
	return s, nil
}

// Sizes of ELF32 structures, and the granularity of what follows them.
const (
	headerSize  = 52
	progSize    = 32
	sectionSize = 40
	pageSize    = 4096
)

// sectionNames is the contents of the section .shstrtab: an empty name, and its
// own.
const sectionNames = "\x00.shstrtab\x00"

// write lays the segments out in an ELF32 file. As the ELF specification wants
// it, an offset in the file and the address there agree modulo the page size.
//
// No loader needs sections. But GRUB refuses, from 2.12 on, a file that has no
// table of them; so it has the smallest: the one that begins each table, and the
// one with the names.
func write(entry uint32, segments []Segment) ([]byte, error) {
	out := make([]byte, headerSize, pageSize)
	if headerSize+len(segments)*progSize > pageSize {
		return nil, fmt.Errorf("%d segments: their headers do not fit into the first page", len(segments))
	}
	offset := uint64(pageSize)
	body := make([][]byte, len(segments))
	for i, s := range segments {
		pad := (s.Phys - offset) % pageSize
		offset += pad
		body[i] = append(make([]byte, pad), s.Data...)
		out = mustAppend(out, elf.Prog32{
			Type: uint32(elf.PT_LOAD), Flags: uint32(s.Flags), Align: pageSize,
			Off: uint32(offset), Vaddr: uint32(s.Phys), Paddr: uint32(s.Phys),
			Filesz: uint32(len(s.Data)), Memsz: uint32(s.Memory),
		})
		offset += uint64(len(s.Data))
	}
	names := offset
	table := (names + uint64(len(sectionNames)) + 3) &^ 3
	head := elf.Header32{
		Type: uint16(elf.ET_EXEC), Machine: uint16(elf.EM_386), Version: uint32(elf.EV_CURRENT),
		Entry: entry, Phoff: headerSize, Ehsize: headerSize,
		Phentsize: progSize, Phnum: uint16(len(segments)),
		Shoff: uint32(table), Shentsize: sectionSize, Shnum: 2, Shstrndx: 1,
	}
	copy(head.Ident[:], elf.ELFMAG)
	head.Ident[elf.EI_CLASS] = byte(elf.ELFCLASS32)
	head.Ident[elf.EI_DATA] = byte(elf.ELFDATA2LSB)
	head.Ident[elf.EI_VERSION] = byte(elf.EV_CURRENT)
	copy(out, mustAppend(nil, head))
	out = append(out, make([]byte, pageSize-len(out))...)
	for _, b := range body {
		out = append(out, b...)
	}
	out = append(out, sectionNames...)
	out = append(out, make([]byte, table-uint64(len(out)))...)
	out = mustAppend(out, elf.Section32{})
	return mustAppend(out, elf.Section32{
		Name: 1, Type: uint32(elf.SHT_STRTAB), Off: uint32(names), Size: uint32(len(sectionNames)), Addralign: 1,
	}), nil
}

// mustAppend appends a structure of fixed size, which cannot fail.
func mustAppend(b []byte, v any) []byte {
	b, err := binary.Append(b, binary.LittleEndian, v)
	if err != nil {
		panic(err)
	}
	return b
}
