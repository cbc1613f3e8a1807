// Package image makes the file that a boot loader loads.
//
// A Go program is one ELF64 file, linked in the top 2 GiB of the virtual
// address space. A boot loader knows neither: Multiboot wants its header near
// the front of the file, where Go's linker cannot put it, and starts 32-bit
// code at a physical address; QEMU's -kernel refuses an ELF64 altogether. So a
// small 32-bit stub goes in front, and both become one ELF32:
//
//	file                     physical memory
//	0      ELF header
//	       program headers
//	4096   stub's segments ---> where they are linked (1 MiB)
//	       kernel's      -----> where they are linked, less 0xffffffff80000000
//	end    section headers (for GRUB, which wants some)
//
// The stub maps the kernel's segments with their rights before it jumps there.
// What it has to map, and where to jump, Build writes into the stub's boot
// table (see table.go).
//
// Read Build first, then layout.go, which says what may not be.
package image

import (
	"fmt"
)

// KernelBase is what an address of the kernel image is above the physical
// address that it is loaded at.
const KernelBase uint64 = 0xffffffff80000000

// Info describes an image that Build has made.
type Info struct {
	Entry       uint64    // where the stub jumps to: the kernel's virtual entry address
	Segments    []Segment // of the stub, then of the kernel
	Multiboot1  int       // offset of the Multiboot 1 header in the file, in bytes
	Multiboot2  int       // offset of the Multiboot 2 header, or -1 if the stub has none
	Size        int       // of the image file, in bytes
	LoadedBytes uint64    // memory from the first segment's start to the last one's end
}

// Build merges stub, an ELF32, and kernel, an ELF64, into a bootable ELF32.
// The same inputs give the same bytes.
//
// Errors: a file that is not what it should be, or does not fit the other; the
// text names the file, the segment and, where there is one, the remedy.
func Build(stub, kernel []byte) ([]byte, Info, error) {
	low, err := readStub(stub)
	if err != nil {
		return nil, Info{}, fmt.Errorf("boot stub: %w", err)
	}
	high, err := readKernel(kernel)
	if err != nil {
		return nil, Info{}, fmt.Errorf("kernel: %w", err)
	}
	table, err := findTable(low.segments)
	if err != nil {
		return nil, Info{}, fmt.Errorf("boot stub: %w", err)
	}
	if err := checkLayout(low, high, table.limit()); err != nil {
		return nil, Info{}, err
	}
	if err := table.fill(high); err != nil {
		return nil, Info{}, err
	}
	segments := append(low.segments, high.segments...)
	file, err := write(uint32(low.entry), segments)
	if err != nil {
		return nil, Info{}, err
	}
	one, two, err := findHeaders(file)
	if err != nil {
		return nil, Info{}, fmt.Errorf("boot stub: %w", err)
	}
	return file, Info{
		Entry:       high.entry,
		Segments:    segments,
		Multiboot1:  one,
		Multiboot2:  two,
		Size:        len(file),
		LoadedBytes: extent(segments),
	}, nil
}
