package image

import (
	"debug/elf"
	"encoding/binary"
	"slices"
)

// part is a segment of a synthetic ELF file.
type part struct {
	kind   elf.ProgType // 0: PT_LOAD
	virt   uint64
	data   []byte
	memory uint64 // 0: the size of data
	flags  elf.ProgFlag
}

// exe describes a synthetic ELF file; its zero values are those of a right one.
type exe struct {
	class   elf.Class
	machine elf.Machine
	kind    elf.Type
	entry   uint64
	parts   []part
}

// file returns the ELF file.
func (e exe) file() []byte {
	kind := e.kind
	if kind == 0 {
		kind = elf.ET_EXEC
	}
	ident := [16]byte{0x7f, 'E', 'L', 'F', byte(e.class), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)}
	var head, progs, body []byte
	put := func(b []byte, v any) []byte {
		b, err := binary.Append(b, binary.LittleEndian, v)
		if err != nil {
			panic(err)
		}
		return b
	}
	const start = 0x400
	n := uint16(len(e.parts))
	if e.class == elf.ELFCLASS32 {
		head = put(nil, elf.Header32{
			Ident: ident, Type: uint16(kind), Machine: uint16(e.machine), Version: 1,
			Entry: uint32(e.entry), Phoff: 52, Ehsize: 52, Phentsize: 32, Phnum: n, Shentsize: 40,
		})
	} else {
		head = put(nil, elf.Header64{
			Ident: ident, Type: uint16(kind), Machine: uint16(e.machine), Version: 1,
			Entry: e.entry, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: n, Shentsize: 64,
		})
	}
	for _, p := range e.parts {
		if p.kind == 0 {
			p.kind = elf.PT_LOAD
		}
		if p.memory == 0 {
			p.memory = uint64(len(p.data))
		}
		at := uint64(start + len(body))
		if e.class == elf.ELFCLASS32 {
			progs = put(progs, elf.Prog32{
				Type: uint32(p.kind), Off: uint32(at), Vaddr: uint32(p.virt), Paddr: uint32(p.virt),
				Filesz: uint32(len(p.data)), Memsz: uint32(p.memory), Flags: uint32(p.flags), Align: pageSize,
			})
		} else {
			progs = put(progs, elf.Prog64{
				Type: uint32(p.kind), Off: at, Vaddr: p.virt, Paddr: p.virt,
				Filesz: uint64(len(p.data)), Memsz: p.memory, Flags: uint32(p.flags), Align: pageSize,
			})
		}
		body = append(body, p.data...)
	}
	out := append(head, progs...)
	out = append(out, make([]byte, start-len(out))...)
	return append(out, body...)
}

// Rights.
const (
	rx = elf.PF_R | elf.PF_X
	ro = elf.PF_R
	rw = elf.PF_R | elf.PF_W
)

// header1 is a Multiboot 1 header, header2 a Multiboot 2 header.
var (
	header1 = words32(magic1, 3, ^(magic1+3)+1)
	header2 = words32(magic2, 0, 24, ^(magic2+24)+1, 0, 8)
)

// words32 returns little-endian words.
func words32(words ...uint32) []byte {
	var b []byte
	for _, w := range words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

// emptyTable is a boot table as the stub brings it.
func emptyTable(limit uint32) []byte {
	b := make([]byte, tableSize)
	copy(b, tableMarker)
	binary.LittleEndian.PutUint32(b[tableLimit:], limit)
	return b
}

// goodStub is a stub with both headers, 32 bytes of code, and a boot table.
func goodStub() exe {
	code := slices.Concat(header1, make([]byte, 4), header2, make([]byte, 32))
	return exe{
		class: elf.ELFCLASS32, machine: elf.EM_386, entry: 0x100000 + uint64(len(code)) - 32,
		parts: []part{
			{virt: 0x100000, data: code, flags: rx},
			{virt: 0x101010, data: emptyTable(0x2000000), memory: 0x3000, flags: rw},
		},
	}
}

// goodKernel is a kernel with code, read-only data, and data of which most
// starts as zero.
func goodKernel() exe {
	return exe{
		class: elf.ELFCLASS64, machine: elf.EM_X86_64, entry: KernelBase + 0x201010,
		parts: []part{
			{kind: elf.PT_NOTE, virt: KernelBase + 0x200f00, data: []byte("note"), flags: ro},
			{virt: KernelBase + 0x200000, data: pattern(0x1800, 0x10), flags: rx},
			{virt: KernelBase + 0x202000, data: pattern(0x700, 0x20), flags: ro},
			{virt: KernelBase + 0x203000, data: pattern(0x10, 0x30), memory: 0x5001, flags: rw},
			{virt: KernelBase + 0x300000, flags: rw}, // nothing: left out
		},
	}
}

// pattern returns n bytes that differ from their neighbours.
func pattern(n int, seed byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = seed + byte(i%251)
	}
	return b
}
