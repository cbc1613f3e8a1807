package multiboot

import "vitrine/mm"

// Kind is what a region of physical memory may be used for. Of two kinds that
// claim the same memory the greater one wins.
type Kind uint8

// The kinds of memory.
const (
	Usable      Kind = 1 // RAM
	ACPIReclaim Kind = 2 // RAM that holds ACPI tables; free once they are read
	ACPINVS     Kind = 3 // RAM that the firmware keeps over sleep
	Reserved    Kind = 4 // the firmware's, a device's, or of a kind unknown here
	Bad         Kind = 5 // RAM that does not work
)

// String returns the kind as the memory map shows it.
func (k Kind) String() string {
	switch k {
	case Usable:
		return "usable"
	case ACPIReclaim:
		return "ACPI tables"
	case ACPINVS:
		return "ACPI non-volatile"
	case Reserved:
		return "reserved"
	case Bad:
		return "defective"
	}
	return "unknown"
}

// Region is a range of physical memory of one kind. Its ends may lie within a
// page.
type Region struct {
	Range mm.PhysRange
	Kind  Kind
}

// regionList is a list with a place of its own.
type regionList struct {
	r [MaxRegions]Region
	n int
}

func (l *regionList) all() []Region { return l.r[:l.n] }

// add appends r, if there is room, or lengthens the last region, if r
// continues that.
func (l *regionList) add(r Region) bool {
	if l.n > 0 {
		last := &l.r[l.n-1]
		if last.Kind == r.Kind && last.Range.End == r.Range.Start {
			last.Range.End = r.Range.End
			return true
		}
	}
	if l.n == len(l.r) {
		return false
	}
	l.r[l.n] = r
	l.n++
	return true
}

// maxPhys is the end of the physical address space: addresses have at most 52
// bits (SDM Vol. 3A, "Enumeration of Paging Features by CPUID").
const maxPhys = 1 << 52

// kindOf translates the type of a Multiboot memory map entry, which is that of
// the BIOS call E820.
func kindOf(t uint32) Kind {
	switch t {
	case 1:
		return Usable
	case 3:
		return ACPIReclaim
	case 4:
		return ACPINVS
	case 5:
		return Bad
	}
	return Reserved
}

// kindOfEFI translates the type of a UEFI memory descriptor (UEFI
// Specification, "EFI_BOOT_SERVICES.GetMemoryMap()").
func kindOfEFI(t uint32) Kind {
	switch t {
	case 1, 2, 3, 4, 7: // loader and boot services, code and data; conventional
		return Usable
	case 8:
		return Bad
	case 9:
		return ACPIReclaim
	case 10:
		return ACPINVS
	}
	return Reserved
}

// addEntry adds one entry of the loader's map. Usable memory that ends beyond
// the address space is not believed; anything else is cut there.
func (i *Info) addEntry(base, length uint64, kind Kind) {
	if length == 0 {
		return
	}
	end := base + length
	if end < base || end > maxPhys {
		i.Flaws |= BadMap
		if kind == Usable || base >= maxPhys {
			return
		}
		end = maxPhys
	}
	r := Region{mm.PhysRange{Start: mm.PhysAddr(base), End: mm.PhysAddr(end)}, kind}
	if !i.entries.add(r) {
		i.Flaws |= TooManyRegions
		if kind != Usable {
			i.entries.exclude(r.Range)
		}
	}
}

// exclude shrinks all usable regions so that they do not overlap o. It is for
// the reserved regions that did not fit: the list cannot say that they are
// there, but must not call them usable. Of two remaining parts it keeps the
// larger one.
func (l *regionList) exclude(o mm.PhysRange) {
	regions := l.all()
	for k := range regions {
		r := &regions[k].Range
		if regions[k].Kind != Usable || !r.Overlaps(o) {
			continue
		}
		below := mm.PhysRange{Start: r.Start, End: o.Start}
		above := mm.PhysRange{Start: o.End, End: r.End}
		if below.Size() >= above.Size() {
			*r = below
		} else {
			*r = above
		}
	}
}

// addBasicMemory stands in for a missing map. The sizes are in KiB: of the
// memory from address 0, and of the memory from 1 MiB to the first hole.
func (i *Info) addBasicMemory(lower, upper uint32) {
	i.addEntry(0, min(uint64(lower), 640)<<10, Usable)
	i.addEntry(1<<20, uint64(upper)<<10, Usable)
}

// flatten sorts the entries into i.regions and resolves overlaps. It walks up
// the address space from one boundary to the next; where it stands, the
// greatest kind of the entries that cover the place is what the memory is.
func (i *Info) flatten() {
	entries := i.entries.all()
	for at := mm.PhysAddr(0); at < maxPhys; {
		var kind Kind
		next := mm.PhysAddr(maxPhys)
		for k := range entries {
			r := entries[k].Range
			if r.Contains(at) {
				kind = max(kind, entries[k].Kind)
				next = min(next, r.End)
			} else if at < r.Start && r.Size() > 0 {
				next = min(next, r.Start)
			}
		}
		if kind != 0 && !i.regions.add(Region{mm.PhysRange{Start: at, End: next}, kind}) {
			i.Flaws |= TooManyRegions
		}
		at = next
	}
}

// Regions returns the memory map: sorted by address, without overlaps;
// neighbours of one kind are one region. Memory in no region does not exist,
// or is a device's. The slice is part of i.
func (i *Info) Regions() []Region { return i.regions.all() }

// UsableBytes returns how much usable RAM there is, in bytes.
func (i *Info) UsableBytes() uint64 {
	total := uint64(0)
	regions := i.regions.all()
	for k := range regions {
		if regions[k].Kind == Usable {
			total += regions[k].Range.Size()
		}
	}
	return total
}

// UsableEnd returns the end of the highest usable region.
func (i *Info) UsableEnd() mm.PhysAddr {
	end := mm.PhysAddr(0)
	regions := i.regions.all()
	for k := range regions {
		if regions[k].Kind == Usable {
			end = regions[k].Range.End
		}
	}
	return end
}
