package image

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheImageIsAnELF32ThatLoadsEverySegmentWhereItBelongs(t *testing.T) {
	file, info, err := Build(goodStub().file(), goodKernel().file())
	require.NoError(t, err)
	require.Equal(t, len(file), info.Size)

	f, err := elf.NewFile(bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, elf.ELFCLASS32, f.Class)
	require.Equal(t, elf.EM_386, f.Machine)
	require.Equal(t, elf.ET_EXEC, f.Type)
	require.Equal(t, goodStub().entry, f.Entry)
	require.Len(t, f.Progs, 5)

	type loaded struct {
		Phys, Memory, File uint64
		Flags              elf.ProgFlag
	}
	var got []loaded
	for _, p := range f.Progs {
		require.Equal(t, p.Paddr, p.Vaddr)
		require.Equal(t, p.Paddr%pageSize, p.Off%pageSize, "offset and address agree modulo the page size")
		got = append(got, loaded{p.Paddr, p.Memsz, p.Filesz, p.Flags})
	}
	code := uint64(len(goodStub().parts[0].data))
	require.Equal(t, []loaded{
		{0x100000, code, code, rx},
		{0x101010, 0x3000, tableSize, rw},
		{0x200000, 0x1800, 0x1800, rx},
		{0x202000, 0x700, 0x700, ro},
		{0x203000, 0x5001, 0x10, rw},
	}, got)

	require.Len(t, f.Sections, 2, "GRUB 2.12 refuses a file without sections")
	require.Equal(t, []string{"", ".shstrtab"}, []string{f.Sections[0].Name, f.Sections[1].Name})
	require.Zero(t, f.Sections[1].Addr, "it is not loaded")

	text := make([]byte, 0x1800)
	_, err = f.Progs[2].ReadAt(text, 0)
	require.NoError(t, err)
	require.Equal(t, pattern(0x1800, 0x10), text)
}

func TestTheBootTableTellsTheStubWhatToMap(t *testing.T) {
	file, info, err := Build(goodStub().file(), goodKernel().file())
	require.NoError(t, err)
	require.Equal(t, KernelBase+0x201010, info.Entry)

	i := bytes.Index(file, []byte(tableMarker))
	require.Positive(t, i)
	var table struct {
		Marker       [8]byte
		Entry        uint64
		Count, Limit uint32
		Entries      [MaxSegments]struct {
			Start, End uint64
			Flags      uint32
			Zero       uint32
		}
	}
	require.NoError(t, binary.Read(bytes.NewReader(file[i:]), binary.LittleEndian, &table))
	require.Equal(t, KernelBase+0x201010, table.Entry)
	require.EqualValues(t, 3, table.Count)
	require.EqualValues(t, 0x2000000, table.Limit, "the stub's own limit stays")
	e := table.Entries
	require.Equal(t, [3]uint64{KernelBase + 0x200000, KernelBase + 0x202000, 5}, [3]uint64{e[0].Start, e[0].End, uint64(e[0].Flags)})
	require.Equal(t, [3]uint64{KernelBase + 0x202000, KernelBase + 0x203000, 4}, [3]uint64{e[1].Start, e[1].End, uint64(e[1].Flags)})
	require.Equal(t, [3]uint64{KernelBase + 0x203000, KernelBase + 0x209000, 6}, [3]uint64{e[2].Start, e[2].End, uint64(e[2].Flags)})
	require.Zero(t, e[3])
}

func TestTheHeadersLieWhereBootLoadersLook(t *testing.T) {
	file, info, err := Build(goodStub().file(), goodKernel().file())
	require.NoError(t, err)
	require.Equal(t, pageSize, info.Multiboot1)
	require.Equal(t, pageSize+16, info.Multiboot2)
	require.True(t, bytes.HasPrefix(file[info.Multiboot1:], header1))
	require.True(t, bytes.HasPrefix(file[info.Multiboot2:], header2))
}

func TestAStubWithoutMultiboot2WillDo(t *testing.T) {
	stub := goodStub()
	stub.parts[0].data = slices.Concat(header1, make([]byte, 64))
	_, info, err := Build(stub.file(), goodKernel().file())
	require.NoError(t, err)
	require.Equal(t, -1, info.Multiboot2)
}

func TestTheSameInputsGiveTheSameImage(t *testing.T) {
	stub, kernel := goodStub().file(), goodKernel().file()
	stubBefore, kernelBefore := bytes.Clone(stub), bytes.Clone(kernel)
	first, _, err := Build(stub, kernel)
	require.NoError(t, err)
	second, _, err := Build(stub, kernel)
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.Equal(t, stubBefore, stub, "the inputs are left alone")
	require.Equal(t, kernelBefore, kernel)
}

func TestEightSegmentsFit(t *testing.T) {
	kernel := goodKernel()
	for len(kernel.parts) < 2+MaxSegments {
		at := KernelBase + 0x400000 + uint64(len(kernel.parts))<<16
		kernel.parts = append(kernel.parts, part{virt: at, data: []byte{1}, flags: ro})
	}
	_, info, err := Build(goodStub().file(), kernel.file())
	require.NoError(t, err)
	require.Len(t, info.Segments, 2+MaxSegments)
}
