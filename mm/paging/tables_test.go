package paging_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/paging/pagingtest"
)

func TestEachTableIsFoundOnce(t *testing.T) {
	m := pagingtest.New(32)
	s, err := paging.Create(m, m, m)
	require.NoError(t, err)
	const rw, page = paging.Writable | paging.NoExecute, mm.PageSize
	require.NoError(t, s.Map(0x40_0000, 0x1000, page, rw, paging.Pages4K))
	require.NoError(t, s.Map(0x60_0000, 0x2000, page, rw, paging.Pages4K))
	require.NoError(t, s.Map(mm.UserEnd-page, 0x3000, page, rw, paging.Pages4K))
	require.NoError(t, s.Map(mm.DirectMapBase, 0, mm.LargePageSize, rw, paging.Pages2M))
	require.NoError(t, s.Map(^mm.VirtAddr(page-1), 0x4000, page, rw, paging.Pages4K))

	const end = ^mm.VirtAddr(0)
	found := map[mm.Frame]paging.Level{s.Root(): paging.PML4}
	list := func(level paging.Level) (starts []mm.VirtAddr) {
		f, start, ok := s.NextTable(0, end, level)
		for ok {
			require.NotContains(t, found, f)
			found[f] = level
			starts = append(starts, start)
			last := start + mm.VirtAddr((level+1).Span()-1)
			if last == end {
				break
			}
			f, start, ok = s.NextTable(last+1, end, level)
		}
		return starts
	}
	const top = mm.UserEnd - mm.LargePageSize
	require.Equal(t, []mm.VirtAddr{0x40_0000, 0x60_0000, top, ^mm.VirtAddr(mm.LargePageSize - 1)}, list(paging.PT))
	require.Equal(t, []mm.VirtAddr{0, mm.UserEnd - 1<<30, mm.DirectMapBase, ^mm.VirtAddr(1<<30 - 1)}, list(paging.PD))
	require.Len(t, list(paging.PDPT), 4)
	require.Len(t, found, m.InUse)

	_, _, ok := s.NextTable(0x80_0000, top-1, paging.PT)
	require.False(t, ok)
	_, start, ok := s.NextTable(0x41_0000, end, paging.PT)
	require.True(t, ok, "the table around the first address counts")
	require.EqualValues(t, 0x40_0000, start)
}
