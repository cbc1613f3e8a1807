package paging_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/paging/pagingtest"
)

const (
	rw = paging.Writable | paging.NoExecute
	ro = paging.NoExecute
	rx = paging.Entry(0)

	kib = 1 << 10
	mib = 1 << 20
	gib = 1 << 30

	low  mm.VirtAddr = 0x0000_1234_4000_0000 // in user space, a multiple of 1 GiB
	high mm.VirtAddr = 0xffff_ff80_4000_0000 // in the kernel's half, likewise
)

// space returns an empty address space on a machine with n frames besides the
// root's.
func space(t testing.TB, n int) (*pagingtest.Machine, *paging.Space) {
	t.Helper()
	m := pagingtest.New(n + 1)
	s, err := paging.Create(m, m, m)
	require.NoError(t, err)
	s.HugePages = true
	return m, &s
}

// mappings returns what Visit shows.
func mappings(s *paging.Space) (all []paging.Mapping) {
	for m := range s.Visit {
		all = append(all, m)
	}
	return all
}

// nothingFlushed says that the TLB was not told anything.
func nothingFlushed(t *testing.T, m *pagingtest.Machine) {
	t.Helper()
	pages, all := m.Flushed()
	require.Empty(t, pages)
	require.Zero(t, all)
}

// flushed says that the TLB was told to forget these pages, and no more.
func flushed(t *testing.T, m *pagingtest.Machine, want ...mm.VirtAddr) {
	t.Helper()
	pages, all := m.Flushed()
	require.Equal(t, want, pages)
	require.Zero(t, all)
}

func TestTranslateFindsWhatMapHasMapped(t *testing.T) {
	m, s := space(t, 3)
	require.NoError(t, s.Map(low, 0x1234_5000, 4*kib, rw, paging.Pages1G))
	p, err := s.Translate(low + 0x678)
	require.NoError(t, err)
	require.Equal(t, mm.PhysAddr(0x1234_5678), p)
	_, err = s.Translate(low + 4*kib)
	require.ErrorIs(t, err, paging.ErrNotPresent)
	_, err = s.Translate(mm.UserEnd)
	require.ErrorIs(t, err, paging.ErrNonCanonical)
	nothingFlushed(t, m)
}

func TestTranslateAddsTheOffsetInALargePage(t *testing.T) {
	_, s := space(t, 4)
	require.NoError(t, s.Map(low, 7*gib, gib, ro, paging.Pages1G))
	require.NoError(t, s.Map(low+gib, 2*mib, 2*mib, ro, paging.Pages1G))
	p, err := s.Translate(low + 0x1234_5678)
	require.NoError(t, err)
	require.Equal(t, mm.PhysAddr(7*gib+0x1234_5678), p)
	p, err = s.Translate(low + gib + 0x12_3456)
	require.NoError(t, err)
	require.Equal(t, mm.PhysAddr(0x32_3456), p)
}

func TestMapTakesTheLargestPagesThatFit(t *testing.T) {
	_, s := space(t, 7)
	// 4 KiB + 2 MiB + 1 GiB + 2 MiB + 4 KiB, around a multiple of 1 GiB.
	v, size := high+gib-2*mib-4*kib, uint64(gib+4*mib+8*kib)
	require.NoError(t, s.Map(v, mm.PhysAddr(v-high)+4*gib, size, rw, paging.Pages1G))
	at := func(offset, phys mm.VirtAddr, size uint64, l paging.Level) paging.Mapping {
		return paging.Mapping{Start: v + offset, Phys: mm.PhysAddr(phys), Size: size, Flags: paging.Present | rw, Level: l}
	}
	require.Equal(t, []paging.Mapping{
		at(0, 5*gib-2*mib-4*kib, 4*kib, paging.Pages4K),
		at(4*kib, 5*gib-2*mib, 2*mib, paging.Pages2M),
		at(2*mib+4*kib, 5*gib, gib, paging.Pages1G),
		at(gib+2*mib+4*kib, 6*gib, 2*mib, paging.Pages2M),
		at(gib+4*mib+4*kib, 6*gib+2*mib, 4*kib, paging.Pages4K),
	}, mappings(s))
}

func TestPagesAreNoLargerThanAllowed(t *testing.T) {
	m, s := space(t, 2000)
	s.HugePages = false
	require.NoError(t, s.Map(low, 0, 2*gib, rw, paging.Pages1G))
	require.Equal(t, paging.Pages2M, mappings(s)[0].Level, "the processor has no huge pages")
	require.Equal(t, 1+1+2, m.InUse)
	require.NoError(t, s.Unmap(low, 2*gib))
	require.NoError(t, s.Map(low, 0, 4*mib, rw, paging.Pages4K))
	require.Equal(t, paging.Pages4K, mappings(s)[0].Level, "the caller wants none")
	require.NoError(t, s.Map(low+4*mib, 4*kib, 2*mib, rw, paging.Pages2M))
	require.Equal(t, paging.Pages4K, mappings(s)[1].Level, "the physical address does not allow it")
}

