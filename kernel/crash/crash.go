// Package crash writes the last page: what happened, where, and how the kernel
// got there.
//
// A report is written when nothing can be trusted any more, perhaps on an
// interrupt stack, perhaps in the middle of an allocation. So this package
// allocates nothing, takes no lock, believes no pointer that it has not looked
// up in the page tables, and formats its numbers itself.
//
// What it writes goes, byte by byte, to the output that it was given, and to
// Text, where a debugger finds it when no output works.
//
// Read Reporter.Exception first. In GDB: break crash.(*Reporter).Exception.
package crash

import (
	"vitrine/interrupts"
	"vitrine/kernel/symbol"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// Text is the beginning of the last report, as it was written; TextLen is how
// much of it. In GDB: p (char*)&'vitrine/kernel/crash.Text'.
var (
	Text    [8192]byte
	TextLen int
)

// Reporter writes reports. Its fields are what it can ask about the machine.
type Reporter struct {
	// Put writes one byte. It must work in any context.
	Put func(c byte)

	// Control reads the control registers 0, 2, 3 and 4.
	Control func() [4]uint64

	// Space is the kernel's page tables, Regions their purpose; nil while
	// there are none.
	Space   *paging.Space
	Regions *region.Set

	// Symbols says that functions can be named: the runtime's tables can be
	// read on the current g.
	Symbols bool

	// Trace, if set, writes the stack trace of the interrupted goroutine g at
	// pc and sp, and those of the others; it returns false if it cannot.
	Trace func(g, pc, sp uintptr) bool
}

// Exception writes the report of an exception that nothing survives.
//
// Context: a handler; allocates nothing.
func (r *Reporter) Exception(f *interrupts.Frame, g uintptr) {
	TextLen = 0
	r.title("KERNEL STOPPED BY AN EXCEPTION")
	r.what(f, r.Control()[1])
	r.where(f)
	r.registers(f)
	r.trace(f, g)
	r.string("The machine is halted.\n")
}

// Panic writes what a Go panic that nobody recovered leaves unsaid: the
// runtime has printed its value and the stacks; last is the exception behind
// it, if there was one.
//
// Context: any; allocates nothing.
func (r *Reporter) Panic(code int32, last *interrupts.LastPanic) {
	TextLen = 0
	r.title("KERNEL STOPPED BY A GO PANIC")
	if last != nil && last.Valid {
		r.string("The panic began as an exception:\n")
		r.what(&last.Frame, last.Address)
		r.where(&last.Frame)
		r.registers(&last.Frame)
	} else {
		r.string("exit code ")
		r.decimal(uint64(uint32(code)))
		r.string("; what panicked, and where, stands above.\n")
	}
	r.string("The machine is halted.\n")
}

func (r *Reporter) title(s string) {
	r.string("\n\x1b[97;41m *** ")
	r.string(s)
	r.string(" *** \x1b[0m\n")
}

// what says in words what happened.
func (r *Reporter) what(f *interrupts.Frame, address uint64) {
	e, ok := interrupts.ExceptionOf(uint8(f.Vector))
	if !ok {
		r.string("vector ")
		r.decimal(f.Vector)
		r.string("\n")
		return
	}
	r.string(e.Mnemonic)
	r.string(" ")
	r.string(e.Name)
	r.string(" (vector ")
	r.decimal(f.Vector)
	if e.HasError {
		r.string(", error code ")
		r.hex(f.Error)
	}
	r.string(")\n")
	switch {
	case f.Vector == interrupts.PageFault:
		var b [96]byte
		r.bytes(region.ErrorCode(f.Error).Append(b[:0]))
		r.string("\n  address ")
		r.hex64(address)
		r.string(": ")
		r.string(r.near(mm.VirtAddr(address)))
		r.string("\n")
	case e.HasError && f.Error != 0:
		r.string(interrupts.SelectorError(f.Error).Table())
		r.string(" entry ")
		r.decimal(f.Error >> 3 & 0x1fff)
		if f.Error&1 != 0 {
			r.string(", while an external event was delivered")
		}
		r.string("\n")
	}
}

// near says what part of the address space v is in.
func (r *Reporter) near(v mm.VirtAddr) string {
	if r.Regions != nil {
		if reg, ok := r.Regions.Find(v); ok {
			return reg.Name
		}
	}
	switch {
	case !v.Canonical():
		return "not a canonical address"
	case v < mm.PageSize:
		return "a nil pointer"
	case v < mm.UserEnd:
		return "user space, empty in the kernel's tables"
	case v < mm.WindowBase:
		return "direct map of physical memory"
	case v < mm.HeapBase:
		return "kernel window"
	case v < mm.HeapEnd:
		return "Go heap"
	case v >= mm.ImageBase:
		return "kernel image"
	}
	return "nothing is there"
}

// where says which instruction was interrupted.
func (r *Reporter) where(f *interrupts.Frame) {
	r.string("at ")
	r.place(uintptr(f.IP))
	r.string("\n")
}

// place writes an address of code with what the symbol table says about it.
func (r *Reporter) place(pc uintptr) {
	r.hex64(uint64(pc))
	if !r.Symbols {
		return
	}
	if p, ok := symbol.Lookup(pc); ok {
		r.string(" ")
		r.string(p.Function)
		r.string("+")
		r.hex(uint64(p.Offset))
		r.string("\n   ")
		r.string(p.File)
		r.string(":")
		r.decimal(uint64(p.Line))
	}
}

// registers writes the interrupted program's registers, and the processor's.
func (r *Reporter) registers(f *interrupts.Frame) {
	cr := r.Control()
	for i, w := range [...]struct {
		name  string
		value uint64
	}{
		{"RAX", f.AX}, {"RBX", f.BX}, {"RCX", f.CX},
		{"RDX", f.DX}, {"RSI", f.SI}, {"RDI", f.DI},
		{"RBP", f.BP}, {"RSP", f.SP}, {"R8 ", f.R8},
		{"R9 ", f.R9}, {"R10", f.R10}, {"R11", f.R11},
		{"R12", f.R12}, {"R13", f.R13}, {"R14", f.R14},
		{"R15", f.R15}, {"RIP", f.IP}, {"FLG", f.Flags},
		{"CS ", f.CS}, {"SS ", f.SS}, {"CR0", cr[0]},
		{"CR2", cr[1]}, {"CR3", cr[2]}, {"CR4", cr[3]},
	} {
		r.string(w.name)
		r.string(" ")
		r.hex64(w.value)
		if i%3 == 2 {
			r.string("\n")
		} else {
			r.string("  ")
		}
	}
}

// maxFrames bounds the walk along frame pointers, which may be a circle.
const maxFrames = 32

// trace writes who called whom: by the runtime if it can, else along the frame
// pointers.
func (r *Reporter) trace(f *interrupts.Frame, g uintptr) {
	if r.Trace != nil && g != 0 && r.Trace(g, uintptr(f.IP), uintptr(f.SP)) {
		return
	}
	r.string("callers, by frame pointers:\n")
	bp := f.BP
	for range maxFrames {
		if bp&7 != 0 || !r.readable(bp) || !r.readable(bp+8) {
			return
		}
		record := (*[2]uint64)(mm.VirtAddr(bp).Pointer())
		if record[1] == 0 {
			return
		}
		r.string(" ")
		r.place(uintptr(record[1]))
		r.string("\n")
		if record[0] <= bp { // callers' frames lie above
			return
		}
		bp = record[0]
	}
}

// readable tells whether the 8 bytes at a, aligned, can be read.
func (r *Reporter) readable(a uint64) bool {
	if r.Space == nil || mm.VirtAddr(a) < mm.UserEnd {
		return false
	}
	_, err := r.Space.Translate(mm.VirtAddr(a))
	return err == nil
}
