// Package region says what an address space is meant to hold, before it holds
// it.
//
// A page table knows only what is there. A region is a promise: "these 64 MiB
// are stack space, and get memory when somebody touches them"; "nothing will
// ever be mapped here". When the processor finds no page it raises a page
// fault, and Set.Fault decides by the regions what that means:
//
//	        page fault, address v
//	                 |
//	      is v in a region of the set?  -- no --> a bug: not served
//	                 |
//	  DemandZero     |        Shared        Guard, Fixed
//	      |          |          |                |
//	no page: take    |    the object's      a bug: stack overflow, ...
//	a frame, zero    |    frame, map it
//	it, map it       |
//	                 a write to a page that is copy-on-write:
//	                 copy it, unless nobody else has it any longer
//	                 |
//	the instruction is run again, and finds the page
//
// So memory that is asked for costs nothing until it is used, and a copy of an
// address space (Set.Fork) costs its tables, until somebody writes.
//
// Read Set.Fault first, then Set.Fork. In GDB: break region.(*Set).Fault.
//
// Locking: Set.Locker, around each operation. It is taken before that of
// paging.Space and of an Object's tree, which are taken before the frame
// allocator's. Nobody holds the locks of two sets. Allocation: none.
package region

import (
	"vitrine/mm"
	"vitrine/mm/paging"
)

// Kind says what happens when a page of a region is not there.
type Kind uint8

// The kinds of region.
const (
	DemandZero Kind = iota // it gets a zeroed frame at the first access; private after a Fork
	Guard                  // nothing is ever mapped: an access is a bug, and stops there
	Fixed                  // mapped by its owner, such as a device: a missing page is a bug
	Shared                 // it gets the frame of an Object at the first access
)

// String returns the kind in a word.
func (k Kind) String() string {
	switch k {
	case DemandZero:
		return "demand-zero"
	case Guard:
		return "guard"
	case Fixed:
		return "fixed"
	case Shared:
		return "shared"
	}
	return "unknown"
}

// Region is a range of an address space with a purpose.
type Region struct {
	Range mm.VirtRange // whole pages
	Kind  Kind
	Flags paging.Entry // of the pages, as for paging.Space.Map
	Name  string       // for people
	Pages uint64       // that Fault and Fork have mapped

	Object *Object // what a shared region shows
	Offset uint64  // of the region's start in the object, in bytes; whole pages
}

// Frames is where pages come from and go to. *frame.Allocator is one.
type Frames interface {
	paging.Frames
	paging.Sharer

	// Owners returns the number of f's owners; 0 if it is not in use.
	Owners(f mm.Frame) uint64
}

// Capacity is the number of regions that a Set can hold.
const Capacity = 512

// Errors.
const (
	ErrNoMemory          = mm.ErrNoMemory
	ErrAlign             = mm.ErrAlign
	ErrOverlap  mm.Error = "the range overlaps a region that is there already"
	ErrFull     mm.Error = "no room for another region"
	ErrNoRegion mm.Error = "the address is in no region"
	ErrGuard    mm.Error = "access to a guard region, where nothing is ever mapped"
	ErrFixed    mm.Error = "access to a page of a fixed region that its owner has not mapped"
	ErrAccess   mm.Error = "access that the region does not allow"
	ErrNotEmpty mm.Error = "the set has regions already"
	ErrObject   mm.Error = "a region has an object if it is a shared one, and lies within it"
	ErrTables   mm.Error = "page tables are damaged: a reserved bit is set"
)

// Set is the regions of an address space, sorted by address. The zero value
// is an empty one.
type Set struct {
	// Locker keeps other CPUs and interrupt handlers out; nil: there are none.
	Locker mm.Locker

	regions [Capacity]Region
	n       int
	stats   Stats
}

// Add adds a region, whose Pages do not count. Nothing is mapped.
//
// Errors:  ErrOverlap, ErrFull, ErrAlign, ErrObject, paging.ErrNonCanonical,
// and those of paging.CheckFlags.
// Context: not in a handler, as it stores a pointer (the name); does not
// allocate.
func (s *Set) Add(r Region) error {
	if r.Range.Size() == 0 || (r.Range.Start|r.Range.End)%mm.PageSize != 0 {
		return ErrAlign
	}
	first, last := r.Range.Start, r.Range.End-1
	if !first.Canonical() || !last.Canonical() || (first^last)>>47 != 0 {
		return paging.ErrNonCanonical
	}
	if err := paging.CheckFlags(first, r.Flags); err != nil {
		return err
	}
	if (r.Kind == Shared) != (r.Object != nil) || r.Offset%mm.PageSize != 0 ||
		r.Object != nil && r.Offset > ObjectSize-min(r.Range.Size(), ObjectSize) {
		return ErrObject
	}
	r.Pages = 0
	flags := s.lock()
	err := s.insert(r)
	s.unlock(flags)
	return err
}

func (s *Set) insert(r Region) error {
	if s.n == Capacity {
		return ErrFull
	}
	i := s.search(r.Range.Start)
	if i < s.n && s.regions[i].Range.Overlaps(r.Range) {
		return ErrOverlap
	}
	copy(s.regions[i+1:s.n+1], s.regions[i:s.n])
	s.regions[i] = r
	s.n++
	return nil
}

func (s *Set) lock() uint64 {
	if s.Locker == nil {
		return 0
	}
	return s.Locker.Lock()
}

func (s *Set) unlock(flags uint64) {
	if s.Locker != nil {
		s.Locker.Unlock(flags)
	}
}
