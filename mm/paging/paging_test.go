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

func TestTranslateFindsWhatMapHasMapped(t *testing.T) {
	_, s := space(t, 3)
	require.NoError(t, s.Map(low, 0x1234_5000, 4*kib, rw, paging.Pages1G))
	p, err := s.Translate(low + 0x678)
	require.NoError(t, err)
	require.Equal(t, mm.PhysAddr(0x1234_5678), p)
	_, err = s.Translate(low + 4*kib)
	require.ErrorIs(t, err, paging.ErrNotPresent)
	_, err = s.Translate(mm.UserEnd)
	require.ErrorIs(t, err, paging.ErrNonCanonical)
}

func TestMapTakesTheLargestPagesThatFit(t *testing.T) {
	_, s := space(t, 5)
	// 4 KiB + 2 MiB + 1 GiB + 2 MiB + 4 KiB, around a multiple of 1 GiB.
	v, size := high+gib-2*mib-4*kib, uint64(gib+4*mib+8*kib)
	require.NoError(t, s.Map(v, mm.PhysAddr(v-high)+4*gib, size, rw, paging.Pages1G))
	var got []paging.Mapping
	for m := range s.Visit {
		got = append(got, m)
	}
	at := func(offset, phys mm.VirtAddr, size uint64, l paging.Level) paging.Mapping {
		return paging.Mapping{Start: v + offset, Phys: mm.PhysAddr(phys), Size: size, Flags: paging.Present | rw, Level: l}
	}
	require.Equal(t, []paging.Mapping{
		at(0, 5*gib-2*mib-4*kib, 4*kib, paging.Pages4K),
		at(4*kib, 5*gib-2*mib, 2*mib, paging.Pages2M),
		at(2*mib+4*kib, 5*gib, gib, paging.Pages1G),
		at(gib+2*mib+4*kib, 6*gib, 2*mib, paging.Pages2M),
		at(gib+4*mib+4*kib, 6*gib+2*mib, 4*kib, paging.Pages4K),
	}, got)
}

func TestUnmappingEverythingFreesEveryTable(t *testing.T) {
	m, s := space(t, 10)
	require.NoError(t, s.Map(low, 0, 4*mib+4*kib, rw, paging.Pages2M))
	require.Equal(t, 1+3, m.InUse)
	require.NoError(t, s.Unmap(low, 4*mib+4*kib))
	require.Equal(t, 1, m.InUse)
	pages, all := m.Flushed()
	require.Equal(t, []mm.VirtAddr{low, low + 2*mib, low + 4*mib}, pages)
	require.Zero(t, all)
}
