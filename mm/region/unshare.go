package region

import (
	"vitrine/mm"
	"vitrine/mm/paging"
)

// unshare gives r its own copy of the page at v, which somebody has tried to
// write to, if it is copy-on-write. The last owner of a page needs no copy.
//
// Nobody becomes an owner between the look at their number and the change of
// the page: that takes the lock of a set that has the page, and if there is one
// owner, that is this set.
func (s *Set) unshare(r *Region, space *paging.Space, frames Frames, v mm.VirtAddr) error {
	steps, n := space.Walk(v)
	e, rights := steps[n-1].Entry, steps[n-1].Rights
	switch {
	case !e.Has(paging.Present) || rights.Has(paging.Writable):
		s.stats.Raced++ // another processor has changed it: look again
		return nil
	case !e.Has(paging.CopyOnWrite):
		s.stats.Access++
		return ErrAccess
	}
	old := e.Frame()
	if frames.Owners(old) == 1 {
		s.stats.Regained++
		return space.Replace(v, old.Addr(), r.Flags)
	}
	f, err := frames.Alloc()
	if err != nil {
		s.stats.NoMemory++
		return err
	}
	space.Copy(f, old)
	if err = space.Replace(v, f.Addr(), r.Flags); err != nil {
		_ = frames.Free(f)
		return err
	}
	s.stats.Copied++
	return frames.Free(old)
}
