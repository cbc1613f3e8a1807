package paging

import "vitrine/mm"

// Unmap takes away whatever is mapped in the size bytes at v. A large page
// that is only partly in the range is split first. Tables that become empty
// are freed, except those that PML4[256..511] point to, as every process has
// a copy of these entries. The frames that were mapped are not freed: they
// have an owner.
//
// Errors:  ErrAlign, ErrSize, ErrNonCanonical, and, if a large page cannot be
// split, those of Frames; then nothing is unmapped.
// Context: any; allocates nothing but tables.
func (s *Space) Unmap(v mm.VirtAddr, size uint64) error {
	last, err := checkRange(v, size)
	if err != nil {
		return err
	}
	flags := s.lock()
	if err = s.splitEnds(v, last); err == nil {
		err = s.empty(v, last)
	}
	s.unlock(flags)
	return err
}

// empty unmaps [first, last], in which every page lies wholly.
func (s *Space) empty(first, last mm.VirtAddr) error {
	var c changes
	s.prune(s.memory.Table(s.root), PML4, first, last, &c)
	return s.settle(&c)
}

// prune unmaps what the table, of the level, maps in [first, last], and takes
// the tables that become empty out of the tree, or were empty. It tells whether
// an entry of the range stays: then the table is not empty.
func (s *Space) prune(table *Table, level Level, first, last mm.VirtAddr, c *changes) (stays bool) {
	span := mm.VirtAddr(level.Span())
	for v := first; ; {
		end := min(v|(span-1), last) // of what the entry maps
		e := &table[level.index(v)]
		switch {
		case !e.Has(Present):
		case level.maps(*e):
			*e = 0
			c.page(v)
		default:
			below := s.memory.Table(e.Frame())
			if s.prune(below, level-1, v, end, c) || !below.vacant() || level == PML4 && upper(v) {
				stays = true
				break
			}
			f := e.Frame()
			*e = 0
			c.table(f, below, v)
		}
		if end == last {
			return stays
		}
		v = end + 1
	}
}

// vacant tells whether no entry is present. It looks at eight at a time.
func (t *Table) vacant() bool {
	for rest := t[:]; len(rest) >= 8; rest = rest[8:] {
		if e := rest[:8]; (e[0] | e[1] | e[2] | e[3] | e[4] | e[5] | e[6] | e[7]).Has(Present) {
			return false
		}
	}
	return true
}
