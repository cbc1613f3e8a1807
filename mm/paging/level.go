package paging

import "vitrine/mm"

// Level is a storey of the tree, counted from the bottom.
type Level int

// The levels: page table, page directory, page directory pointer table, page
// map level 4 (the names grew with the tables, from 1985 to 2003).
const (
	PT   Level = 1
	PD   Level = 2
	PDPT Level = 3
	PML4 Level = 4
)

// Page sizes, named by the level whose entries map them: the max of Map.
const (
	Pages4K Level = PT
	Pages2M Level = PD
	Pages1G Level = PDPT
)

// String returns the level's name.
func (l Level) String() string {
	switch l {
	case PT:
		return "PT"
	case PD:
		return "PD"
	case PDPT:
		return "PDPT"
	case PML4:
		return "PML4"
	}
	return "no level"
}

// Span returns how many bytes an entry of the level covers: 4 KiB in a PT,
// 2 MiB in a PD, 1 GiB in a PDPT, 512 GiB in the PML4.
func (l Level) Span() uint64 { return 1 << l.shift() }

// shift returns the number of Span's bits below its only one.
func (l Level) shift() uint { return (mm.PageShift + 9*uint(l-PT)) % 64 }

// index returns which entry of a table of the level is for v: a shift and a
// mask, as this is the innermost step of every walk. A division by Span would be
// the same, and a processor takes 20 times as long for it.
func (l Level) index(v mm.VirtAddr) int { return int(uint64(v) >> l.shift() % 512) }

// maps tells whether e, a present entry of the level, maps a page. If not, it
// points to a table of the level below.
func (l Level) maps(e Entry) bool { return l == PT || e.Has(Large) }

// largest returns the level of the largest pages, at most max, that can begin
// a mapping of v to p of size bytes.
func largest(v mm.VirtAddr, p mm.PhysAddr, size uint64, max Level) Level {
	level := max
	for level > PT && (size < level.Span() || (uint64(v)|uint64(p))%level.Span() != 0) {
		level--
	}
	return level
}
