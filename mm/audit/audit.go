// Package audit looks at the live page tables and asks whether the kernel
// keeps its promises about memory.
//
// Each promise is kept somewhere else, by somebody careful: paging.Space.Map
// refuses a page that is writable and executable, region.Set keeps guard pages
// empty, whoever frees memory unmaps it first. Run does not believe any of it.
// It walks the trees that the processor walks, and asks of what is really
// there:
//
//	every mapping        writable and executable?      in the kernel's half,
//	                                                   but for user mode?
//	                     executable, but not in the    global, and not in the
//	                     kernel's image?               kernel's half?
//	the direct map       does it lead where it says?
//	two mappings         of one frame, one of them writable, one executable?
//	the lower half       of the kernel's own space:    anything at all?
//	other spaces         is their upper half           can user mode reach a
//	                     the kernel's?                 frame of the kernel's?
//	each region          a guard page mapped?          a page with more rights
//	                                                   than its region?
//	each stack           no guard page below it?       a page missing?
//	each mapped frame    outside the direct map:       free, or nobody's RAM?
//	frames mapped twice  outside the direct map:       by more than own them?
//	each table           in a frame that is free?      or mapped as a page, or
//	                                                   in the trees twice?
//	the frame allocator  do its records agree with each other?
//
// The machine goes on meanwhile, so what looks wrong is looked at again before
// it is reported: a page may have been unmapped and its frame freed in between.
//
// Read Run first. In GDB: break audit.(*run).violation.
//
// Context: goroutines; it allocates. Locking: that of what it looks at, for a
// moment each.
package audit

import (
	"fmt"
	"slices"

	"vitrine/mm"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// Space is an address space and what it is meant to hold.
type Space struct {
	Name    string
	Tables  *paging.Space
	Regions *region.Set   // nil: nothing is known
	Stacks  []mm.VirtAddr // ends of stacks that must have a guard page below
}

// Violation is a promise that is not kept.
type Violation struct {
	Space   string // its name
	Address mm.VirtAddr
	Phys    mm.PhysAddr
	What    string
}

// String returns the violation in a line.
func (v Violation) String() string {
	return fmt.Sprintf("%s %016x -> %x: %s", v.Space, uint64(v.Address), uint64(v.Phys), v.What)
}

// Kept is the number of violations that a Report describes.
const Kept = 100

// Report is what Run has seen.
type Report struct {
	Spaces     int
	Mappings   int    // runs of pages of one kind
	Executable uint64 // bytes that can be executed
	Regions    int
	Guards     int    // of them, guards
	Stacks     int    // whose guard page has been looked at
	Tables     uint64 // frames that hold page tables
	Frames     uint64 // frames of RAM mapped outside the direct map
	Shared     int    // of them, frames that are mapped more than once
	Count      frame.Stats
	// Held is how many frames are in use, but neither mapped outside the direct
	// map nor a table: their owners reach them directly. On a machine at work
	// it is off by what has changed meanwhile.
	Held int64

	Found      int // violations
	Violations []Violation
}

// Run audits all frames and address spaces; the first of these is the
// kernel's own, whose upper half the others share.
func Run(frames *frame.Allocator, spaces ...Space) Report {
	r := run{frames: frames, again: map[mm.Frame]twice{}, spaces: spaces, tables: make([]uint64, frames.Top()/64+1), pages: make([]uint64, frames.Top()/64+1)}
	for i, s := range spaces {
		r.Spaces++
		r.findTables(s, i == 0)
		r.findCode(s, i == 0)
	}
	used := frames.Stats().Used // of now: the audit itself makes the heap grow
	for i, s := range spaces {
		r.mappings(s, i == 0)
		if s.Regions != nil {
			r.regions(s)
			r.stacks(s)
		}
		if i == 0 {
			r.kernel = slices.Clone(r.pages)
		} else {
			r.upperHalf(s)
		}
	}
	r.owned()
	if err := frames.Verify(); err != nil {
		r.violation("frames", 0, 0, err.Error())
	}
	r.Count = frames.Stats()
	r.Held = int64(used) - int64(r.used+r.Tables)
	return r.Report
}

// run is an audit under way.
type run struct {
	Report
	frames *frame.Allocator
	spaces []Space
	tables []uint64 // bit f: frame f holds a page table
	pages  []uint64 // bit f: frame f is mapped outside the direct map
	kernel []uint64 // the same, by the kernel alone
	used   uint64   // how many of pages are handed out
	again  map[mm.Frame]twice
	code   []mm.PhysRange // memory that can be executed
}

func (r *run) violation(space string, v mm.VirtAddr, p mm.PhysAddr, what string) {
	r.Found++
	if len(r.Violations) < Kept {
		r.Violations = append(r.Violations, Violation{space, v, p, what})
	}
}

// mark sets f's bit and tells whether it was set before; frames that the
// allocator does not know have none.
func mark(set []uint64, f mm.Frame) (was bool) {
	w, bit := uint64(f)/64, uint64(1)<<(f%64)
	if w >= uint64(len(set)) {
		return false
	}
	was = set[w]&bit != 0
	set[w] |= bit
	return was
}

// marked tells whether f's bit is set.
func marked(set []uint64, f mm.Frame) bool {
	w := uint64(f) / 64
	return w < uint64(len(set)) && set[w]>>(f%64)&1 != 0
}

// own returns the part of an address space that is not audited with another
// one: for a process, the lower half.
func own(kernel bool) (last mm.VirtAddr) {
	if kernel {
		return ^mm.VirtAddr(0)
	}
	return mm.UserEnd - 1
}
