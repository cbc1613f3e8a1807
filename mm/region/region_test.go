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
	ro   = paging.NoExecute
	page = mm.PageSize
	base = mm.WindowBase + page
)

// pages returns the range of n pages from base's page first on.
func pages(first, n uint64) mm.VirtRange {
	start := base + mm.VirtAddr(first*page)
	return mm.VirtRange{Start: start, End: start + mm.VirtAddr(n*page)}
}

// pagesAt returns the range of n pages from v on.
func pagesAt(v mm.VirtAddr, n uint64) mm.VirtRange {
	return mm.VirtRange{Start: v, End: v + mm.VirtAddr(n*page)}
}

// world is a machine with frames free frames, an address space whose tables
// for the addresses at base are there, and an empty set of regions.
func world(t testing.TB, frames int) (*pagingtest.Machine, *paging.Space, *region.Set) {
	t.Helper()
	m := pagingtest.New(frames + 4)
	s, err := paging.Create(m, m, m)
	require.NoError(t, err)
	require.NoError(t, s.Map(base-page, 0, page, ro, paging.Pages4K))
	require.NoError(t, s.Map(base+510*page, 0, page, ro, paging.Pages4K))
	m.Budget = frames
	m.InUse = 0
	return m, &s, &region.Set{}
}

func names(set *region.Set) (all []string) {
	for r := range set.Visit {
		all = append(all, r.Name)
	}
	return all
}

func TestRegionsAreKeptInOrderAndFound(t *testing.T) {
	_, _, set := world(t, 0)
	require.NoError(t, set.Add(region.Region{Range: pages(10, 5), Flags: rw, Name: "b"}))
	require.NoError(t, set.Add(region.Region{Range: pages(20, 1), Kind: region.Guard, Name: "c", Pages: 7}))
	require.NoError(t, set.Add(region.Region{Range: pages(5, 5), Flags: ro, Kind: region.Fixed, Name: "a"}))
	require.Equal(t, []string{"a", "b", "c"}, names(set))
	require.Equal(t, 3, set.Len())
	for v, want := range map[mm.VirtAddr]string{
		base + 5*page - 1: "", base + 5*page: "a", base + 10*page - 1: "a",
		base + 10*page: "b", base + 15*page: "", base + 20*page + 5: "c", base + 21*page: "",
	} {
		r, ok := set.Find(v)
		require.Equal(t, want != "", ok, "%#x", v)
		require.Equal(t, want, r.Name, "%#x", v)
	}
	r, _ := set.Find(base + 20*page)
	require.Equal(t, region.Region{Range: pages(20, 1), Kind: region.Guard, Name: "c"}, r)
}

func TestAddRefusesWhatDoesNotFit(t *testing.T) {
	_, _, set := world(t, 0)
	require.NoError(t, set.Add(region.Region{Range: pages(10, 10), Flags: rw}))
	for _, r := range []mm.VirtRange{pages(10, 10), pages(0, 11), pages(19, 1), pages(12, 2), pages(0, 100)} {
		require.ErrorIs(t, set.Add(region.Region{Range: r, Flags: rw}), region.ErrOverlap, "%#x", r)
	}
	for _, r := range []mm.VirtRange{
		pages(5, 0),
		{Start: base + 1, End: base + page},
		{Start: base, End: base + page + 1},
		{Start: base + page, End: base},
	} {
		require.ErrorIs(t, set.Add(region.Region{Range: r, Flags: rw}), region.ErrAlign, "%#x", r)
	}
	for _, r := range []mm.VirtRange{
		{Start: mm.UserEnd - page, End: mm.UserEnd + page},
		{Start: 0, End: mm.DirectMapBase + page},
		{Start: mm.UserEnd, End: mm.UserEnd + page},
	} {
		require.ErrorIs(t, set.Add(region.Region{Range: r, Flags: rw}), paging.ErrNonCanonical, "%#x", r)
	}
	require.ErrorIs(t, set.Add(region.Region{Range: pages(0, 1), Flags: paging.Writable}), paging.ErrWriteExecute)
	require.ErrorIs(t, set.Add(region.Region{Range: pages(0, 1), Flags: ro | paging.User}), paging.ErrFlags)
	require.NoError(t, set.Add(region.Region{Range: mm.VirtRange{Start: mm.UserEnd - page, End: mm.UserEnd}, Flags: ro}))
	require.Equal(t, 2, set.Len())
}

func TestASetHoldsNoMoreThanItsCapacity(t *testing.T) {
	_, s, set := world(t, 0)
	for i := range uint64(region.Capacity) {
		require.NoError(t, set.Add(region.Region{Range: pages(i*2, 1), Flags: rw}))
	}
	require.ErrorIs(t, set.Add(region.Region{Range: pages(1, 1), Flags: rw}), region.ErrFull)
	require.NoError(t, set.Remove(s, nil, base+6*page))
	require.NoError(t, set.Add(region.Region{Range: pages(1, 1), Flags: rw}))
}

