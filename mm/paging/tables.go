package paging

import "vitrine/mm"

// NextTable returns the first table of the level, PT to PDPT, that is on the
// way to an address in [v, last]: its frame, and the first address that it is
// for.
//
// Context: any; does not allocate.
func (s *Space) NextTable(v, last mm.VirtAddr, level Level) (f mm.Frame, start mm.VirtAddr, ok bool) {
	flags := s.lock()
	for {
		if !v.Canonical() {
			v = mm.DirectMapBase // the start of the upper half
		}
		if v > last {
			break
		}
		var at Level
		if f, at = s.tableAt(v, level); at == level {
			s.unlock(flags)
			return f, v.AlignDown((level + 1).Span()), true
		}
		if v |= mm.VirtAddr(at.Span() - 1); v >= last {
			break
		}
		v++
	}
	s.unlock(flags)
	return 0, 0, false
}

// tableAt returns the frame of the table of the level that is on the way to v,
// and the level; if there is none, the level whose entry for v leads to no table.
func (s *Space) tableAt(v mm.VirtAddr, level Level) (mm.Frame, Level) {
	f := s.root
	for at := PML4; at > level; at-- {
		e := s.memory.Table(f)[at.index(v)]
		if !e.Has(Present) || at.maps(e) {
			return 0, at
		}
		f = e.Frame()
	}
	return f, level
}