func TestBothEndsOfTheAddressSpaceCanBeMapped(t *testing.T) {
	_, s := space(t, 12)
	for i, v := range []mm.VirtAddr{0, mm.UserEnd - 4*kib, mm.DirectMapBase, ^mm.VirtAddr(0) - 4*kib + 1} {
		phys := mm.PhysAddr(i) * 4 * kib
		require.NoError(t, s.Map(v, phys, 4*kib, ro, paging.Pages4K))
		p, err := s.Translate(v + 1)
		require.NoError(t, err)
		require.Equal(t, phys+1, p)
	}
	require.Len(t, mappings(s), 4, "nothing is joined across the hole")
	require.NoError(t, s.Unmap(mm.DirectMapBase, 1<<47))
	require.NoError(t, s.Unmap(0, 1<<47))
	require.Empty(t, mappings(s))
}

func TestMapRefusesToMapOver(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Map(low+2*mib, 0, 4*kib, rw, paging.Pages4K))
	before, frames := mappings(s), m.InUse
	require.ErrorIs(t, s.Map(low+2*mib, 0, 4*kib, rw, paging.Pages4K), paging.ErrMapped)
	require.ErrorIs(t, s.Map(low, 0, gib, rw, paging.Pages1G), paging.ErrMapped)
	require.ErrorIs(t, s.Map(low, 0, 2*mib+4*kib, rw, paging.Pages2M), paging.ErrMapped)
	require.Equal(t, before, mappings(s))
	require.Equal(t, frames, m.InUse)
	nothingFlushed(t, m)
}

func TestMapWithoutMemoryUndoesWhatItDid(t *testing.T) {
	const size = 4*mib + 8*kib // needs a PDPT, a PD and two PTs
	for budget := range 4 {
		m, s := space(t, budget)
		err := s.Map(low+2*mib-4*kib, 4*gib-4*kib, size, rw, paging.Pages2M)
		require.ErrorIs(t, err, paging.ErrNoMemory, "%d frames", budget)
		require.Empty(t, mappings(s))
		require.Equal(t, 1, m.InUse, "%d frames", budget)
		if pages, _ := m.Flushed(); budget > 0 {
			require.NotEmpty(t, pages, "the processor may have read the entries above the new tables")
		}
	}
	_, s := space(t, 4)
	require.NoError(t, s.Map(low+2*mib-4*kib, 4*gib-4*kib, size, rw, paging.Pages2M))
}

func TestRangesThatMakeNoSenseAreRefused(t *testing.T) {
	m, s := space(t, 10)
	for _, c := range []struct {
		v    mm.VirtAddr
		size uint64
		want error
	}{
		{low, 0, paging.ErrSize},
		{low + 1, 4 * kib, paging.ErrAlign},
		{low, 4*kib + 1, paging.ErrAlign},
		{mm.UserEnd, 4 * kib, paging.ErrNonCanonical},
		{mm.UserEnd - 4*kib, 8 * kib, paging.ErrNonCanonical},
		{mm.DirectMapBase - 4*kib, 8 * kib, paging.ErrNonCanonical},
		{0, ^uint64(0) &^ 4095, paging.ErrNonCanonical},
		{^mm.VirtAddr(0) - 4*kib + 1, 8 * kib, paging.ErrSize},
	} {
		require.ErrorIs(t, s.Map(c.v, 0, c.size, rw, paging.Pages4K), c.want, "%#x %#x", c.v, c.size)
		require.ErrorIs(t, s.Unmap(c.v, c.size), c.want, "%#x %#x", c.v, c.size)
		require.ErrorIs(t, s.Protect(c.v, c.size, rw), c.want, "%#x %#x", c.v, c.size)
	}
	require.ErrorIs(t, s.Map(low, 1, 4*kib, rw, paging.Pages4K), paging.ErrAlign)
	require.ErrorIs(t, s.Map(low, 1<<52, 4*kib, rw, paging.Pages4K), paging.ErrPhysical)
	require.ErrorIs(t, s.Map(low, 1<<52-4*kib, 8*kib, rw, paging.Pages4K), paging.ErrPhysical)
	require.ErrorIs(t, s.Map(low, ^mm.PhysAddr(0)&^4095, 8*kib, rw, paging.Pages4K), paging.ErrPhysical)
	require.Equal(t, 1, m.InUse)
}

