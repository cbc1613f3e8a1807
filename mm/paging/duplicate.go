package paging

import "vitrine/mm"

// CopyOnWrite marks a page that must be copied before it is written to: it is
// not writable, though its owner may write. It is one of the software's flags.
const CopyOnWrite = Software1

// Sharer counts the owners of frames. *frame.Allocator is one.
type Sharer interface {
	// Share gives f one owner more.
	Share(f mm.Frame) error
}

// Duplicate maps into s what from maps through one page table, the one around
// v, in [v, last]: the same frames at the same addresses. Each frame gets one
// owner more. Pages that are writable are CopyOnWrite in both spaces from now
// on. What is mapped in s already is left alone. The two spaces have the same
// Locker, and last is behind no more than one table.
//
// So the cost is that of one table, however many of its 512 pages are mapped,
// and no page is copied.
//
// Errors:  those of Frames and of sharer; some pages are duplicated then.
// Context: any; allocates nothing but tables.
func (s *Space) Duplicate(from *Space, v, last mm.VirtAddr, sharer Sharer) (pages uint64, err error) {
	flags := s.lock()
	pages, err = s.duplicate(from, v, last, sharer)
	s.unlock(flags)
	return pages, err
}

func (s *Space) duplicate(from *Space, v, last mm.VirtAddr, sharer Sharer) (pages uint64, err error) {
	f, level := from.tableAt(v, PT)
	if level != PT {
		return 0, nil
	}
	to, err := s.table(v, PT)
	if err != nil {
		return 0, err
	}
	var c changes
	source := from.memory.Table(f)
	last = min(last, v|mm.VirtAddr(PD.Span()-1))
	for i := PT.index(v); i <= PT.index(last); i++ {
		e := &source[i]
		if !e.Has(Present) || to[i].Has(Present) {
			continue
		}
		if err = sharer.Share(e.Frame()); err != nil {
			break
		}
		if e.Has(Writable) {
			*e = *e&^Writable | CopyOnWrite
			c.page(v.AlignDown(PD.Span()) + mm.VirtAddr(i*mm.PageSize))
		}
		to[i] = *e &^ tracked
		pages++
	}
	if e := from.settle(&c); err == nil {
		err = e
	}
	return pages, err
}

// Replace maps the page of 4 KiB at v, which is mapped, to p instead, with
// flags as for Map. When it returns no processor knows what was there.
//
// Errors:  ErrNotPresent if no page of that size is mapped there, ErrAlign,
// ErrNonCanonical, ErrPhysical, ErrFlags, ErrWriteExecute; nothing has changed
// then.
// Context: any; does not allocate.
func (s *Space) Replace(v mm.VirtAddr, p mm.PhysAddr, flags Entry) error {
	switch {
	case !v.Canonical():
		return ErrNonCanonical
	case v.AlignDown(mm.PageSize) != v || p.AlignDown(mm.PageSize) != p:
		return ErrAlign
	case p >= 1<<52:
		return ErrPhysical
	}
	if err := CheckFlags(v, flags); err != nil {
		return err
	}
	saved := s.lock()
	err := error(nil)
	if e, level, _ := s.find(v); e.Has(Present) && level == PT {
		*e = leaf(p, PT, flags)
		var c changes
		c.page(v)
		err = s.settle(&c)
	} else {
		err = ErrNotPresent
	}
	s.unlock(saved)
	return err
}

// Copy copies the contents of the frame from to the frame to.
//
// Context: any; does not allocate.
func (s *Space) Copy(to, from mm.Frame) { *s.memory.Table(to) = *s.memory.Table(from) }
