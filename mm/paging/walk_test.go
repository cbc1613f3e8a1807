package paging_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/paging/pagingtest"
)

func TestWalkShowsEachEntryOnTheWay(t *testing.T) {
	_, s := space(t, 3)
	v := mm.VirtAddr(0x0000_0080_c0a0_9678) // entries 1, 3, 5 and 9
	require.NoError(t, s.Map(v.AlignDown(4*kib), 0x1234_5000, 4*kib, ro|paging.User, paging.Pages4K))
	table := func(i mm.Frame) mm.PhysAddr { return (pagingtest.First + i).Addr() }
	link := paging.Present | paging.Writable | paging.User
	steps, n := s.Walk(v)
	require.Equal(t, 4, n)
	require.Equal(t, [4]paging.Step{
		{paging.PML4, 1, table(0) + 1*8, paging.Entry(table(1)) | link, paging.Writable | paging.User},
		{paging.PDPT, 3, table(1) + 3*8, paging.Entry(table(2)) | link, paging.Writable | paging.User},
		{paging.PD, 5, table(2) + 5*8, paging.Entry(table(3)) | link, paging.Writable | paging.User},
		{paging.PT, 9, table(3) + 9*8, 0x1234_5000 | paging.Present | ro | paging.User, ro | paging.User},
	}, steps)
}

func TestWalkEndsWhereNothingIsPresentOrAPageIsMapped(t *testing.T) {
	_, s := space(t, 3)
	_, n := s.Walk(mm.UserEnd)
	require.Zero(t, n)
	steps, n := s.Walk(low)
	require.Equal(t, 1, n)
	require.Equal(t, paging.PML4, steps[0].Level)
	require.Zero(t, steps[0].Entry)
	require.NoError(t, s.Map(low, 0, 2*mib, rw, paging.Pages2M))
	steps, n = s.Walk(low)
	require.Equal(t, 3, n)
	require.Equal(t, paging.PD, steps[2].Level)
	require.True(t, steps[2].Entry.Has(paging.Large))
}

func TestARightThatIsMissingOnOneLevelIsMissing(t *testing.T) {
	m, s := space(t, 3)
	require.NoError(t, s.Map(low, 0, 4*kib, paging.User, paging.Pages4K))
	steps, _ := s.Walk(low)
	pdpt := &m.Table(steps[1].Address.Frame())[steps[1].Index]
	*pdpt = *pdpt&^paging.User | paging.NoExecute
	steps, _ = s.Walk(low)
	require.Equal(t, paging.Writable|paging.User, steps[0].Rights)
	require.Equal(t, paging.Writable|paging.NoExecute, steps[1].Rights)
	require.Equal(t, paging.NoExecute, steps[3].Rights)
	require.Equal(t, paging.Present|paging.NoExecute, mappings(s)[0].Flags)
}

func TestAnEntryIsPrintedAsItsFlags(t *testing.T) {
	require.Equal(t, "- - - - - - - - - --", paging.Entry(0).String())
	require.Equal(t, "P W - - - A D - G NX", (0x1234_5000 | paging.Present | paging.Writable |
		paging.Accessed | paging.Dirty | paging.Global | paging.NoExecute).String())
	require.Equal(t, "P W U T C A D L G NX", (^paging.Entry(0)).String())
	buffer := make([]byte, 0, 24)
	require.Zero(t, testing.AllocsPerRun(10, func() { buffer = paging.Present.Append(buffer[:0]) }))
}

func TestAnEntryIsAFrameAndFlags(t *testing.T) {
	e := paging.Entry(0x800a_bcde_f123_4967)
	require.Equal(t, mm.Frame(0xa_bcde_f123_4), e.Frame())
	require.Equal(t, paging.Entry(0x8000_0000_0000_0967), e.Flags())
	require.True(t, e.Has(paging.Present|paging.NoExecute))
	require.False(t, e.Has(paging.Present|paging.WriteThrough))
}

func TestALevelKnowsItsNameAndSpan(t *testing.T) {
	for level, want := range map[paging.Level]struct {
		name string
		span uint64
	}{
		paging.PT: {"PT", 4 * kib}, paging.PD: {"PD", 2 * mib}, paging.PDPT: {"PDPT", gib}, paging.PML4: {"PML4", 512 * gib},
	} {
		require.Equal(t, want.name, level.String())
		require.Equal(t, want.span, level.Span())
	}
	require.Equal(t, "no level", paging.Level(0).String())
}

func TestNextStaysInTheRangeAskedFor(t *testing.T) {
	_, s := space(t, 10)
	require.NoError(t, s.Map(low, 0, 4*mib, rw, paging.Pages2M))
	_, ok := s.Next(low-gib, low-1)
	require.False(t, ok)
	m, ok := s.Next(low-gib, low)
	require.True(t, ok)
	require.Equal(t, paging.Mapping{Start: low, Size: 4 * kib, Flags: paging.Present | rw, Level: paging.Pages2M}, m)
	m, ok = s.Next(low+mib+123, low+3*mib+123)
	require.True(t, ok)
	require.Equal(t, paging.Mapping{
		Start: low + mib, Phys: mib, Size: 2*mib + 4*kib, Flags: paging.Present | rw, Level: paging.Pages2M,
	}, m)
	require.Equal(t, low+3*mib+4*kib-1, m.Last())
	_, ok = s.Next(low+4*mib, ^mm.VirtAddr(0))
	require.False(t, ok)
	_, ok = s.Next(mm.UserEnd, mm.UserEnd+1)
	require.False(t, ok)
}

func TestVisitJoinsPagesThatContinueEachOther(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Map(low, 0, 4*kib, rw, paging.Pages4K))
	require.NoError(t, s.Map(low+4*kib, 4*kib, 4*kib, rw, paging.Pages4K))
	require.NoError(t, s.Map(low+8*kib, 8*kib, 4*kib, ro, paging.Pages4K))  // other flags
	require.NoError(t, s.Map(low+12*kib, 0, 4*kib, ro, paging.Pages4K))     // other memory
	require.NoError(t, s.Map(low+20*kib, 4*kib, 4*kib, ro, paging.Pages4K)) // other place
	steps, _ := s.Walk(low)
	m.Table(steps[3].Address.Frame())[steps[3].Index] |= paging.Accessed // makes no difference
	starts := []mm.VirtAddr{}
	for _, m := range mappings(s) {
		starts = append(starts, m.Start-low)
	}
	require.Equal(t, []mm.VirtAddr{0, 8 * kib, 12 * kib, 20 * kib}, starts)
	calls := 0
	s.Visit(func(paging.Mapping) bool { calls++; return calls < 2 })
	require.Equal(t, 2, calls)
}
