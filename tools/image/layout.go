package image

import (
	"debug/elf"
	"fmt"
)

const (
	below4G = 1 << 32          // the first address that an ELF32 cannot name
	window  = 2<<30 - pageSize // what lies above KernelBase, less the last page
)

// checkLayout refuses what cannot be loaded, mapped or run: a segment above
// limit (0: the end of the kernel's 2 GiB), one that is writable and executable,
// two that share memory, two of the kernel's that share a page (a page has one
// set of rights), and an entry point outside the code.
func checkLayout(stub, kernel program, limit uint64) error {
	if err := checkSegments("boot stub", stub, below4G); err != nil {
		return err
	}
	if limit == 0 || limit > window {
		limit = window
	}
	if err := checkSegments("kernel", kernel, limit); err != nil {
		return err
	}
	for i, s := range stub.segments {
		for _, o := range stub.segments[:i] {
			if overlap(s.Phys, s.Phys+s.Memory, o.Phys, o.Phys+o.Memory) {
				return fmt.Errorf("boot stub: segments at %#x and %#x overlap", o.Phys, s.Phys)
			}
		}
		for _, k := range kernel.segments {
			if overlap(s.Phys, s.Phys+s.Memory, pageDown(k.Phys), pageUp(k.Phys+k.Memory)) {
				return fmt.Errorf("boot stub's segment %#x-%#x overlaps the kernel's %#x-%#x in physical memory",
					s.Phys, s.Phys+s.Memory, k.Phys, k.Phys+k.Memory)
			}
		}
	}
	for i, s := range kernel.segments {
		for _, o := range kernel.segments[:i] {
			if overlap(pageDown(s.Phys), pageUp(s.Phys+s.Memory), pageDown(o.Phys), pageUp(o.Phys+o.Memory)) {
				return fmt.Errorf("kernel: segments at %#x and %#x overlap, or share a page", o.Virt, s.Virt)
			}
		}
	}
	return nil
}

// checkSegments looks at each segment of p by itself, and at p's entry point.
func checkSegments(name string, p program, limit uint64) error {
	entry := false
	for _, s := range p.segments {
		if s.Memory > limit || s.Phys > limit-s.Memory {
			return fmt.Errorf("%s: the segment at %#x (%d KiB, loaded at %#x) ends above the limit of %#x",
				name, s.Virt, s.Memory>>10, s.Phys, limit)
		}
		if s.Flags&elf.PF_W != 0 && s.Flags&elf.PF_X != 0 {
			return fmt.Errorf("%s: the segment at %#x is writable and executable", name, s.Virt)
		}
		if s.Flags&elf.PF_X != 0 && p.entry >= s.Virt && p.entry-s.Virt < uint64(len(s.Data)) {
			entry = true
		}
	}
	if !entry {
		return fmt.Errorf("%s: the entry point %#x is in no executable segment", name, p.entry)
	}
	return nil
}

// overlap tells whether [a, aEnd) and [b, bEnd) share an address.
func overlap(a, aEnd, b, bEnd uint64) bool { return a < bEnd && b < aEnd }

// pageDown and pageUp round an address to a page boundary.
func pageDown(a uint64) uint64 { return a &^ (pageSize - 1) }
func pageUp(a uint64) uint64   { return (a + pageSize - 1) &^ (pageSize - 1) }

// extent returns the bytes from the lowest to the highest address in use.
func extent(segments []Segment) uint64 {
	low, high := segments[0].Phys, uint64(0)
	for _, s := range segments {
		low, high = min(low, s.Phys), max(high, s.Phys+s.Memory)
	}
	return high - low
}