func TestNoPageIsWritableAndExecutable(t *testing.T) {
	_, s := space(t, 3)
	require.ErrorIs(t, s.Map(low, 0, 4*kib, paging.Writable, paging.Pages4K), paging.ErrWriteExecute)
	require.NoError(t, s.Map(low, 0, 4*kib, rx, paging.Pages4K))
	require.ErrorIs(t, s.Protect(low, 4*kib, paging.Writable|paging.User), paging.ErrWriteExecute)
	require.NoError(t, s.Protect(low, 4*kib, rw))
}

func TestFlagsKeepToTheirHalf(t *testing.T) {
	_, s := space(t, 6)
	require.ErrorIs(t, s.Map(high, 0, 4*kib, ro|paging.User, paging.Pages4K), paging.ErrFlags, "the kernel's half")
	require.ErrorIs(t, s.Map(low, 0, 4*kib, ro|paging.Global, paging.Pages4K), paging.ErrFlags, "a process's half")
	for _, flag := range []paging.Entry{paging.Accessed, paging.Dirty, paging.Large, 0x1000, 1 << 52} {
		require.ErrorIs(t, s.Map(low, 0, 4*kib, ro|flag, paging.Pages4K), paging.ErrFlags, "%#x", flag)
	}
	require.NoError(t, s.Map(low, 0, 4*kib, ro|paging.User|paging.Present|paging.Software2, paging.Pages4K))
	require.NoError(t, s.Map(high, 0, 4*kib, ro|paging.Global|paging.CacheDisable|paging.WriteThrough, paging.Pages4K))
	require.Equal(t, paging.Present|ro|paging.User|paging.Software2, mappings(s)[0].Flags)
	require.Equal(t, paging.Present|ro|paging.Global|paging.CacheDisable|paging.WriteThrough, mappings(s)[1].Flags)
}

func TestAFrameThatIsATableIsZeroAtFirst(t *testing.T) {
	m, s := space(t, 3)
	require.NoError(t, s.Map(low, 0, 4*kib, rw, paging.Pages4K))
	present := 0
	for i := range 4 {
		for _, e := range m.Table(pagingtest.First + mm.Frame(i)) {
			if e != 0 {
				present++
			}
		}
	}
	require.Equal(t, 4, present)
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

func TestEveryOperationTakesTheLockOnceAndGivesItBack(t *testing.T) {
	_, s := space(t, 20)
	l := &lock{t: t}
	s.Locker = l
	for i, operation := range []func(){
		func() { require.NoError(t, s.Map(low, 0, 4*kib, rw, paging.Pages4K)) },
		func() { require.Error(t, s.Map(low, 0, 4*kib, rw, paging.Pages4K)) },
		func() { require.NoError(t, s.Protect(low, 4*kib, ro)) },
		func() { require.Error(t, s.Protect(low, 8*kib, ro)) },
		func() { _, err := s.Translate(low); require.NoError(t, err) },
		func() { _, n := s.Walk(low); require.Equal(t, 4, n) },
		func() { _, ok := s.Next(0, ^mm.VirtAddr(0)); require.True(t, ok) },
		func() { require.NoError(t, s.Unmap(low, 4*kib)) },
		func() { require.NoError(t, s.PreallocateUpper(300)) },
		func() { require.Error(t, s.PreallocateUpper(3)) },
		func() { _, err := s.NewUser(); require.NoError(t, err) },
	} {
		before := l.taken
		operation()
		require.False(t, l.held, "operation %d", i)
		require.Equal(t, before+1, l.taken, "operation %d", i)
	}
}

func TestNothingAllocatesHeapMemory(t *testing.T) {
	_, s := space(t, 100)
	require.NoError(t, s.Map(high, 0, 4*gib, rw, paging.Pages1G))
	require.Zero(t, testing.AllocsPerRun(20, func() {
		_ = s.Map(low, 0, 6*mib, rw, paging.Pages2M)
		_ = s.Map(low, 0, 4*kib, rw, paging.Pages2M) // an error
		_ = s.Protect(low+4*kib, 4*mib, ro)
		_, _ = s.Translate(low + 5*mib)
		_, _ = s.Walk(low)
		s.Visit(func(paging.Mapping) bool { return true })
		_ = s.Unmap(low+4*kib, 8*kib)
		_ = s.Unmap(low, 6*mib)
		_ = s.PreallocateUpper(256, 511)
		user, _ := s.NewUser()
		_ = user.Map(low, 0, 4*kib, rw, paging.Pages4K)
		_ = user.Destroy()
	}))
}
