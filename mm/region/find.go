package region

import "vitrine/mm"

// search returns the index of the first region that ends behind v; n if there
// is none.
func (s *Set) search(v mm.VirtAddr) int {
	low, high := 0, s.n
	for low < high {
		middle := (low + high) / 2
		if s.regions[middle].Range.End <= v {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// lookup returns the region that v is in; nil if there is none.
func (s *Set) lookup(v mm.VirtAddr) *Region {
	if i := s.search(v); i < s.n && s.regions[i].Range.Contains(v) {
		return &s.regions[i]
	}
	return nil
}

// Find returns the region that v is in.
//
// Context: any; does not allocate.
func (s *Set) Find(v mm.VirtAddr) (r Region, ok bool) {
	flags := s.lock()
	if found := s.lookup(v); found != nil {
		r, ok = *found, true
	}
	s.unlock(flags)
	return r, ok
}

// Visit calls yield with each region, upwards, until it returns false. One can
// range over it: for r := range set.Visit. The set may change meanwhile; yield
// is called without the lock.
//
// Context: any; does not allocate.
func (s *Set) Visit(yield func(Region) bool) {
	for v := mm.VirtAddr(0); ; {
		flags := s.lock()
		i := s.search(v)
		if i == s.n {
			s.unlock(flags)
			return
		}
		r := s.regions[i]
		s.unlock(flags)
		if !yield(r) {
			return
		}
		v = r.Range.End
	}
}

// Len returns the number of regions.
func (s *Set) Len() int {
	flags := s.lock()
	n := s.n
	s.unlock(flags)
	return n
}
