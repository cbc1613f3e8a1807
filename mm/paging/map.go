package paging

import "vitrine/mm"

// Map maps the size bytes at v to those at p, with flags, in the largest pages
// that fit but none above max: Pages4K, Pages2M, or Pages1G if the processor
// has those. All three are multiples of 4 KiB.
//
// The flags are Writable, User, WriteThrough, CacheDisable, Global, NoExecute
// and the software's. A user page is in the lower half, a global one in the
// upper.
//
// Nothing is mapped over: if a page of the range is mapped already, or there
// is no memory for a table, nothing has changed.
//
// Errors:  ErrMapped, ErrWriteExecute, ErrAlign, ErrSize, ErrNonCanonical,
// ErrPhysical, ErrFlags, ErrSealed, and those of Frames.
// Context: any; allocates nothing but tables.
func (s *Space) Map(v mm.VirtAddr, p mm.PhysAddr, size uint64, flags Entry, max Level) error {
	last, err := checkRange(v, size)
	if err != nil {
		return err
	}
	if p.AlignDown(mm.PageSize) != p {
		return ErrAlign
	}
	if end := uint64(p) + size; end < size || end > 1<<52 {
		return ErrPhysical
	}
	if err := CheckFlags(v, flags); err != nil {
		return err
	}
	saved := s.lock()
	err = ErrMapped
	if _, mapped := s.firstMapped(v, last); !mapped {
		err = s.fill(v, p, size, flags&^Present, s.limit(max))
	}
	s.unlock(saved)
	return err
}

// limit returns max, or the largest level that can map pages.
func (s *Space) limit(max Level) Level {
	if s.HugePages {
		return min(max, PDPT)
	}
	return min(max, PD)
}

// CheckFlags refuses flags that no page at v may have.
//
// Errors: ErrWriteExecute, ErrFlags.
func CheckFlags(v mm.VirtAddr, flags Entry) error {
	forbidden := ^(settable | Present)
	if upper(v) {
		forbidden |= User
	} else {
		forbidden |= Global // it would stay in the TLB when the process has gone
	}
	if flags&forbidden != 0 {
		return ErrFlags
	}
	if flags.Has(Writable) && !flags.Has(NoExecute) {
		return ErrWriteExecute
	}
	return nil
}

// fill maps a range in which nothing is mapped, or nothing of it.
func (s *Space) fill(v mm.VirtAddr, p mm.PhysAddr, size uint64, flags Entry, max Level) error {
	start := v
	for size > 0 {
		level := largest(v, p, size, max)
		table, err := s.table(v, level)
		if err != nil {
			// Up to v there are pages, and on the way to v perhaps new, empty tables.
			s.empty(start, v)
			return err
		}
		span := level.Span()
		for i := level.index(v); i < len(table) && size >= span; i++ {
			table[i] = leaf(p, level, flags)
			v, p, size = v+mm.VirtAddr(span), p+mm.PhysAddr(span), size-span
		}
	}
	return nil
}

// table returns the table of the level that is on the way to v, and makes it,
// and those above it, if need be.
func (s *Space) table(v mm.VirtAddr, level Level) (*Table, error) {
	table := s.memory.Table(s.root)
	for at := PML4; at > level; at-- {
		e := &table[at.index(v)]
		if !e.Has(Present) {
			if at == PML4 && upper(v) && s.sealed {
				return nil, ErrSealed
			}
			f, err := s.newTable()
			if err != nil {
				return nil, err
			}
			*e = link(f, v)
		}
		table = s.memory.Table(e.Frame())
	}
	return table, nil
}
