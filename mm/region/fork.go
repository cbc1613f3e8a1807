package region

import (
	"vitrine/mm"
	"vitrine/mm/paging"
)

// Fork gives child, an empty set, the regions of s, and childSpace, which
// paging.Space.NewUser has made of the same kernel, what s's space holds:
//
//	DemandZero   the same frames, copy-on-write: who writes first, in either
//	             space, gets a copy of that page
//	Shared       the same object; pages come by faults
//	Guard        nothing
//	Fixed        the same memory, which belongs to neither space
//
// It copies tables and no pages, so the cost is that of the tables that are
// mapped. A table is copied in one go; whoever uses the space meanwhile may
// write to one page before it is copied and to another one after.
//
// Errors:  ErrNoMemory, frame.ErrOwners, ErrNotEmpty, and others of paging;
// child then has a part, which Clear takes away.
// Context: not in a handler; does not allocate. No regions are added to s or
// removed meanwhile.
func (s *Set) Fork(space *paging.Space, frames Frames, child *Set, childSpace *paging.Space) error {
	if child.Len() != 0 {
		return ErrNotEmpty
	}
	for r := range s.Visit {
		if r.Range.Start >= mm.UserEnd {
			break // the kernel's half is shared as it is
		}
		if err := child.Add(r); err != nil {
			return err
		}
		var err error
		switch r.Kind {
		case DemandZero:
			err = s.forkPages(r, space, frames, child, childSpace)
		case Fixed:
			err = forkFixed(r, space, childSpace)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// forkPages shares the pages of a region, a table at a time. The set's lock
// keeps a fault from giving a page back to its only owner while it gets a
// second one.
func (s *Set) forkPages(r Region, space *paging.Space, frames Frames, child *Set, childSpace *paging.Space) error {
	last := r.Range.End - 1
	for v := r.Range.Start; ; {
		_, start, ok := space.NextTable(v, last, paging.PT)
		if !ok {
			return nil
		}
		v = max(v, start)
		flags := s.lock()
		pages, err := childSpace.Duplicate(space, v, last, frames)
		s.unlock(flags)
		flags = child.lock()
		if c := child.lookup(v); c != nil {
			c.Pages += pages
		}
		child.unlock(flags)
		if err != nil {
			return err
		}
		end := v | mm.VirtAddr(paging.PD.Span()-1)
		if end >= last {
			return nil
		}
		v = end + 1
	}
}

// forkFixed maps what the owner of a fixed region has mapped.
func forkFixed(r Region, space, childSpace *paging.Space) error {
	last := r.Range.End - 1
	for v := r.Range.Start; ; {
		m, ok := space.Next(v, last)
		if !ok {
			return nil
		}
		if err := childSpace.Map(m.Start, m.Phys, m.Size, m.Flags, m.Level); err != nil {
			return err
		}
		if m.Last() >= last {
			return nil
		}
		v = m.Last() + 1
	}
}

// Clear removes all regions.
//
// Errors and context as Remove.
func (s *Set) Clear(space *paging.Space, frames Frames) error {
	for r := range s.Visit {
		if err := s.Remove(space, frames, r.Range.Start); err != nil {
			return err
		}
	}
	return nil
}
