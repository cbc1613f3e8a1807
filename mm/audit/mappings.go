package audit

import (
	"vitrine/mm"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
)

// visit calls yield with each of s's own mappings.
func visit(s Space, kernel bool, yield func(paging.Mapping)) {
	last := own(kernel)
	for v := mm.VirtAddr(0); ; {
		m, ok := s.Tables.Next(v, last)
		if !ok {
			return
		}
		yield(m)
		if m.Last() >= last {
			return
		}
		v = m.Last() + 1
	}
}

// findCode notes which memory can be executed.
func (r *run) findCode(s Space, kernel bool) {
	visit(s, kernel, func(m paging.Mapping) {
		if !m.Flags.Has(paging.NoExecute) {
			r.code = append(r.code, mm.PhysRange{Start: m.Phys, End: m.Phys + mm.PhysAddr(m.Size)})
			r.Executable += m.Size
		}
	})
}

// mappings checks all that s maps.
func (r *run) mappings(s Space, kernel bool) {
	visit(s, kernel, func(m paging.Mapping) {
		r.Mappings++
		r.rights(s, m, kernel)
		if _, direct := m.Start.InDirectMap(); !direct {
			r.owners(s, m)
		}
	})
}

// rights checks what may be done with a mapping.
func (r *run) rights(s Space, m paging.Mapping, kernel bool) {
	upper := m.Start >= mm.DirectMapBase
	bad := func(what string) { r.violation(s.Name, m.Start, m.Phys, what) }
	writable, executable := m.Flags.Has(paging.Writable), !m.Flags.Has(paging.NoExecute)
	if writable && executable {
		bad("writable and executable")
	}
	if p, direct := m.Start.InDirectMap(); direct && p != m.Phys {
		bad("in the direct map, where another address belongs")
	}
	if upper && m.Start < mm.ImageBase && executable {
		bad("executable, outside of the kernel's image")
	}
	if upper && m.Flags.Has(paging.User) {
		bad("open to user mode, in the upper half")
	}
	if !upper && m.Flags.Has(paging.Global) {
		bad("global, in the lower half")
	}
	if kernel && !upper {
		bad("in the lower half of the kernel's tables")
	}
	if !writable || executable {
		return
	}
	memory := mm.PhysRange{Start: m.Phys, End: m.Phys + mm.PhysAddr(m.Size)}
	for _, c := range r.code {
		if c.Overlaps(memory) {
			at := max(c.Start, memory.Start)
			r.violation(s.Name, m.Start+mm.VirtAddr(at-m.Phys), at, "writable here, and executable elsewhere")
		}
	}
}

// uncached are the flags of a mapping of device memory.
const uncached = paging.CacheDisable | paging.WriteThrough

// owners checks whose the frames of a mapping are. Memory that is not RAM is a
// device's, and not mapped as RAM is.
func (r *run) owners(s Space, m paging.Mapping) {
	device := m.Flags&uncached != 0
	for at := uint64(0); at < m.Size; at += mm.PageSize {
		v, p := m.Start+mm.VirtAddr(at), m.Phys+mm.PhysAddr(at)
		still := func() bool {
			now, err := s.Tables.Translate(v)
			return err == nil && now == p
		}
		state, bad := r.state(p.Frame(), still, frame.Used, frame.Reserved)
		switch {
		case bad && state == frame.NotRAM && device:
			continue
		case bad:
			r.violation(s.Name, v, p, "mapped, but the frame is "+state.String())
		case marked(r.tables, p.Frame()) && r.uses(p.Frame()) > 0 && still():
			r.violation(s.Name, v, p, "a page table, mapped as a page")
		case m.Flags.Has(paging.User) && (state == frame.Reserved || r.kernels(p.Frame())) && still():
			r.violation(s.Name, v, p, "open to user mode, but the frame is the kernel's")
		}
		if !mark(r.pages, p.Frame()) {
			r.Frames++
			if state == frame.Used {
				r.used++
			}
		} else if state == frame.Used {
			r.again[p.Frame()] = twice{s.Name, v}
		}
	}
}

// kernels tells whether the kernel itself maps f, outside of the direct map.
func (r *run) kernels(f mm.Frame) (found bool) {
	if !marked(r.kernel, f) {
		return false
	}
	visit(r.spaces[0], true, func(m paging.Mapping) {
		_, direct := m.Start.InDirectMap()
		first, n := m.Phys.Frame(), m.Size/mm.PageSize
		found = found || !direct && f >= first && uint64(f-first) < n
	})
	return found
}
