package paging_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
)

func TestADuplicateHasTheSamePagesCopyOnWrite(t *testing.T) {
	m, kernel := space(t, 30)
	from, err := kernel.NewUser()
	require.NoError(t, err)
	to, err := kernel.NewUser()
	require.NoError(t, err)
	var frames [3]mm.Frame
	for i, flags := range []paging.Entry{rw, ro, rw} {
		frames[i], err = m.Alloc()
		require.NoError(t, err)
		require.NoError(t, from.Map(0x40_0000+mm.VirtAddr(i*8*kib), frames[i].Addr(), 4*kib, flags, paging.Pages4K))
	}
	m.Flushed()
	n, err := to.Duplicate(&from, 0x40_0000, 0x40_3fff, m)
	require.NoError(t, err)
	require.EqualValues(t, 2, n, "the third page is behind the end")
	flushes, _ := m.Flushed()
	require.Equal(t, []mm.VirtAddr{0x40_0000}, flushes, "the page that was writable")
	for _, s := range []*paging.Space{&from, &to} {
		mapping, ok := s.Next(0x40_0000, 0x40_0fff)
		require.True(t, ok)
		require.Equal(t, frames[0], mapping.Phys.Frame())
		require.True(t, mapping.Flags.Has(paging.CopyOnWrite))
		require.False(t, mapping.Flags.Has(paging.Writable))
		mapping, _ = s.Next(0x40_2000, 0x40_2fff)
		require.False(t, mapping.Flags.Has(paging.CopyOnWrite))
	}
	require.EqualValues(t, 2, m.Owners(frames[0]))
	require.EqualValues(t, 2, m.Owners(frames[1]))
	require.EqualValues(t, 1, m.Owners(frames[2]))

	n, err = to.Duplicate(&from, 0x40_0000, 0x40_3fff, m)
	require.NoError(t, err)
	require.Zero(t, n, "what is there stays")
	n, err = to.Duplicate(&from, 0x80_0000, 0x80_3fff, m)
	require.NoError(t, err)
	require.Zero(t, n, "no table, nothing to do")
}

func TestReplaceChangesAPageInPlace(t *testing.T) {
	m, s := space(t, 30)
	require.ErrorIs(t, s.Replace(low, 0x5000, rw), paging.ErrNotPresent)
	require.NoError(t, s.Map(low, 0x1000, 4*kib, ro, paging.Pages4K))
	m.Flushed()
	require.NoError(t, s.Replace(low, 0x5000, rw))
	flushes, _ := m.Flushed()
	require.Equal(t, []mm.VirtAddr{low}, flushes)
	mapping, ok := s.Next(low, low)
	require.True(t, ok)
	require.EqualValues(t, 0x5000, mapping.Phys)
	require.True(t, mapping.Flags.Has(paging.Writable))
	require.ErrorIs(t, s.Replace(low+1, 0x5000, rw), paging.ErrAlign)
	require.ErrorIs(t, s.Replace(low, 1<<52, rw), paging.ErrPhysical)
	require.ErrorIs(t, s.Replace(1<<50, 0, rw), paging.ErrNonCanonical)
	require.ErrorIs(t, s.Replace(low, 0, paging.Writable), paging.ErrWriteExecute)
	require.NoError(t, s.Map(high, 0x20_0000, 2*mib, ro, paging.Pages2M))
	require.ErrorIs(t, s.Replace(high, 0, ro), paging.ErrNotPresent, "a large page is no page of 4 KiB")
}
