// Package paging decides what an address means.
//
// Every address that a program uses is a fiction. The processor rewrites it,
// on each access, by walking a four-storey tree of 4 KiB tables; register CR3
// holds the root:
//
//	 63    48 47   39 38   30 29   21 20   12 11        0
//	|  sign  | PML4  | PDPT  |  PD   |  PT   |  offset  |   a virtual address
//	             |       |       |       |        |
//	CR3 -> [PML4 table]  |       |       |        |
//	         entry -> [PDPT]     |       |        |
//	                   entry -> [PD]     |        |     or: a page of 1 GiB
//	                            entry -> [PT]     |     or: a page of 2 MiB
//	                                    entry -> [frame, 4 KiB]
//
// Each field of the address is an index into the table of its level. An entry
// (type Entry) has the physical address of what is next and the rights to it;
// a right that is missing on one level is missing in the end (SDM Vol. 3A,
// "4-Level Paging and 5-Level Paging" and "Access Rights").
//
// What the walk found is kept in the processor's translation lookaside buffer
// (TLB). It does not watch memory: who changes an entry that was present must
// tell it (interface TLB). An entry that was not present is never kept, so a
// new mapping needs no word to anybody (SDM Vol. 3A, "Caching Translation
// Information").
//
// Read Space.find first: it is the hardware's walk, in Go. Then Space.Map,
// which grows the tree, and Space.Unmap, which prunes it. In GDB: break
// paging.(*Space).Translate.
//
// Locking: Space.Locker, around each operation. It is taken before the frame
// allocator's. All spaces that share the kernel's half share the lock.
// Allocation: none, except the tables' frames: the package works before the
// Go runtime is up, under the Go heap, and in fault handlers.
package paging

import "vitrine/mm"

// Memory reaches a frame that holds a page table: through the direct map in
// the kernel, in an array in tests.
type Memory interface {
	Table(f mm.Frame) *Table
}

// Frames is where tables come from and go to. *frame.Allocator is one.
type Frames interface {
	Alloc() (mm.Frame, error)
	Free(mm.Frame) error
}

// TLB is told what the processors must forget: any number of pages, or
// everything, and then, once, the others.
type TLB interface {
	// Invalidate makes this processor forget the page, of any size, that has v
	// in it, and what it keeps of the tables above it, as INVLPG does.
	Invalidate(v mm.VirtAddr)

	// InvalidateAll makes it forget everything, global pages too.
	InvalidateAll()

	// InvalidateOthers returns when every other processor has forgotten what
	// this one was told to forget.
	InvalidateOthers()
}

// Errors.
const (
	ErrNoMemory              = mm.ErrNoMemory
	ErrAlign                 = mm.ErrAlign
	ErrNonCanonical mm.Error = "address is not canonical: bits 63 to 47 differ"
	ErrNotPresent   mm.Error = "no page is mapped there"
	ErrMapped       mm.Error = "a page is mapped there already"
	ErrWriteExecute mm.Error = "a page must not be both writable and executable"
	ErrSize         mm.Error = "the range is empty, or wraps around the end of the address space"
	ErrPhysical     mm.Error = "physical address has more than 52 bits"
	ErrFlags        mm.Error = "flags that are not for the caller to set, or not in this half"
	ErrSealed       mm.Error = "the kernel's half is shared by processes: no new PML4 entries"
	ErrIndex        mm.Error = "not the index of a PML4 entry of the kernel's half, 256 to 511"
)

// Space is an address space: a tree of page tables.
type Space struct {
	// Locker keeps other CPUs and interrupt handlers out; nil: there are none.
	Locker mm.Locker

	// HugePages says that the processor has pages of 1 GiB (CPUID leaf
	// 0x80000001, EDX bit 26).
	HugePages bool

	root   mm.Frame
	sealed bool // the kernel's half is shared: PML4[256..511] stay as they are
	memory Memory
	frames Frames
	tlb    TLB
}

// New returns the address space whose PML4 table is in the frame root. The
// table must be zero, or the root of a tree that this package has made.
func New(root mm.Frame, m Memory, f Frames, t TLB) Space {
	return Space{root: root, memory: m, frames: f, tlb: t}
}

// Create returns a new, empty address space.
//
// Errors: those of f.
func Create(m Memory, f Frames, t TLB) (Space, error) {
	s := New(0, m, f, t)
	root, err := s.newTable()
	s.root = root
	return s, err
}

// Root returns the frame of the PML4 table. Its address is for CR3.
func (s *Space) Root() mm.Frame { return s.root }

// Zero fills a frame with zeros, as whoever is given it must find it.
//
// Context: any; does not allocate.
func (s *Space) Zero(f mm.Frame) { *s.memory.Table(f) = Table{} }

// newTable returns the frame of a new, empty table.
func (s *Space) newTable() (mm.Frame, error) {
	f, err := s.frames.Alloc()
	if err != nil {
		return 0, err
	}
	s.Zero(f)
	return f, nil
}

func (s *Space) lock() uint64 {
	if s.Locker == nil {
		return 0
	}
	return s.Locker.Lock()
}

func (s *Space) unlock(flags uint64) {
	if s.Locker != nil {
		s.Locker.Unlock(flags)
	}
}

// checkRange returns the last address of the size bytes at v.
func checkRange(v mm.VirtAddr, size uint64) (last mm.VirtAddr, err error) {
	last = v + mm.VirtAddr(size-1)
	switch {
	case uint64(v)|size != (uint64(v)|size)&^(mm.PageSize-1):
		return 0, ErrAlign
	case size == 0 || last < v:
		return 0, ErrSize
	case !v.Canonical() || !last.Canonical() || upper(v) != upper(last):
		return 0, ErrNonCanonical
	}
	return last, nil
}

// upper tells whether v is in the kernel's half.
func upper(v mm.VirtAddr) bool { return v>>63 != 0 }
