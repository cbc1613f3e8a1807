package region_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/paging/pagingtest"
	"vitrine/mm/region"
)

const (
	rw   = paging.Writable | paging.NoExecute
	base = mm.WindowBase
)

func pages(first, n uint64) mm.VirtRange {
	start := base + mm.VirtAddr(first*mm.PageSize)
	return mm.VirtRange{Start: start, End: start + mm.VirtAddr(n*mm.PageSize)}
}

func TestTheFirstAccessToAPageGetsAZeroedFrame(t *testing.T) {
	m := pagingtest.New(16)
	s, err := paging.Create(m, m, m)
	require.NoError(t, err)
	var set region.Set
	require.NoError(t, set.Add(region.Region{Range: pages(0, 8), Flags: rw, Name: "test"}))
	served, err := set.Fault(&s, m, base+0x1234, region.Write)
	require.NoError(t, err)
	require.True(t, served)
	p, err := s.Translate(base + 0x1234)
	require.NoError(t, err)
	require.Equal(t, paging.Table{}, *m.Table(p.Frame()))
	require.NoError(t, set.Remove(&s, m, base))
	require.Equal(t, 2, m.InUse, "the root, and the table that processes may share")
}
