package audit

import (
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// regions checks that s maps in each region what belongs there.
func (r *run) regions(s Space) {
	for want := range s.Regions.Visit {
		r.Regions++
		if want.Kind == region.Guard {
			r.Guards++
		}
		last := want.Range.End - 1
		for v := want.Range.Start; ; {
			m, ok := s.Tables.Next(v, last)
			if !ok {
				break
			}
			if what := wrong(want, m.Flags); what != "" && there(s, want) {
				r.violation(s.Name, m.Start, m.Phys, what+", in region "+want.Name)
			}
			if m.Last() >= last {
				break
			}
			v = m.Last() + 1
		}
	}
}

// wrong says what is wrong with a page with these flags in a region; nothing
// is if the text is empty.
func wrong(r region.Region, flags paging.Entry) string {
	const more = paging.Writable | paging.User
	switch {
	case r.Kind == region.Guard:
		return "a guard page is mapped"
	case flags&^r.Flags&more != 0 || r.Flags&^flags&paging.NoExecute != 0:
		return "more rights than the region's"
	}
	return ""
}

// there tells whether the region is still as it was.
func there(s Space, r region.Region) bool {
	now, ok := s.Regions.Find(mm.VirtAddr(r.Range.Start))
	now.Pages = r.Pages
	return ok && now == r
}

// stacks checks that each stack of s is all there, and has a guard page below.
func (r *run) stacks(s Space) {
	for _, end := range s.Stacks {
		r.Stacks++
		stack, ok := s.Regions.Find(end - 1)
		guard, below := s.Regions.Find(stack.Range.Start - 1)
		if !ok || !below || guard.Kind != region.Guard {
			r.violation(s.Name, end, 0, "the end of a stack without a guard page below it")
			continue
		}
		for v := stack.Range.Start; v < end; v += mm.PageSize {
			if m, ok := s.Tables.Next(v, v); !ok || !m.Flags.Has(paging.Writable) {
				r.violation(s.Name, v, 0, "a page of a stack that cannot be written")
			}
		}
	}
}
