package region

import (
	"vitrine/mm"
	"vitrine/mm/paging"
)

// Stats counts page faults by what they were.
type Stats struct {
	Served   uint64 // got a page
	Raced    uint64 // found the page there already: another CPU was faster
	NoMemory uint64 // would have got a page, had there been one
	Guard    uint64 // in a guard region
	Fixed    uint64 // in a fixed region
	Access   uint64 // in a region that does not allow it
	Unknown  uint64 // in no region
	Damaged  uint64 // at an entry that has a reserved bit set
}

// Fault decides what a page fault at v, which left CR2 = v and the error code,
// means for the space. If it was the first access to a page of a demand-zero
// region, the page has a zeroed frame now, served is true, and the instruction
// can be run again.
//
// Errors:  if not served, the reason: ErrNoRegion, ErrGuard, ErrFixed,
// ErrAccess, ErrTables, or an error of frames or of paging.Space.Map.
// Context: the page-fault handler: interrupts off, on its own stack. It
// allocates nothing but frames, and stores no pointers.
func (s *Set) Fault(space *paging.Space, frames paging.Frames, v mm.VirtAddr, code ErrorCode) (served bool, err error) {
	flags := s.lock()
	r, err := s.judge(v, code)
	if err == nil {
		err = s.serve(r, space, frames, v.AlignDown(mm.PageSize))
	}
	s.unlock(flags)
	return err == nil, err
}

// judge returns the demand-zero region that owes v a page, or why there is none.
func (s *Set) judge(v mm.VirtAddr, code ErrorCode) (*Region, error) {
	if code.Has(Reserved) {
		s.stats.Damaged++
		return nil, ErrTables
	}
	r := s.lookup(v)
	switch {
	case r == nil:
		s.stats.Unknown++
		return nil, ErrNoRegion
	case r.Kind == Guard:
		s.stats.Guard++
		return nil, ErrGuard
	case code.Has(Present) || !allows(r.Flags, code):
		s.stats.Access++
		return nil, ErrAccess
	case r.Kind != DemandZero:
		s.stats.Fixed++
		return nil, ErrFixed
	}
	return r, nil
}

// allows tells whether a page with these flags can be used as code says.
func allows(flags paging.Entry, code ErrorCode) bool {
	return !(code.Has(Write) && !flags.Has(paging.Writable) ||
		code.Has(Fetch) && flags.Has(paging.NoExecute) ||
		code.Has(User) && !flags.Has(paging.User))
}

// serve maps a zeroed frame at v.
func (s *Set) serve(r *Region, space *paging.Space, frames paging.Frames, v mm.VirtAddr) error {
	f, err := frames.Alloc()
	if err != nil {
		s.stats.NoMemory++
		return err
	}
	space.Zero(f)
	switch err = space.Map(v, f.Addr(), mm.PageSize, r.Flags, paging.Pages4K); err {
	case nil:
		s.stats.Served++
		r.Pages++
		return nil
	case paging.ErrMapped:
		s.stats.Raced++
		return frames.Free(f)
	case paging.ErrNoMemory:
		s.stats.NoMemory++
	}
	if e := frames.Free(f); e != nil {
		return e
	}
	return err
}

// Stats returns the present counts.
//
// Context: any; does not allocate.
func (s *Set) Stats() Stats {
	flags := s.lock()
	stats := s.stats
	s.unlock(flags)
	return stats
}
