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

// Next returns the first mapping at or above v; if v lies in one, what it has
// from v's page on. Accessed and dirty bits make no difference.
//
// Context: any; does not allocate.
func (s *Space) Next(v mm.VirtAddr) (m Mapping, ok bool) {
	flags := s.lock()
	if v, ok = s.firstMapped(v); ok {
		m = s.page(v)
		for last := m.Last(); ; last = m.Last() {
			next := last + 1
			if next == 0 || !next.Canonical() {
				break
			}
			more := s.page(next)
			if more.Level != m.Level || more.Flags != m.Flags || more.Phys != m.Phys+mm.PhysAddr(m.Size) {
				break
			}
			m.Size += more.Size
		}
	}
	s.unlock(flags)
	return m, ok
}

// Visit calls yield with each mapping, upwards, until it returns false. One
// can range over it: for m := range space.Visit. The tree may change
// meanwhile; yield is called without the lock.
//
// Context: any; does not allocate.
func (s *Space) Visit(yield func(Mapping) bool) {
	for m, ok := s.Next(0); ok && yield(m) && m.Last() != ^mm.VirtAddr(0); {
		m, ok = s.Next(m.Last() + 1)
	}
}

// firstMapped returns the lowest mapped address that is not below v's page.
func (s *Space) firstMapped(v mm.VirtAddr) (mm.VirtAddr, bool) {
	v = v.AlignDown(mm.PageSize)
	for {
		if !v.Canonical() {
			v = mm.DirectMapBase // the start of the upper half
		}
		e, level, _ := s.find(v)
		if e.Has(Present) {
			return v, true
		}
		if v = (v | mm.VirtAddr(level.Span()-1)) + 1; v == 0 {
			return 0, false
		}
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
