package audit

import (
	"vitrine/mm"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
)

// attempts is how often a state that looks wrong is looked at before it is
// believed: the frame may have changed hands between two looks.
const attempts = 4

// visitTables calls yield with each of s's own tables, but for the root: its
// level, the first address that it is for, and its frame.
func visitTables(s Space, kernel bool, yield func(paging.Level, mm.VirtAddr, mm.Frame)) {
	last := own(kernel)
	for level := paging.PDPT; level >= paging.PT; level-- {
		span := mm.VirtAddr((level + 1).Span())
		for v := mm.VirtAddr(0); ; {
			f, start, ok := s.Tables.NextTable(v, last, level)
			if !ok {
				break
			}
			yield(level, start, f)
			if v = start + (span - 1); v >= last {
				break
			}
			v++
		}
	}
}

// findTables notes which frames hold s's tables, and checks that they are in use.
func (r *run) findTables(s Space, kernel bool) {
	r.table(s, 0, s.Tables.Root(), func() bool { return true })
	visitTables(s, kernel, func(level paging.Level, v mm.VirtAddr, f mm.Frame) {
		r.table(s, v, f, func() bool {
			now, _, ok := s.Tables.NextTable(v, v, level)
			return ok && now == f
		})
	})
}

// table notes a table in f, on the way to v; still tells whether it is there
// yet.
func (r *run) table(s Space, v mm.VirtAddr, f mm.Frame, still func() bool) {
	r.Tables++
	if mark(r.tables, f) && r.uses(f) > 1 {
		r.violation(s.Name, v, f.Addr(), "a frame holds two page tables")
	}
	if state, bad := r.state(f, still, frame.Used); bad {
		r.violation(s.Name, v, f.Addr(), "a page table, but the frame is "+state.String())
	}
}

// uses returns how many tables are in f now.
func (r *run) uses(f mm.Frame) (n int) {
	for i, s := range r.spaces {
		if s.Tables.Root() == f {
			n++
		}
		visitTables(s, i == 0, func(_ paging.Level, _ mm.VirtAddr, at mm.Frame) {
			if at == f {
				n++
			}
		})
	}
	return n
}

// state returns f's state, and whether it is a bad one: none of those allowed,
// while still says that it is in use.
func (r *run) state(f mm.Frame, still func() bool, allowed ...frame.State) (state frame.State, bad bool) {
	for range attempts {
		state = r.frames.State(f)
		for _, a := range allowed {
			if state == a {
				return state, false
			}
		}
		if !still() {
			return state, false
		}
	}
	return state, true
}

// upperHalf checks that s shares each table of the upper half with the kernel:
// what one of them maps there, the others must see.
func (r *run) upperHalf(s Space) {
	for v := mm.DirectMapBase; v != 0; v += mm.VirtAddr(paging.PML4.Span()) {
		f, _, ok := s.Tables.NextTable(v, v, paging.PDPT)
		kernels, _, has := r.spaces[0].Tables.NextTable(v, v, paging.PDPT)
		if f != kernels || ok != has {
			r.violation(s.Name, v, f.Addr(), "a part of the upper half that is not the kernel's")
		}
	}
}
