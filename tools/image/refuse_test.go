package image

import (
	"debug/elf"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatDoesNotFitIsRefusedWithTheReason(t *testing.T) {
	for _, c := range []struct {
		name   string
		stub   func(e *exe)
		kernel func(e *exe)
		want   string
	}{
		{
			name:   "a kernel that is not linked in the top 2 GiB",
			kernel: func(e *exe) { e.parts[1].virt = 0x200000 },
			want:   `segment 1 at 0x200000: is linked at 0x200000, below 0xffffffff80000000 (link with -ldflags "-T -0x7fdff000 -R 0x1000")`,
		},
		{
			name:   "a kernel segment above the stub's limit",
			kernel: func(e *exe) { e.parts[3].virt = KernelBase + 0x1ffc000 },
			want:   "ends above the limit of 0x2000000",
		},
		{
			name:   "a kernel segment that wraps around the end of memory",
			kernel: func(e *exe) { e.parts[3].virt, e.parts[3].memory = KernelBase+0x203000, ^uint64(0)-100 },
			want:   "ends above the limit",
		},
		{
			name: "no limit in the stub, and a kernel segment that reaches the last page",
			stub: func(e *exe) { e.parts[1].data = emptyTable(0) },
			kernel: func(e *exe) {
				e.parts[3].virt = ^uint64(0) - 0xfff
				e.parts[3].memory = 0x1000
			},
			want: "ends above the limit of 0x7ffff000",
		},
		{
			name:   "a writable and executable segment in the kernel",
			kernel: func(e *exe) { e.parts[1].flags = rx | elf.PF_W },
			want:   "kernel: the segment at 0xffffffff80200000 is writable and executable",
		},
		{
			name: "a writable and executable segment in the stub",
			stub: func(e *exe) { e.parts[0].flags = rx | elf.PF_W },
			want: "boot stub: the segment at 0x100000 is writable and executable",
		},
		{
			name:   "kernel segments that overlap",
			kernel: func(e *exe) { e.parts[2].virt = KernelBase + 0x201000 },
			want:   "overlap, or share a page",
		},
		{
			name:   "kernel segments that share a page",
			kernel: func(e *exe) { e.parts[2].virt = KernelBase + 0x201800 },
			want:   "kernel: segments at 0xffffffff80200000 and 0xffffffff80201800 overlap, or share a page",
		},
		{
			name: "stub segments that overlap",
			stub: func(e *exe) { e.parts[1].virt = 0x100020 },
			want: "boot stub: segments at 0x100000 and 0x100020 overlap",
		},
		{
			name: "a stub that overlaps the kernel",
			stub: func(e *exe) { e.parts[1].memory = 0x100000 },
			want: "boot stub's segment 0x101010-0x201010 overlaps the kernel's 0x200000-0x201800 in physical memory",
		},
		{
			name: "too many segments",
			kernel: func(e *exe) {
				for i := range uint64(6) {
					e.parts = append(e.parts, part{virt: KernelBase + 0x400000 + i<<16, data: []byte{1}, flags: ro})
				}
			},
			want: "kernel: 9 segments; the boot table holds 8",
		},
		{
			name: "no boot table",
			stub: func(e *exe) { e.parts[1].data = make([]byte, tableSize) },
			want: "boot stub: has no boot table: the marker VITRBOOT is not in its data",
		},
		{
			name: "two boot tables",
			stub: func(e *exe) { e.parts[1].data = slices.Concat(emptyTable(0), emptyTable(0)) },
			want: "the marker VITRBOOT occurs twice",
		},
		{
			name: "a boot table that is cut short",
			stub: func(e *exe) { e.parts[1].data = emptyTable(0)[:100] },
			want: "the boot table is cut short: 100 of 216 bytes",
		},
		{
			name: "no Multiboot header",
			stub: func(e *exe) { e.parts[0].data[0]++ },
			want: "boot stub: has no Multiboot 1 header",
		},
		{
			name: "a Multiboot header whose sum is wrong",
			stub: func(e *exe) { e.parts[0].data[5]++ },
			want: "boot stub: has no Multiboot 1 header",
		},
		{
			name: "a Multiboot header beyond the first 8 KiB",
			stub: func(e *exe) {
				e.parts[0].data = slices.Concat(make([]byte, 0xff8), header1, make([]byte, 64))
				e.parts[1].virt = 0x110000
			},
			want: "its Multiboot 1 header comes to lie at 0x1ff8 in the file, not in the first 8 KiB",
		},
		{
			name: "a Multiboot 2 header beyond the first 32 KiB",
			stub: func(e *exe) {
				e.parts[0].data = slices.Concat(header1, make([]byte, 0x7000-12), header2, make([]byte, 32))
				e.parts[1].virt = 0x110000
			},
			want: "its Multiboot 2 header comes to lie at 0x8000 in the file, not in the first 32 KiB",
		},
		{
			name:   "a kernel entry point in data",
			kernel: func(e *exe) { e.entry = KernelBase + 0x202010 },
			want:   "kernel: the entry point 0xffffffff80202010 is in no executable segment",
		},
		{
			name: "a stub entry point nowhere",
			stub: func(e *exe) { e.entry = 0x500000 },
			want: "boot stub: the entry point 0x500000 is in no executable segment",
		},
		{
			name: "an ELF64 as the stub",
			stub: func(e *exe) { *e = goodKernel() },
			want: "boot stub: want ELFCLASS32, EM_386, ET_EXEC; this is ELFCLASS64, EM_X86_64, ET_EXEC",
		},
		{
			name:   "an ELF32 as the kernel",
			kernel: func(e *exe) { *e = goodStub() },
			want:   "kernel: want ELFCLASS64, EM_X86_64, ET_EXEC; this is ELFCLASS32, EM_386, ET_EXEC",
		},
		{
			name:   "a kernel for another processor",
			kernel: func(e *exe) { e.machine = elf.EM_AARCH64 },
			want:   "this is ELFCLASS64, EM_AARCH64, ET_EXEC",
		},
		{
			name:   "a position-independent kernel",
			kernel: func(e *exe) { e.kind = elf.ET_DYN },
			want:   "this is ELFCLASS64, EM_X86_64, ET_DYN",
		},
		{
			name: "a dynamically linked kernel",
			kernel: func(e *exe) {
				e.parts = append(e.parts, part{kind: elf.PT_INTERP, virt: KernelBase + 0x200000, data: []byte("/lib/ld.so")})
			},
			want: "kernel: is dynamically linked",
		},
		{
			name:   "a kernel without segments",
			kernel: func(e *exe) { e.parts = nil },
			want:   "kernel: has nothing to load",
		},
		{
			name:   "more bytes in the file than in memory",
			kernel: func(e *exe) { e.parts[1].memory = 5 },
			want:   "kernel: segment 1 at 0xffffffff80200000: has more bytes in the file (6144) than in memory (5)",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			stub, kernel := goodStub(), goodKernel()
			if c.stub != nil {
				c.stub(&stub)
			}
			if c.kernel != nil {
				c.kernel(&kernel)
			}
			_, _, err := Build(stub.file(), kernel.file())
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestATruncatedFileIsRefusedWhereverItIsCut(t *testing.T) {
	stub, kernel := goodStub().file(), goodKernel().file()
	for n := range len(stub) {
		_, _, err := Build(stub[:n], kernel)
		require.ErrorContains(t, err, "boot stub: ", "cut at %d", n)
	}
	for n := range len(kernel) {
		_, _, err := Build(stub, kernel[:n])
		require.ErrorContains(t, err, "kernel: ", "cut at %d", n)
	}
}

func TestAFileThatIsNoELFIsRefused(t *testing.T) {
	_, _, err := Build([]byte("#!/bin/sh\n"), goodKernel().file())
	require.ErrorContains(t, err, "boot stub: not an ELF file, or truncated")
}

// FuzzBuild looks for inputs that make Build panic, or make an image that
// cannot be read.
func FuzzBuild(f *testing.F) {
	f.Add(goodStub().file(), goodKernel().file())
	f.Add(goodKernel().file(), goodStub().file())
	f.Add([]byte("\x7fELF"), []byte{})
	f.Fuzz(func(t *testing.T, stub, kernel []byte) {
		file, info, err := Build(stub, kernel)
		if err != nil {
			return
		}
		require.Len(t, file, info.Size)
		require.Less(t, info.Multiboot1, within1)
	})
}
