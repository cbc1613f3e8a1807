package paging_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
)

func TestUnmappingEverythingFreesEveryTable(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Map(low, 0, 4*mib+4*kib, rw, paging.Pages2M))
	require.Equal(t, 1+3, m.InUse)
	require.NoError(t, s.Unmap(low, 4*mib+4*kib))
	require.Equal(t, 1, m.InUse)
	flushed(t, m, low, low+2*mib, low+4*mib)
}

func TestTablesInUseStay(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Map(low, 0, 8*kib, rw, paging.Pages4K))
	require.NoError(t, s.Unmap(low, 4*kib))
	require.Equal(t, 4, m.InUse)
	_, err := s.Translate(low + 4*kib)
	require.NoError(t, err)
	flushed(t, m, low)
}

func TestUnmapPassesOverWhatIsNotMapped(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Unmap(low, gib))
	nothingFlushed(t, m)
	require.NoError(t, s.Map(low+gib, 0, 4*kib, rw, paging.Pages4K))
	require.NoError(t, s.Unmap(0, 1<<47))
	require.Equal(t, 1, m.InUse)
	flushed(t, m, low+gib)
}

func TestUnmapSplitsALargePageThatItTakesOnlyAPartOf(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Map(low, 4*gib, gib, rw|paging.User, paging.Pages1G))
	require.NoError(t, s.Unmap(low+4*mib+4*kib, 4*kib))
	flags := paging.Present | rw | paging.User
	require.Equal(t, []paging.Mapping{
		{Start: low, Phys: 4 * gib, Size: 4 * mib, Flags: flags, Level: paging.Pages2M},
		{Start: low + 4*mib, Phys: 4*gib + 4*mib, Size: 4 * kib, Flags: flags, Level: paging.Pages4K},
		{Start: low + 4*mib + 8*kib, Phys: 4*gib + 4*mib + 8*kib, Size: 2*mib - 8*kib, Flags: flags, Level: paging.Pages4K},
		{Start: low + 6*mib, Phys: 4*gib + 6*mib, Size: gib - 6*mib, Flags: flags, Level: paging.Pages2M},
	}, mappings(s))
	flushed(t, m, low, low+4*mib, low+4*mib+4*kib)
	require.NoError(t, s.Unmap(low, gib))
	require.Equal(t, 1, m.InUse)
}

func TestUnmapThatCannotSplitUnmapsNothing(t *testing.T) {
	_, s := space(t, 2) // the PDPT, and one split of two
	require.NoError(t, s.Map(low, 4*gib, gib, rw, paging.Pages1G))
	require.ErrorIs(t, s.Unmap(low+4*kib, 4*kib), paging.ErrNoMemory)
	for _, at := range []mm.VirtAddr{0, 4 * kib, 2 * mib, gib - 1} {
		p, err := s.Translate(low + at)
		require.NoError(t, err)
		require.Equal(t, 4*gib+mm.PhysAddr(at), p)
	}
}

func TestTheTLBIsEmptiedWhenMoreThanALittleChanges(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Map(low, 0, mib, rw, paging.Pages4K))
	require.NoError(t, s.Unmap(low, paging.FlushLimit*4*kib))
	pages, all := m.Flushed()
	require.Len(t, pages, paging.FlushLimit)
	require.Zero(t, all)
	require.NoError(t, s.Unmap(low+paging.FlushLimit*4*kib, (paging.FlushLimit+1)*4*kib))
	pages, all = m.Flushed()
	require.Empty(t, pages)
	require.Equal(t, 1, all)
}

func TestTablesOfTheKernelsHalfKeepTheirPML4Entry(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Map(high, 0, 4*kib, rw, paging.Pages4K))
	require.NoError(t, s.Unmap(high, 4*kib))
	require.Equal(t, 2, m.InUse)
	steps, n := s.Walk(high)
	require.Equal(t, 2, n)
	require.True(t, steps[0].Entry.Has(paging.Present))
}

func TestProtectChangesTheFlagsAndNothingElse(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Map(low, 4*gib, 4*mib, rw, paging.Pages2M))
	steps, n := s.Walk(low)
	require.Equal(t, 3, n)
	e := &m.Table(steps[2].Address.Frame())[steps[2].Index]
	*e |= paging.Accessed | paging.Dirty // as the processor would
	require.NoError(t, s.Protect(low, 2*mib, rx|paging.User|paging.Software1))
	require.Equal(t, 4*gib|paging.Present|paging.User|paging.Accessed|paging.Dirty|paging.Large|paging.Software1, *e)
	flushed(t, m, low)
	require.NoError(t, s.Protect(low, 2*mib, rx|paging.User|paging.Software1))
	nothingFlushed(t, m)
	require.Equal(t, 3, m.InUse)
}

func TestProtectSplitsALargePageThatItChangesOnlyAPartOf(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Map(high, 4*mib, 4*mib, rw|paging.Global, paging.Pages2M))
	require.NoError(t, s.Protect(high+2*mib-4*kib, 8*kib, ro|paging.Global))
	require.Equal(t, []paging.Mapping{
		{Start: high, Phys: 4 * mib, Size: 2*mib - 4*kib, Flags: paging.Present | rw | paging.Global, Level: paging.Pages4K},
		{Start: high + 2*mib - 4*kib, Phys: 6*mib - 4*kib, Size: 8 * kib, Flags: paging.Present | ro | paging.Global, Level: paging.Pages4K},
		{Start: high + 2*mib + 4*kib, Phys: 6*mib + 4*kib, Size: 2*mib - 4*kib, Flags: paging.Present | rw | paging.Global, Level: paging.Pages4K},
	}, mappings(s))
	flushed(t, m, high, high+2*mib, high+2*mib-4*kib, high+2*mib)
}

func TestProtectChangesAllPagesOrNone(t *testing.T) {
	m, s := space(t, 4) // the PDPT, the PD and the PT, and one split of two
	require.NoError(t, s.Map(low, 0, 8*kib, rw, paging.Pages4K))
	before := mappings(s)
	require.ErrorIs(t, s.Protect(low, 12*kib, ro), paging.ErrNotPresent)
	require.Equal(t, before, mappings(s))
	nothingFlushed(t, m)
	require.NoError(t, s.Map(low+2*mib, 0, 4*mib, rw, paging.Pages2M))
	require.ErrorIs(t, s.Protect(low+2*mib+4*kib, 2*mib, ro), paging.ErrNoMemory)
	for _, mapping := range mappings(s) {
		require.Equal(t, paging.Present|rw, mapping.Flags)
	}
}
