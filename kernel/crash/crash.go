// Package crash writes the last page: what happened, where, and how the kernel
// got there.
//
// A report is written when nothing can be trusted any more, perhaps on an
// interrupt stack, perhaps in the middle of an allocation. So this package
// allocates nothing, takes no lock that is not given up when the kernel dies,
// believes no pointer that it has not looked up in the page tables, and formats
// its numbers itself. A report is a list of sections; if writing one of them
// faults, Resume goes on with the next.
//
// A screen has 25 lines and cannot scroll back, a serial line has no end. So
// each section is either for both, or a detail, which screens leave out:
//
//	                  serial line, Text           screen
//	title, what       all                         all
//	address           the walk, entry by entry    where it is
//	place, registers  all                         all
//	instructions      before and after it, too    the one at fault
//	callers           with arguments, all         the first few, a line each
//	other processors  with callers                a line each
//	events, log       the last ones               -
//	further reading   all                         all
//
// Everything is kept in Text, where a debugger finds it when no output works.
//
// Read Reporter.Exception first, then sections. In GDB: break
// crash.(*Reporter).Exception.
package crash

import (
	"vitrine/interrupts"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// Text is the last report, details included and, before that of a Go panic, what
// the runtime has printed; TextLen is how much of it there is. In GDB:
// vit panic; or, without our commands, x/s &'vitrine/kernel/crash.Text'.
var (
	Text    [64 << 10]byte
	TextLen int
)

// Reporter writes reports. Its exported fields are what it can ask about the
// machine; each but Put and Control may be missing.
type Reporter struct {
	// Put writes one byte to all outputs, Detail to those that keep what
	// scrolls away. They must work in any context.
	Put    func(c byte)
	Detail func(c byte)

	// Control reads the control registers 0, 2, 3 and 4.
	Control func() [4]uint64

	// Space is the kernel's page tables, Regions their purpose, Frames who
	// owns the memory; nil while there are none.
	Space   *paging.Space
	Regions *region.Set
	Frames  *frame.Allocator

	// Symbols says that lines can be told: the runtime's tables of lines can
	// be read on the current g. Functions can always be named.
	Symbols bool

	// Trace, if set, writes the stack trace of the interrupted goroutine g at
	// pc and sp, and those of the others, through Detail; it returns false if
	// it cannot.
	Trace func(g, pc, sp uintptr) bool

	// CPU is the index of this processor; Others returns where the i-th of all
	// processors was stopped: stopped is false if it was not, ok if there is
	// none or it is this one.
	CPU    func() int
	Others func(i int) (f *interrupts.Frame, stopped, ok bool)

	// Stack says whose interrupt stack ends at top: a processor's index.
	Stack func(top uint64) (cpu int, ok bool)

	// Event returns the i-th of the last trace events, the oldest first.
	Event func(i int) (Event, bool)

	// Log writes, through Line, the log that has not been shown yet.
	Log func()

	// After is the last line: what the machine does next. "" is: it is halted.
	After string

	frame   interrupts.Frame // a copy: its stack may be used again
	g       uintptr
	address uint64 // of a page fault
	control [4]uint64
	panics  bool // a Go panic, whose value and stacks the runtime has printed
	noFrame bool // without an exception behind it
	code    int32
	next    int  // section
	detail  bool // not for screens

	readablePage uint64 // 1 plus the number of the last one that was found readable; 0: none
}

// sections are the parts of a report, in order.
var sections = [...]func(*Reporter){
	(*Reporter).title,
	(*Reporter).what,
	(*Reporter).faultAddress,
	(*Reporter).where,
	(*Reporter).registers,
	(*Reporter).instructions,
	(*Reporter).trace,
	(*Reporter).callers,
	(*Reporter).others,
	(*Reporter).events,
	(*Reporter).log,
	(*Reporter).reading,
	(*Reporter).end,
}

// Exception writes the report of an exception that nothing survives; g is the
// goroutine that it interrupted, or 0.
//
// Context: a handler; allocates nothing.
func (r *Reporter) Exception(f *interrupts.Frame, g uintptr) {
	TextLen = 0
	r.control = r.Control()
	r.frame, r.g, r.address = *f, g, r.control[1]
	r.panics, r.noFrame = false, false
	r.next = 0
	r.run()
}

// Panic writes what a Go panic that nobody recovered leaves unsaid: the
// runtime has printed its value and the stacks; last is the exception behind
// it, if there was one.
//
// Context: any; allocates nothing.
func (r *Reporter) Panic(code int32, last *interrupts.LastPanic) {
	r.control = r.Control()
	r.panics, r.noFrame, r.code = true, last == nil || !last.Valid, code
	if !r.noFrame {
		r.frame, r.g, r.address = last.Frame, last.G, last.Address
	}
	r.next = 0
	r.run()
}

// Resume goes on after the section in which f happened.
//
// Context: a handler; allocates nothing.
func (r *Reporter) Resume(f *interrupts.Frame) {
	r.detail = false
	r.string("\n  (this part of the report failed: ")
	r.name(f)
	r.string(" at ")
	r.place(uintptr(f.IP))
	r.string(")\n")
	r.run()
}

// Sections is how many parts a report has: how often Resume makes sense.
const Sections = len(sections)

func (r *Reporter) run() {
	for r.next < len(sections) {
		section := sections[r.next]
		r.next++
		r.detail = false
		section(r)
	}
	r.detail = false
}

func (r *Reporter) title() {
	r.string("\n\x1b[97;41m *** KERNEL STOPPED BY ")
	if r.panics {
		r.string("A GO PANIC")
	} else {
		r.string("AN EXCEPTION")
	}
	r.string(" *** \x1b[0m")
	if r.CPU != nil {
		r.string(" on processor ")
		r.decimal(uint64(r.CPU()))
	}
	r.string("\n")
}

func (r *Reporter) end() {
	after := r.After
	if after == "" {
		after = "The machine is halted."
	}
	r.string(after)
	r.string("\n")
}
