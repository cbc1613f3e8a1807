package audit

import (
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// twice is where a frame was found that had been found elsewhere before.
type twice struct {
	space string
	at    mm.VirtAddr
}

// owned checks that each frame that is mapped more than once has as many owners
// as there are page tables that map it, or more: else it is free, one day, and
// mapped. What is in fixed regions belongs to somebody else and does not count.
//
// A heap that gives frames back and takes others while the audit goes on makes
// frames look as if they were mapped twice. So it counts again.
func (r *run) owned() {
	if len(r.again) == 0 {
		return
	}
	var count map[mm.Frame]uint64
	for range attempts {
		count = r.count()
		for f := range r.again {
			if count[f] <= max(1, r.frames.Owners(f)) {
				if count[f] > 1 {
					r.Shared++
				}
				delete(r.again, f)
			}
		}
	}
	for f, where := range r.again {
		r.violation(where.space, where.at, f.Addr(), "mapped by more tables than it has owners")
	}
}

// count returns how often the frames of r.again are mapped now.
func (r *run) count() map[mm.Frame]uint64 {
	n := map[mm.Frame]uint64{}
	for i, s := range r.spaces {
		visit(s, i == 0, func(m paging.Mapping) {
			if _, direct := m.Start.InDirectMap(); direct {
				return
			}
			for at := uint64(0); at < m.Size; at += mm.PageSize {
				f := (m.Phys + mm.PhysAddr(at)).Frame()
				if _, ok := r.again[f]; ok && !fixed(s, m.Start+mm.VirtAddr(at)) {
					n[f]++
				}
			}
		})
	}
	return n
}

// fixed tells whether v is in a fixed region.
func fixed(s Space, v mm.VirtAddr) bool {
	if s.Regions == nil {
		return false
	}
	r, ok := s.Regions.Find(v)
	return ok && r.Kind == region.Fixed
}