func TestVisitStopsWhenTold(t *testing.T) {
	_, _, set := world(t, 0)
	for i := range uint64(3) {
		require.NoError(t, set.Add(region.Region{Range: pages(i, 1), Flags: rw}))
	}
	n := 0
	set.Visit(func(region.Region) bool { n++; return n < 2 })
	require.Equal(t, 2, n)
}

func TestRemoveGivesTheFramesBack(t *testing.T) {
	m, s, set := world(t, 400)
	require.NoError(t, set.Add(region.Region{Range: pages(0, 500), Flags: rw, Name: "demand"}))
	for i := 0; i < 500; i += 1 + i%3 { // with holes, so that there are many runs
		served, err := set.Fault(s, m, base+mm.VirtAddr(i*page), region.Write)
		require.NoError(t, err)
		require.True(t, served)
	}
	r, _ := set.Find(base)
	require.EqualValues(t, m.InUse, r.Pages)
	require.ErrorIs(t, set.Remove(s, m, base+page), region.ErrNoRegion)
	require.NoError(t, set.Remove(s, m, base))
	require.Zero(t, m.InUse)
	require.Zero(t, set.Len())
	_, err := s.Translate(base + 510*page)
	require.NoError(t, err, "what is beside the region stays")
	_, err = s.Translate(base - page)
	require.NoError(t, err)
	require.ErrorIs(t, set.Remove(s, m, base), region.ErrNoRegion)
}

func TestRemoveFreesAFrameOnlyWhenTheTLBHasForgottenIt(t *testing.T) {
	m, s, set := world(t, 8)
	require.NoError(t, set.Add(region.Region{Range: pages(0, 8), Flags: rw}))
	for i := range mm.VirtAddr(8) {
		_, err := set.Fault(s, m, base+i*page, region.Write)
		require.NoError(t, err)
	}
	watch := &watcher{Machine: m, t: t}
	require.NoError(t, set.Remove(s, watch, base))
	require.Equal(t, 8, watch.frees)
}

// watcher checks, when a frame is freed, that 8 pages have been invalidated.
type watcher struct {
	*pagingtest.Machine
	t     *testing.T
	frees int
}

func (w *watcher) Free(f mm.Frame) error {
	require.Equal(w.t, 8, w.Count)
	w.frees++
	return w.Machine.Free(f)
}

func TestRemoveLeavesTheFramesOfAFixedRegionToTheirOwner(t *testing.T) {
	m, s, set := world(t, 4)
	f, err := m.Alloc()
	require.NoError(t, err)
	require.NoError(t, set.Add(region.Region{Range: pages(0, 4), Kind: region.Fixed, Flags: rw}))
	require.NoError(t, s.Map(base+page, f.Addr(), page, rw, paging.Pages4K))
	require.NoError(t, set.Remove(s, m, base))
	require.Equal(t, 1, m.InUse)
	_, err = s.Translate(base + page)
	require.ErrorIs(t, err, paging.ErrNotPresent)
}

func TestNothingAllocatesHeapMemory(t *testing.T) {
	m, s, set := world(t, 8)
	require.Zero(t, testing.AllocsPerRun(20, func() {
		_ = set.Add(region.Region{Range: pages(0, 8), Flags: rw, Name: "test"})
		_ = set.Add(region.Region{Range: pages(0, 8), Flags: rw}) // an error
		for i := range mm.VirtAddr(9) {
			_, _ = set.Fault(s, m, base+i*page, region.Write)
		}
		_, _ = set.Find(base)
		set.Visit(func(region.Region) bool { return true })
		_ = set.Stats()
		_ = set.Remove(s, m, base)
	}))
}

// lock counts, and complains when it is taken twice.
type lock struct {
	t     *testing.T
	held  bool
	taken int
}

func (l *lock) Lock() uint64 {
	require.False(l.t, l.held)
	l.held = true
	l.taken++
	return 0x1234
}

func (l *lock) Unlock(flags uint64) {
	require.True(l.t, l.held)
	require.EqualValues(l.t, 0x1234, flags)
	l.held = false
}

func TestEveryOperationTakesTheLockAndGivesItBack(t *testing.T) {
	m, s, set := world(t, 1)
	l := &lock{t: t}
	set.Locker = l
	for i, operation := range []func(){
		func() { require.NoError(t, set.Add(region.Region{Range: pages(0, 2), Flags: rw})) },
		func() { require.Error(t, set.Add(region.Region{Range: pages(0, 2), Flags: rw})) },
		func() { _, err := set.Fault(s, m, base, region.Write); require.NoError(t, err) },
		func() { _, err := set.Fault(s, m, base+page, 0); require.Error(t, err) },
		func() { _, err := set.Fault(s, m, 0, 0); require.Error(t, err) },
		func() { set.Find(base) },
		func() { set.Find(0) },
		func() { set.Stats() },
		func() { set.Len() },
		func() { set.Visit(func(region.Region) bool { return l.held }) },
		func() { require.Error(t, set.Remove(s, m, base+page)) },
		func() { require.NoError(t, set.Remove(s, m, base)) },
	} {
		before := l.taken
		operation()
		require.False(t, l.held, "operation %d", i)
		require.Equal(t, before+1, l.taken, "operation %d", i)
	}
}
