package paging_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
)

func TestAProcessSeesTheKernelsHalfAndHasItsOwnLowerOne(t *testing.T) {
	m, kernel := space(t, 20)
	require.NoError(t, kernel.PreallocateUpper(256, 511))
	require.NoError(t, kernel.Map(high, 0x1000, 4*kib, rw, paging.Pages4K))
	require.NoError(t, kernel.Map(low, 0x1000, 4*kib, rw, paging.Pages4K))
	before := m.InUse
	user, err := kernel.NewUser()
	require.NoError(t, err)
	require.NotEqual(t, kernel.Root(), user.Root())
	require.Equal(t, before+1, m.InUse)

	_, err = user.Translate(low)
	require.ErrorIs(t, err, paging.ErrNotPresent, "the lower half begins empty")
	_, err = user.Translate(high)
	require.NoError(t, err)
	require.NoError(t, kernel.Map(mm.DirectMapBase, 0, 4*kib, rw, paging.Pages4K))
	_, err = user.Translate(mm.DirectMapBase)
	require.NoError(t, err, "what the kernel maps later is there, too")
	require.NoError(t, kernel.Unmap(high, 4*kib))
	_, err = user.Translate(high)
	require.ErrorIs(t, err, paging.ErrNotPresent)
	require.NoError(t, user.Map(low, 0x2000, 4*kib, rw|paging.User, paging.Pages4K))
	p, err := kernel.Translate(low)
	require.NoError(t, err)
	require.Equal(t, mm.PhysAddr(0x1000), p)
}

func TestTheKernelsHalfIsSealedByTheFirstProcess(t *testing.T) {
	_, kernel := space(t, 20)
	require.NoError(t, kernel.PreallocateUpper(256))
	user, err := kernel.NewUser()
	require.NoError(t, err)
	for _, s := range []*paging.Space{kernel, &user} {
		require.ErrorIs(t, s.Map(high, 0, 4*kib, rw, paging.Pages4K), paging.ErrSealed)
		require.ErrorIs(t, s.PreallocateUpper(511), paging.ErrSealed)
		require.NoError(t, s.PreallocateUpper(256))
		require.NoError(t, s.Map(low, 0, 4*kib, rw, paging.Pages4K))
	}
}

func TestADestroyedProcessLeavesNothingBehind(t *testing.T) {
	m, kernel := space(t, 20)
	require.NoError(t, kernel.PreallocateUpper(256, 511))
	require.NoError(t, kernel.Map(high, 0x1000, 4*kib, rw, paging.Pages4K))
	before, mapped := m.InUse, mappings(kernel)
	for range 100 {
		user, err := kernel.NewUser()
		require.NoError(t, err)
		require.NoError(t, user.Map(0x40_0000, 0, 2*mib, rx|paging.User, paging.Pages2M))
		require.NoError(t, user.Map(mm.UserEnd-4*kib, 0, 4*kib, rw|paging.User, paging.Pages2M))
		require.NoError(t, user.Destroy())
	}
	require.Equal(t, before, m.InUse)
	require.Equal(t, mapped, mappings(kernel))
}

func TestOnlyEntriesOfTheUpperHalfArePreallocated(t *testing.T) {
	m, s := space(t, 2)
	require.ErrorIs(t, s.PreallocateUpper(255), paging.ErrIndex)
	require.ErrorIs(t, s.PreallocateUpper(512), paging.ErrIndex)
	require.ErrorIs(t, s.PreallocateUpper(-1), paging.ErrIndex)
	require.NoError(t, s.PreallocateUpper(256, 256, 511))
	require.Equal(t, 3, m.InUse)
	require.ErrorIs(t, s.PreallocateUpper(257), paging.ErrNoMemory)
	_, err := s.NewUser()
	require.ErrorIs(t, err, paging.ErrNoMemory)
}
