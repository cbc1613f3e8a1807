package paging_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/paging/pagingtest"
)

func takeWorld(t *testing.T) (*pagingtest.Machine, *paging.Space) {
	m := pagingtest.New(32)
	s, err := paging.Create(m, m, m)
	require.NoError(t, err)
	m.Flushed()
	return m, &s
}

func TestTakeUnmapsAndTellsWhatItWas(t *testing.T) {
	const rw, page = paging.Writable | paging.NoExecute, mm.PageSize
	m, s := takeWorld(t)
	for i, p := range []mm.PhysAddr{0x1000, 0x2000, 0x9000} {
		require.NoError(t, s.Map(mm.VirtAddr(0x40_0000+i*2*page), p, page, rw, paging.Pages4K))
	}
	require.NoError(t, s.Map(0x40_1000, 0x8000, page, rw, paging.Pages4K))
	var list [4]paging.Mapping
	n, err := s.Take(0x40_0000, 0x40_5fff, list[:2])
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.Equal(t, 1, m.Others, "one message to the others for all pages")
	for i, want := range []paging.Mapping{
		{Start: 0x40_0000, Phys: 0x1000, Size: page, Flags: rw | paging.Present, Level: paging.Pages4K},
		{Start: 0x40_1000, Phys: 0x8000, Size: page, Flags: rw | paging.Present, Level: paging.Pages4K},
	} {
		require.Equal(t, want, list[i])
		_, err := s.Translate(want.Start)
		require.Error(t, err)
	}
	n, err = s.Take(0x40_0000, 0x40_5fff, list[:])
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.Equal(t, mm.VirtAddr(0x40_4000), list[1].Start)
	require.Equal(t, 1, m.InUse, "the root")
	n, err = s.Take(0x40_0000, 0x40_5fff, list[:])
	require.NoError(t, err)
	require.Zero(t, n)
	_, err = s.Take(0x40_0800, 0x40_5fff, list[:])
	require.ErrorIs(t, err, paging.ErrAlign)
}

func TestTakeSplitsLargePagesOrLeavesThem(t *testing.T) {
	const rw = paging.Writable | paging.NoExecute
	m, s := takeWorld(t)
	require.NoError(t, s.Map(0x40_0000, 0x80_0000, 2*mm.LargePageSize, rw, paging.Pages2M))
	budget := m.Budget
	m.Budget = 1
	var list [2]paging.Mapping
	n, err := s.Take(0x50_0000, 0x6f_ffff, list[:])
	require.ErrorIs(t, err, paging.ErrNoMemory)
	require.Zero(t, n)
	_, err = s.Translate(0x50_0000)
	require.NoError(t, err)
	m.Budget = budget - 1
	n, err = s.Take(0x50_0000, 0x6f_ffff, list[:])
	require.NoError(t, err)
	sum := uint64(0)
	for _, m := range list[:n] {
		require.Equal(t, m.Phys, mm.PhysAddr(m.Start+0x40_0000))
		sum += m.Size
	}
	require.EqualValues(t, 0x20_0000, sum)
	p, err := s.Translate(0x70_0000)
	require.NoError(t, err)
	require.EqualValues(t, 0xb0_0000, p)
}

func TestTakeDoesNotAllocate(t *testing.T) {
	_, s := takeWorld(t)
	require.NoError(t, s.Map(0x40_0000, 0x80_0000, mm.PageSize, paging.NoExecute, paging.Pages4K))
	require.Zero(t, testing.AllocsPerRun(10, func() {
		var list [8]paging.Mapping
		_ = s.Map(0x40_1000, 0x80_0000, mm.PageSize, paging.NoExecute, paging.Pages4K)
		_, _ = s.Take(0x40_1000, 0x40_1fff, list[:])
	}))
}
