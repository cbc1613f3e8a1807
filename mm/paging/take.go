package paging

import "vitrine/mm"

// Take unmaps what is mapped in [first, last], as Unmap does, and tells what
// it was: the first n elements of list. If there are more runs of pages than
// list has room for, the rest stays mapped. When Take returns no processor
// knows the pages any longer, so that their frames can be freed: one flush for
// all of them. first and last+1 are multiples of 4 KiB.
//
// Errors:  as Unmap; nothing is unmapped then.
// Context: any; allocates nothing but tables.
func (s *Space) Take(first, last mm.VirtAddr, list []Mapping) (n int, err error) {
	if _, err := checkRange(first, uint64(last-first)+1); err != nil {
		return 0, err
	}
	flags := s.lock()
	for v := first; n < len(list); n++ {
		m, ok := s.next(v, last)
		if !ok {
			break
		}
		list[n] = m
		if m.Last() >= last {
			n++
			break
		}
		v = m.Last() + 1
	}
	if n > 0 {
		from, to := list[0].Start, list[n-1].Last()
		if err = s.splitEnds(from, to); err == nil {
			err = s.empty(from, to)
		} else {
			n = 0
		}
	}
	s.unlock(flags)
	return n, err
}
