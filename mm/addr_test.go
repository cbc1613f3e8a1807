package mm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
)

func TestAnAddressAndItsFrameOrPageConvertIntoEachOther(t *testing.T) {
	require.Equal(t, mm.Frame(0x12345), mm.PhysAddr(0x1234_5678).Frame())
	require.Equal(t, mm.PhysAddr(0x1234_5000), mm.Frame(0x12345).Addr())
	require.Equal(t, mm.Page(0xf_fff8_0123_4567), mm.VirtAddr(0xffff_8012_3456_789a).Page())
	require.Equal(t, mm.VirtAddr(0xffff_8012_3456_7000), mm.Page(0xf_fff8_0123_4567).Addr())
}

func TestCanonicalAddressesRepeatBit47(t *testing.T) {
	for v, want := range map[mm.VirtAddr]bool{
		0:                     true,
		0x0000_7fff_ffff_ffff: true,
		0x0000_8000_0000_0000: false,
		0x1000_0000_0000_0000: false,
		0xffff_7fff_ffff_ffff: false,
		0xffff_8000_0000_0000: true,
		0xffff_ffff_ffff_ffff: true,
	} {
		require.Equal(t, want, v.Canonical(), "%#x", v)
	}
}

func TestAlignmentRoundsDownAndUp(t *testing.T) {
	require.Equal(t, mm.PhysAddr(0x20_0000), mm.PhysAddr(0x3f_ffff).AlignDown(mm.LargePageSize))
	require.Equal(t, mm.PhysAddr(0x40_0000), mm.PhysAddr(0x20_0001).AlignUp(mm.LargePageSize))
	require.Equal(t, mm.PhysAddr(0x20_0000), mm.PhysAddr(0x20_0000).AlignUp(mm.LargePageSize))
	require.Equal(t, mm.VirtAddr(0x4000_0000), mm.VirtAddr(0x7fff_ffff).AlignDown(mm.HugePageSize))
	require.Equal(t, mm.VirtAddr(0x8000_0000), mm.VirtAddr(0x4000_0001).AlignUp(mm.HugePageSize))
	require.Zero(t, mm.VirtAddr(0xffff_ffff_ffff_f001).AlignUp(mm.PageSize), "there is no such address")
}

func TestTheFramesOfARangeLieWhollyInIt(t *testing.T) {
	for _, c := range []struct {
		r     mm.PhysRange
		first mm.Frame
		n     uint64
	}{
		{mm.PhysRange{Start: 0, End: 0x9fc00}, 0, 0x9f},
		{mm.PhysRange{Start: 0x1001, End: 0x3fff}, 2, 1},
		{mm.PhysRange{Start: 0x1001, End: 0x2fff}, 2, 0},
		{mm.PhysRange{Start: 0x1fff, End: 0x2000}, 2, 0},
		{mm.PhysRange{Start: 0x5000, End: 0x4000}, 0, 0},
		{mm.PhysRange{Start: 0xffff_ffff_ffff_e000, End: 0xffff_ffff_ffff_ffff}, 0xf_ffff_ffff_fffe, 1},
		{mm.PhysRange{Start: 0xffff_ffff_ffff_f001, End: 0xffff_ffff_ffff_ffff}, 0, 0},
	} {
		first, n := c.r.Frames()
		require.Equal(t, c.n, n, "%#x", c.r)
		if n > 0 {
			require.Equal(t, c.first, first, "%#x", c.r)
		}
	}
}

func TestRangesEndBeforeTheirEnd(t *testing.T) {
	r := mm.PhysRange{Start: 0x1000, End: 0x2000}
	require.EqualValues(t, 0x1000, r.Size())
	require.True(t, r.Contains(0x1000))
	require.False(t, r.Contains(0x2000))
	require.True(t, r.Overlaps(mm.PhysRange{Start: 0x1fff, End: 0x3000}))
	require.False(t, r.Overlaps(mm.PhysRange{Start: 0x2000, End: 0x3000}))
	require.False(t, r.Overlaps(mm.PhysRange{Start: 0x1800, End: 0x1800}), "an empty range overlaps nothing")

	v := mm.VirtRange{Start: 0x1000, End: 0x2000}
	require.EqualValues(t, 0x1000, v.Size())
	require.True(t, v.Contains(0x1fff))
	require.False(t, v.Contains(0xfff))
	require.True(t, v.Overlaps(mm.VirtRange{Start: 0, End: 0x1001}))
	require.False(t, v.Overlaps(mm.VirtRange{Start: 0, End: 0x1000}))
	require.Zero(t, mm.VirtRange{Start: 2, End: 1}.Size())
}

func TestTheDirectMapGoesBothWays(t *testing.T) {
	require.Equal(t, mm.VirtAddr(0xffff_8000_000b_8000), mm.PhysAddr(0xb_8000).Direct())
	p, ok := mm.VirtAddr(0xffff_8000_000b_8000).InDirectMap()
	require.True(t, ok)
	require.Equal(t, mm.PhysAddr(0xb_8000), p)
	for _, v := range []mm.VirtAddr{0, mm.UserEnd, mm.DirectMapBase - 1, mm.WindowBase, mm.ImageBase} {
		_, ok := v.InDirectMap()
		require.False(t, ok, "%#x", v)
	}
}

func TestTheLayoutIsInOrder(t *testing.T) {
	order := []mm.VirtAddr{mm.UserEnd, mm.DirectMapBase, mm.WindowBase, mm.HeapBase, mm.HeapEnd, mm.ImageBase}
	require.IsIncreasing(t, order)
	require.Equal(t, ^mm.VirtAddr(0)-1<<39+1, mm.WindowBase, "the window is the last PML4 entry")
}

func TestAnErrorIsItsText(t *testing.T) {
	require.EqualError(t, mm.ErrNoMemory, "out of physical memory")
	require.Zero(t, testing.AllocsPerRun(10, func() { sink = mm.ErrAlign }))
}

var sink error
