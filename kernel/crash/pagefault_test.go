package crash

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/interrupts"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/paging/pagingtest"
	"vitrine/mm/region"
)

const (
	codeAt   mm.VirtAddr = 0x40_0000
	constAt  mm.VirtAddr = 0x50_0000
	dataAt   mm.VirtAddr = 0x60_0000
	userAt   mm.VirtAddr = 0x70_0000
	holeAt   mm.VirtAddr = 0x80_0000
	userCode mm.VirtAddr = 0x90_0000
)

// tables returns page tables with a page of each kind.
func tables(t *testing.T) *paging.Space {
	m := pagingtest.New(16)
	s, err := paging.Create(m, m, m)
	require.NoError(t, err)
	for v, flags := range map[mm.VirtAddr]paging.Entry{
		codeAt: 0, constAt: paging.NoExecute, dataAt: paging.Writable | paging.NoExecute,
		userAt: paging.Writable | paging.User | paging.NoExecute, userCode: paging.User,
	} {
		require.NoError(t, s.Map(v, 0x1234_5000, mm.PageSize, flags, paging.Pages4K))
	}
	return &s
}

func TestTheImageEndsWhereItsPagesEnd(t *testing.T) {
	r, _ := recorder()
	r.Space = tables(t)
	for _, v := range []mm.VirtAddr{mm.ImageBase, mm.ImageBase + 0x1000_0000, ^mm.VirtAddr(0)} {
		require.Equal(t, "behind the kernel image", r.near(v), "%#x", v)
	}
	require.NoError(t, r.Space.Map(mm.ImageBase, 0x1234_5000, mm.PageSize, 0, paging.Pages4K))
	require.Equal(t, "kernel image", r.near(mm.ImageBase+0xfff))
	require.Equal(t, "behind the kernel image", r.near(mm.ImageBase+0x1000))
}

func TestCodeInTheFirstPageCannotBeRead(t *testing.T) {
	for _, ip := range []uint64{0, 1, 0x10, 0xfff} {
		r, out := recorder()
		r.Space = tables(t)
		r.Exception(&interrupts.Frame{Vector: interrupts.PageFault, Error: uint64(region.Fetch), IP: ip}, 0)
		require.Regexp(t, ` -> 0000000000000[0-9a-f]{3}  cannot be read\n`, out.String())
	}
}

func TestAPageFaultIsASentence(t *testing.T) {
	const there = region.Present
	for _, c := range []struct {
		at   mm.VirtAddr
		code region.ErrorCode
		want string
	}{
		{0x10, 0, "followed a nil pointer"},
		{0, region.Fetch, "called a nil function"},
		{holeAt, 0, "read an address where nothing is"},
		{holeAt, region.Write, "wrote to an address where nothing is"},
		{holeAt, region.Fetch, "jumped to an address where nothing is"},
		{codeAt, there | region.Write, "wrote to its own code"},
		{constAt, there | region.Write, "wrote to read-only data"},
		{dataAt, there | region.Fetch, "jumped to data, which nobody may execute"},
		{userAt, there, "touched a program's memory outside of a window: SMAP forbids that"},
		{userAt, there | region.Write, "touched a program's memory outside of a window: SMAP forbids that"},
		{userAt, there | region.Fetch, "jumped to data"},
		{userCode, there | region.Fetch, "jumped into a program's memory: SMEP forbids that"},
		{dataAt, there | region.Reserved, "The page tables are damaged"},
	} {
		r, out := recorder()
		r.Space = tables(t)
		r.Control = func() [4]uint64 { return [4]uint64{1: uint64(c.at)} }
		r.Exception(&interrupts.Frame{Vector: interrupts.PageFault, Error: uint64(c.code)}, 0)
		require.Contains(t, out.String(), c.want, "%#x %v", c.at, c.code)
	}
}

func TestTheWalkShowsWhatStoppedIt(t *testing.T) {
	r, out := recorder()
	r.Space = tables(t)
	r.Control = func() [4]uint64 { return [4]uint64{1: uint64(constAt) + 8} }
	r.Exception(&interrupts.Frame{Vector: interrupts.PageFault, Error: 3}, 0)
	require.Regexp(t, `PML4 entry   0 at [0-9a-f]{16} = [0-9a-f]{16}  P W U`, out.String())
	require.Regexp(t, `PT   entry 256 at [0-9a-f]{16} = 8000000012345001  P - - - - - - - - NX\n    W is missing on the way`, out.String())

	r.Control = func() [4]uint64 { return [4]uint64{1: uint64(mm.UserEnd)} }
	r.Exception(&interrupts.Frame{Vector: interrupts.PageFault}, 0)
	require.Contains(t, out.String(), "none: the address is not canonical")

	r.Control = func() [4]uint64 { return [4]uint64{1: uint64(holeAt)} }
	r.Exception(&interrupts.Frame{Vector: interrupts.PageFault}, 0)
	require.Contains(t, out.String(), "that one is not present, which ended the walk")
}

func TestAnErrorCodeIsToldBitByBit(t *testing.T) {
	r, out := recorder()
	r.Exception(&interrupts.Frame{Vector: interrupts.PageFault, Error: 0x12}, 0)
	require.Contains(t, out.String(), "  bit 0 P    0  the page is not present\n"+
		"  bit 1 W/R  1  a write\n  bit 2 U/S  0  by the kernel\n"+
		"  bit 3 RSVD 0  no reserved bit is set in an entry\n  bit 4 I/D  1  of an instruction\n  address")
}
