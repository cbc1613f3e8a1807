package region

import (
	"vitrine/mm"
	"vitrine/mm/paging"
)

// Stats counts page faults by what they were.
type Stats struct {
	Served   uint64 // got a page
	Copied   uint64 // got a copy of a page that was copy-on-write
	Regained uint64 // got such a page itself, as its last owner
	Raced    uint64 // found the page there already: another CPU was faster
	NoMemory uint64 // would have got a page, had there been one
	Guard    uint64 // in a guard region
	Fixed    uint64 // in a fixed region
	Access   uint64 // in a region that does not allow it
	Unknown  uint64 // in no region
	Damaged  uint64 // at an entry that has a reserved bit set
}

// Fault decides what a page fault at v, which left CR2 = v and the error code,
// means for the space. If it was the first access to a page that a region owes,
// or a write to one that is copy-on-write, the page is there now, served is
// true, and the instruction can be run again.
//
// Errors:  if not served, the reason: ErrNoRegion, ErrGuard, ErrFixed,
// ErrAccess, ErrTables, or an error of frames or of paging.Space.
// An access of the kernel's that only SMAP forbids is not for Fault: nothing is
// wrong with the page.
//
// Context: the page-fault handler: interrupts off, on its own stack. It
// allocates nothing but frames, and stores no pointers.
func (s *Set) Fault(space *paging.Space, frames Frames, v mm.VirtAddr, code ErrorCode) (served bool, err error) {
	flags := s.lock()
	r, err := s.judge(v, code)
	switch v = v.AlignDown(mm.PageSize); {
	case err != nil:
	case code.Has(Present):
		err = s.unshare(r, space, frames, v)
	default:
		err = s.serve(r, space, frames, v)
	}
	s.unlock(flags)
	return err == nil, err
}

// judge returns the region that owes v a page, or a page of its own, or why
// there is none.
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
	case !allows(r.Flags, code) || code&(ProtectionKey|ShadowStack|Enclave) != 0 ||
		code.Has(Present) && !(r.Kind == DemandZero && code.Has(Write)):
		s.stats.Access++
		return nil, ErrAccess
	case r.Kind == Fixed:
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

// serve maps the page that r owes v.
func (s *Set) serve(r *Region, space *paging.Space, frames Frames, v mm.VirtAddr) error {
	f, err := r.fresh(space, frames, v)
	if err == nil {
		if err = space.Map(v, f.Addr(), mm.PageSize, r.Flags, paging.Pages4K); err == nil {
			s.stats.Served++
			r.Pages++
			return nil
		}
		if e := frames.Free(f); e != nil {
			return e
		}
	}
	switch err {
	case paging.ErrMapped:
		s.stats.Raced++
		return nil
	case ErrNoMemory:
		s.stats.NoMemory++
	}
	return err
}

// fresh returns the frame that r owes v: a zeroed one, or the object's.
func (r *Region) fresh(space *paging.Space, frames Frames, v mm.VirtAddr) (mm.Frame, error) {
	if r.Kind == Shared {
		return r.Object.page(uint64(v-r.Range.Start)+r.Offset, frames)
	}
	f, err := frames.Alloc()
	if err == nil {
		space.Zero(f)
	}
	return f, err
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
