package crash

import (
	"vitrine/interrupts"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// faultAddress says where the address of a page fault lies, and how the
// processor looked it up.
func (r *Reporter) faultAddress() {
	if r.noFrame || r.frame.Vector != interrupts.PageFault {
		return
	}
	v := mm.VirtAddr(r.address)
	r.string("  address ")
	r.hex64(r.address)
	r.string(": ")
	r.string(r.near(v))
	r.string("\n")
	r.detail = true
	r.walk(v)
	r.behind(v)
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
		if last, n := r.lastStep(v); n > 0 && last.Entry.Has(paging.Present) {
			return "user space"
		}
		return "user space, empty in the kernel's tables"
	case v < mm.WindowBase:
		return "direct map of physical memory"
	case v < mm.HeapBase:
		return "kernel window"
	case v < mm.HeapEnd:
		return "Go heap"
	case v >= mm.ImageBase:
		if last, n := r.lastStep(v); n > 0 && !last.Entry.Has(paging.Present) {
			return "behind the kernel image"
		}
		return "kernel image"
	}
	return "nothing is there"
}

// isGuard tells whether v is in a page that is there to stop somebody.
func (r *Reporter) isGuard(v mm.VirtAddr) bool {
	if r.Regions == nil {
		return false
	}
	reg, ok := r.Regions.Find(v)
	return ok && reg.Kind == region.Guard
}

// guard completes the sentence about a guard page with the stack above it.
func (r *Reporter) guard() {
	v := mm.VirtAddr(r.address)
	if !r.isGuard(v) || region.ErrorCode(r.frame.Error).Has(region.Reserved) {
		return
	}
	page, _ := r.Regions.Find(v)
	stack, ok := r.Regions.Find(page.Range.End)
	if !ok || stack.Kind == region.Guard {
		r.string("of nothing.")
		return
	}
	r.string("below the ")
	r.string(stack.Name)
	if r.Stack != nil {
		if i, ok := r.Stack(uint64(stack.Range.End)); ok {
			r.string(" of processor ")
			r.decimal(uint64(i))
		}
	}
	r.string(".")
}

// walk writes the entries that the processor read on its way to v.
func (r *Reporter) walk(v mm.VirtAddr) {
	if r.Space == nil {
		return
	}
	r.string("  the walk to it, as the tables are now:\n")
	steps, n := r.Space.Walk(v)
	if n == 0 {
		r.string("    none: the address is not canonical\n")
		return
	}
	for i := range n {
		s := &steps[i]
		r.string("    ")
		name := s.Level.String()
		r.string(name)
		r.spaces(5 - len(name))
		r.string("entry ")
		r.padded(uint64(s.Index), 3)
		r.string(" at ")
		r.hex64(uint64(s.Address))
		r.string(" = ")
		r.hex64(uint64(s.Entry))
		r.string("  ")
		var b [24]byte
		r.bytes(s.Entry.Append(b[:0]))
		r.string("\n")
	}
	last := &steps[n-1]
	r.string("    ")
	switch code := region.ErrorCode(r.frame.Error); {
	case !last.Entry.Has(paging.Present):
		r.string("that one is not present, which ended the walk")
	case code.Has(region.Reserved):
		r.string("one of them has a bit set that must be 0")
	case !code.Has(region.Present):
		r.string("it is present now; it was not when the fault happened")
	case code.Has(region.Fetch) && last.Rights.Has(paging.NoExecute):
		r.string("NX on the way forbids to execute")
	case code.Has(region.Write) && !last.Rights.Has(paging.Writable):
		r.string("W is missing on the way, which forbids to write")
	case code.Has(region.User) && !last.Rights.Has(paging.User):
		r.string("U is missing on the way, which forbids user mode")
	case !code.Has(region.User) && last.Rights.Has(paging.User):
		r.string("U belongs to user mode: SMEP and SMAP keep the kernel out")
	default:
		r.string("it allows the access now")
	}
	r.string("\n")
}

// behind says which physical frame v stands for, if any, and whose it is.
func (r *Reporter) behind(v mm.VirtAddr) {
	if r.Space == nil || r.Frames == nil {
		return
	}
	p, err := r.Space.Translate(v)
	if err != nil {
		direct, ok := v.InDirectMap()
		if !ok {
			return
		}
		p = direct
	}
	r.string("  physical address ")
	r.hex(uint64(p))
	r.string(", a frame that is ")
	r.string(r.Frames.State(p.Frame()).String())
	r.string("\n")
}
