//go:build tamago && derived

package kernel

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/cpu"
	"vitrine/kernel/start"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// Flags that must be clear in compiled Go.
const direction, userAccess = 1 << 10, 1 << 18

// flags reads RFLAGS as they are when nobody has touched them.
func flagsNow() uint64 { return cpu.Flags() & (direction | userAccess) }

// touch tells whether the kernel can read the byte at v.
func touch(v mm.VirtAddr) (ok bool) {
	defer func() { ok = recover() == nil }()
	_ = *(*byte)(v.Pointer())
	return true
}

// TestTheKernelUsesAProgramsMemoryThroughAWindow: without one, a processor with
// SMAP keeps it out (vit exec --cpu max).
func TestTheKernelUsesAProgramsMemoryThroughAWindow(t *testing.T) {
	const at, n, rw = mm.VirtAddr(0x4000_0000), 4, paging.Writable | paging.NoExecute | paging.User
	r := region.Region{Range: mm.VirtRange{Start: at, End: at + n*mm.PageSize}, Kind: region.DemandZero, Flags: rw, Name: "a program's"}
	before := start.Frames.Stats().Used
	require.NoError(t, start.Regions.Add(r))
	text := bytes.Repeat([]byte("through the window "), 300)
	require.NoError(t, start.CopyOut(at+100, text), "pages come when they are touched")
	require.Zero(t, flagsNow())
	got := make([]byte, len(text))
	require.NoError(t, start.CopyIn(got, at+100))
	require.Equal(t, text, got)
	const smap = 1 << 21
	require.Equal(t, cpu.CR4()&smap == 0, touch(at), "beside the window")
	require.Zero(t, flagsNow())

	require.Equal(t, start.ErrUserFault, start.CopyOut(r.Range.End-10, text), "behind the region")
	require.Zero(t, flagsNow(), "the window is shut")
	require.Equal(t, cpu.CR4()&smap == 0, touch(at))
	require.NoError(t, start.Space.Protect(at, mm.PageSize, paging.NoExecute|paging.User))
	require.Equal(t, start.ErrUserFault, start.CopyIn(got, r.Range.End))
	for _, v := range []mm.VirtAddr{0, mm.UserEnd - 1, mm.UserEnd, mm.DirectMapBase, ^mm.VirtAddr(0)} {
		require.Equal(t, start.ErrUserRange, start.CopyIn(got, v), "%#x", v)
		require.Equal(t, start.ErrUserRange, start.CopyOut(v, got), "%#x", v)
	}
	require.NoError(t, start.Regions.Remove(&start.Space, &start.Frames, at))
	require.InDelta(t, before, start.Frames.Stats().Used, 1024, "but for the heap")
}

// TestAFaultWithTheDirectionReversedDoesNotReverseWhatFollows: memmove copies blocks
// that overlap from their end on, and the page before the end may be missing.
func TestAFaultWithTheDirectionReversedDoesNotReverseWhatFollows(t *testing.T) {
	const at, n = mm.ScratchBase + 64*mm.PageSize, 3 * mm.PageSize
	f, err := start.Frames.AllocContiguous(4, 1, 0)
	require.NoError(t, err)
	require.NoError(t, start.Space.Map(at+mm.PageSize, f.Addr(), n, paging.Writable|paging.NoExecute, paging.Pages4K))
	fault := func() (r any) {
		defer func() { r = recover() }()
		b := at.Bytes(mm.PageSize + n)
		copy(b[8:], b[:len(b)-8]) // down to the first page, which is not there
		return nil
	}
	require.NotNil(t, fault())
	require.Zero(t, flagsNow())
	a, b := bytes.Repeat([]byte("0123456789abcdef"), 1000), make([]byte, 16000)
	copy(b, a)
	require.True(t, bytes.Equal(a, b))
	require.NoError(t, start.Space.Unmap(at+mm.PageSize, n))
	require.NoError(t, start.Frames.FreeContiguous(f, 4))
}
