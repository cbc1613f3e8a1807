package paging

import "vitrine/mm"

// Protect gives the pages of the size bytes at v new flags, as for Map. Their
// addresses and their accessed and dirty bits stay. A large page that is only
// partly in the range is split first.
//
// Errors:  ErrNotPresent if a page of the range is not mapped,
// ErrWriteExecute, ErrAlign, ErrSize, ErrNonCanonical, ErrFlags, and, if a
// large page cannot be split, those of Frames. No page has new flags then.
// Context: any; allocates nothing but tables.
func (s *Space) Protect(v mm.VirtAddr, size uint64, flags Entry) error {
	last, err := checkRange(v, size)
	if err != nil {
		return err
	}
	if err := CheckFlags(v, flags); err != nil {
		return err
	}
	saved := s.lock()
	err = s.protect(v, last, flags&^Present)
	s.unlock(saved)
	return err
}

func (s *Space) protect(first, last mm.VirtAddr, flags Entry) error {
	for v, ok := first, true; ok; v, ok = s.after(v, last) {
		if e, _, _ := s.find(v); !e.Has(Present) {
			return ErrNotPresent
		}
	}
	if err := s.splitEnds(first, last); err != nil {
		return err
	}
	var c changes
	for v, ok := first, true; ok; v, ok = s.after(v, last) {
		e, _, _ := s.find(v)
		if changed := *e&^settable | flags; changed != *e {
			*e = changed
			c.page(v)
		}
	}
	return s.settle(&c)
}

// after returns the first address behind the entry at which the walk for v
// ends, if it is not above last.
func (s *Space) after(v, last mm.VirtAddr) (next mm.VirtAddr, ok bool) {
	_, level, _ := s.find(v)
	end := v | mm.VirtAddr(level.Span()-1)
	return end + 1, end < last
}

// splitEnds makes both ends of [first, last] ends of pages.
func (s *Space) splitEnds(first, last mm.VirtAddr) error {
	var c changes
	err := s.splitAt(first, &c)
	if err == nil && (last + 1).Canonical() { // else it is the end of a half
		err = s.splitAt(last+1, &c)
	}
	if e := s.settle(&c); err == nil {
		err = e
	}
	return err
}

// splitAt makes v the start of a page, if it is mapped, by replacing the large
// page around it with 512 smaller ones, twice if need be.
func (s *Space) splitAt(v mm.VirtAddr, c *changes) error {
	for {
		e, level, _ := s.find(v)
		if span := level.Span(); !e.Has(Present) || uint64(v)%span == 0 {
			return nil
		}
		f, err := s.frames.Alloc()
		if err != nil {
			return err
		}
		below, table := level-1, s.memory.Table(f)
		for i := range table {
			p := target(*e, level, mm.VirtAddr(uint64(i)*below.Span()))
			table[i] = leaf(p, below, e.Flags()&^Large)
		}
		*e = link(f, v)
		c.page(v.AlignDown(level.Span()))
	}
}
