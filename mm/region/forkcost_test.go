package region_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/paging/pagingtest"
	"vitrine/mm/region"
)

// watched is physical memory that counts who looks at it.
type watched struct {
	*pagingtest.Machine
	looks map[mm.Frame]int
	all   int
}

func (w *watched) Table(f mm.Frame) *paging.Table {
	if w.looks != nil {
		w.looks[f]++
		w.all++
	}
	return w.Machine.Table(f)
}

// forkOf forks an address space with so many tables, whose pages are all there.
// It returns how often the fork has looked at memory.
func forkOf(t *testing.T, tables int) int {
	pages := tables * 512
	w := &watched{Machine: pagingtest.New(pages + 2*tables + 20)}
	kernel, err := paging.Create(w, w, w)
	require.NoError(t, err)
	p := newProcess(t, w.Machine, &kernel)
	require.NoError(t, p.set.Add(region.Region{Range: pagesAt(data, uint64(pages)), Flags: urw, Name: "data"}))
	for i := range mm.VirtAddr(pages) {
		_, err := p.set.Fault(&p.space, w, data+i*page, region.User|region.Write)
		require.NoError(t, err)
	}
	child := newProcess(t, w.Machine, &kernel)
	before := w.InUse
	w.Flushed()
	w.Others = 0

	w.looks = map[mm.Frame]int{}
	require.NoError(t, p.set.Fork(&p.space, w, child.set, &child.space))
	looks := w.looks
	w.looks = nil

	require.Equal(t, 1+1+tables, w.InUse-before, "a PDPT, a PD, and the PTs")
	_, all := w.Flushed()
	require.Equal(t, tables, all, "the TLB is emptied once for each table")
	require.Equal(t, tables, w.Others, "and the other processors' with it")
	for m := range p.space.Visit {
		for f := m.Phys.Frame(); f < (m.Phys + mm.PhysAddr(m.Size)).Frame(); f++ {
			require.Zero(t, looks[f], "a page was read or written")
		}
	}
	child.end()
	p.end()
	return w.all
}

func TestAForkLooksAtTablesOnlyAndAsOftenForEach(t *testing.T) {
	one, two, eight := forkOf(t, 1), forkOf(t, 2), forkOf(t, 8)
	each := two - one
	require.Equal(t, one+7*each, eight)
	require.Less(t, each, 64, "for 512 pages")
	t.Logf("%d looks at tables, and %d for each more of them", one, each)
}
