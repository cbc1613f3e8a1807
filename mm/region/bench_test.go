package region_test

import (
	"testing"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

func BenchmarkDemandZeroFault(b *testing.B) {
	m, s, set := world(b, 10)
	_ = set.Add(region.Region{Range: pages(0, 4), Flags: rw})
	for b.Loop() {
		_, _ = set.Fault(s, m, base, region.Write)
		p, _ := s.Translate(base)
		_ = s.Unmap(base, page)
		_ = m.Free(p.Frame())
	}
}

func BenchmarkFind(b *testing.B) {
	_, _, set := world(b, 0)
	for i := range uint64(region.Capacity) {
		_ = set.Add(region.Region{Range: pages(i*2, 1), Flags: paging.NoExecute})
	}
	for b.Loop() {
		_, _ = set.Find(base + mm.VirtAddr(100*page))
	}
}
