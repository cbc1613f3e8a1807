package region

import (
	"vitrine/mm"
	"vitrine/mm/paging"
)

// Remove takes away the region that starts at v. Whatever is mapped there is
// unmapped; the frames of demand-zero and shared regions go back to frames,
// unless they have other owners; those of fixed ones belong to whoever has
// mapped them.
//
// Errors:  ErrNoRegion if none starts at v, and those of paging.Space.Take
// and of frames; the region is there still, perhaps with fewer pages.
// Context: not in a handler; does not allocate.
func (s *Set) Remove(space *paging.Space, frames Frames, v mm.VirtAddr) error {
	flags := s.lock()
	err := s.remove(space, frames, v)
	s.unlock(flags)
	return err
}

func (s *Set) remove(space *paging.Space, frames Frames, v mm.VirtAddr) error {
	i := s.search(v)
	if i == s.n || s.regions[i].Range.Start != v {
		return ErrNoRegion
	}
	r := &s.regions[i]
	for done := false; !done; {
		var err error
		if done, err = r.release(space, frames); err != nil {
			return err
		}
	}
	copy(s.regions[i:s.n], s.regions[i+1:s.n])
	s.n--
	s.regions[s.n] = Region{}
	return nil
}

// release unmaps the first pages of r and frees their frames, as many runs of
// pages as the list has room for; done: there are no more.
func (r *Region) release(space *paging.Space, frames Frames) (done bool, err error) {
	var list [16]paging.Mapping
	n, err := space.Take(r.Range.Start, r.Range.End-1, list[:])
	if err != nil || r.Kind != DemandZero && r.Kind != Shared {
		return n < len(list), err
	}
	for _, m := range list[:n] {
		r.Pages -= m.Size / mm.PageSize
	}
	return n < len(list), free(frames, list[:n])
}

// free frees the frames of runs of pages that are mapped no longer.
func free(frames Frames, list []paging.Mapping) (err error) {
	for _, m := range list {
		for at := uint64(0); at < m.Size; at += mm.PageSize {
			if e := frames.Free((m.Phys + mm.PhysAddr(at)).Frame()); e != nil {
				err = e
			}
		}
	}
	return err
}
