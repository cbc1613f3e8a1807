package paging

import "vitrine/mm"

// Mapping is a run of pages of one size with the same flags, mapped to memory
// in a row.
type Mapping struct {
	Start mm.VirtAddr
	Phys  mm.PhysAddr
	Size  uint64 // in bytes
	Flags Entry  // of the pages' own entries, with the rights that are in effect
	Level Level  // Pages4K, Pages2M, Pages1G
}

// Last returns the mapping's last address.
func (m Mapping) Last() mm.VirtAddr { return m.Start + mm.VirtAddr(m.Size-1) }

// Next returns the first mapping in [v, last]. Of one that is only partly in
// there it returns that part, in whole 4 KiB pages. Accessed and dirty bits
// make no difference.
//
// Context: any; does not allocate.
func (s *Space) Next(v, last mm.VirtAddr) (m Mapping, ok bool) {
	flags := s.lock()
	m, ok = s.next(v, last)
	s.unlock(flags)
	return m, ok
}

func (s *Space) next(v, last mm.VirtAddr) (m Mapping, ok bool) {
	if v, ok = s.firstMapped(v.AlignDown(mm.PageSize), last); !ok {
		return m, false
	}
	m = s.page(v)
	for m.Last() < last {
		next := m.Last() + 1
		if !next.Canonical() {
			break // the end of the lower half
		}
		more := s.page(next)
		if more.Level != m.Level || more.Flags != m.Flags || more.Phys != m.Phys+mm.PhysAddr(m.Size) {
			break
		}
		m.Size += more.Size
	}
	if m.Last() > last {
		m.Size = uint64(last|(mm.PageSize-1)-m.Start) + 1
	}
	return m, true
}

// Visit calls yield with each mapping, upwards, until it returns false. One
// can range over it: for m := range space.Visit. The tree may change
// meanwhile; yield is called without the lock.
//
// Context: any; does not allocate.
func (s *Space) Visit(yield func(Mapping) bool) {
	const end = ^mm.VirtAddr(0)
	for m, ok := s.Next(0, end); ok && yield(m) && m.Last() != end; {
		m, ok = s.Next(m.Last()+1, end)
	}
}

// firstMapped returns the lowest mapped address in [v, last].
func (s *Space) firstMapped(v, last mm.VirtAddr) (mm.VirtAddr, bool) {
	for {
		if !v.Canonical() {
			v = mm.DirectMapBase // the start of the upper half
		}
		if v > last {
			return 0, false
		}
		e, level, _ := s.find(v)
		if e.Has(Present) {
			return v, true
		}
		if v |= mm.VirtAddr(level.Span() - 1); v >= last {
			return 0, false
		}
		v++
	}
}

// page returns the page at v, from v on; one of no level and flags if none is
// mapped there.
func (s *Space) page(v mm.VirtAddr) Mapping {
	e, level, rights := s.find(v)
	if !e.Has(Present) {
		return Mapping{}
	}
	return Mapping{
		Start: v,
		Phys:  target(*e, level, v),
		Size:  level.Span() - uint64(v)%level.Span(),
		Flags: e.Flags()&^(tracked|Large|Writable|User|NoExecute) | rights,
		Level: level,
	}
}
