package region_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

func TestTheFirstAccessToAPageGetsAZeroedFrame(t *testing.T) {
	m, s, set := world(t, 2)
	require.NoError(t, set.Add(region.Region{Range: pages(0, 8), Flags: rw | paging.Global}))
	served, err := set.Fault(s, m, base+0x1234, region.Write)
	require.NoError(t, err)
	require.True(t, served)
	p, err := s.Translate(base + 0x1234)
	require.NoError(t, err)
	require.Equal(t, paging.Table{}, *m.Table(p.Frame()))
	mapping, ok := s.Next(base, base+8*page-1)
	require.True(t, ok)
	require.Equal(t, paging.Mapping{
		Start: base + 0x1000, Phys: p.AlignDown(page), Size: page,
		Flags: paging.Present | rw | paging.Global, Level: paging.Pages4K,
	}, mapping)
	require.Equal(t, region.Stats{Served: 1}, set.Stats())
	pages, _ := m.Flushed()
	require.Empty(t, pages, "what was not present is in no TLB")
}

func TestAFaultThatIsABugIsNotServed(t *testing.T) {
	m, s, set := world(t, 8)
	require.NoError(t, set.Add(region.Region{Range: pages(0, 1), Kind: region.Guard, Name: "guard"}))
	require.NoError(t, set.Add(region.Region{Range: pages(1, 1), Kind: region.Fixed, Flags: rw}))
	require.NoError(t, set.Add(region.Region{Range: pages(2, 1), Flags: ro}))
	require.NoError(t, set.Add(region.Region{Range: pages(3, 1), Flags: 0}))
	for i, c := range []struct {
		page uint64
		code region.ErrorCode
		want error
	}{
		{0, 0, region.ErrGuard},
		{0, region.Write, region.ErrGuard},
		{1, region.Write, region.ErrFixed},
		{2, region.Write, region.ErrAccess},
		{2, region.Fetch, region.ErrAccess},
		{2, region.User, region.ErrAccess},
		{2, region.Present | region.Write, region.ErrAccess},
		{2, region.Present, region.ErrAccess},
		{3, region.Write, region.ErrAccess},
		{4, 0, region.ErrNoRegion},
		{2, region.Reserved | region.Present, region.ErrTables},
	} {
		served, err := set.Fault(s, m, pages(c.page, 1).Start, c.code)
		require.False(t, served, "case %d", i)
		require.ErrorIs(t, err, c.want, "case %d", i)
	}
	require.Zero(t, m.InUse)
	require.Equal(t, region.Stats{Guard: 2, Fixed: 1, Access: 6, Unknown: 1, Damaged: 1}, set.Stats())
	for _, c := range []struct {
		page uint64
		code region.ErrorCode
	}{{2, 0}, {3, region.Fetch}} {
		served, err := set.Fault(s, m, pages(c.page, 1).Start, c.code)
		require.NoError(t, err)
		require.True(t, served)
	}
}

func TestAUserRegionServesUserAndKernel(t *testing.T) {
	m, s, set := world(t, 16)
	const at = 0x40_0000
	require.NoError(t, set.Add(region.Region{
		Range: pagesAt(at, 2), Flags: rw | paging.User, Name: "heap of a process",
	}))
	for i, code := range []region.ErrorCode{region.User | region.Write, 0} {
		served, err := set.Fault(s, m, at+mm.VirtAddr(i*page), code)
		require.NoError(t, err)
		require.True(t, served)
	}
}

func TestAFaultThatAnotherProcessorHasServedIsServed(t *testing.T) {
	m, s, set := world(t, 2)
	require.NoError(t, set.Add(region.Region{Range: pages(0, 1), Flags: rw}))
	for range 2 {
		served, err := set.Fault(s, m, base, region.Write)
		require.NoError(t, err)
		require.True(t, served)
	}
	require.Equal(t, 1, m.InUse)
	require.Equal(t, region.Stats{Served: 1, Raced: 1}, set.Stats())
}

func TestWithoutMemoryAFaultIsNotServedAndLeavesNothing(t *testing.T) {
	m, s, set := world(t, 2)
	require.NoError(t, set.Add(region.Region{Range: pagesAt(0x40_0000, 1), Flags: rw}))
	for range 3 { // the page, and tables, of which there are too few frames
		served, err := set.Fault(s, m, 0x40_0000, region.Write)
		require.False(t, served)
		require.ErrorIs(t, err, region.ErrNoMemory)
		require.Zero(t, m.InUse)
	}
	m.Budget = 0
	_, err := set.Fault(s, m, 0x40_0000, region.Write)
	require.ErrorIs(t, err, region.ErrNoMemory)
	require.Equal(t, region.Stats{NoMemory: 4}, set.Stats())
}

func TestAnErrorCodeIsASentence(t *testing.T) {
	for code, want := range map[region.ErrorCode]string{
		0:                                            "read of a page that is not present, from the kernel",
		region.Write:                                 "write to a page that is not present, from the kernel",
		region.Write | region.Present:                "write to a page that does not allow it, from the kernel",
		region.User | region.Present:                 "read of a page that does not allow it, from user mode",
		region.Fetch | region.Present:                "instruction fetch from a page that does not allow it, from the kernel",
		region.Fetch | region.User:                   "instruction fetch from a page that is not present, from user mode",
		region.Reserved | region.Present:             "read of a page whose tables have a reserved bit set, from the kernel",
		region.ProtectionKey | 5:                     "read of a page whose protection key forbids it, from user mode",
		region.ShadowStack | region.Write | 1:        "write to a page that is wrong for a shadow stack, from the kernel",
		region.Enclave | region.Write | region.User:  "write to a page that SGX protects, from user mode",
		region.Fetch | region.Reserved | region.User: "instruction fetch from a page whose tables have a reserved bit set, from user mode",
	} {
		require.Equal(t, want, code.String())
		require.LessOrEqual(t, len(want), 96)
	}
	buffer := make([]byte, 0, 96)
	require.Zero(t, testing.AllocsPerRun(10, func() { buffer = (region.Fetch | region.Reserved | region.User).Append(buffer[:0]) }))
}

func TestAKindHasAName(t *testing.T) {
	require.Equal(t, "demand-zero", region.DemandZero.String())
	require.Equal(t, "guard", region.Guard.String())
	require.Equal(t, "fixed", region.Fixed.String())
	require.Equal(t, "unknown", region.Kind(9).String())
}
