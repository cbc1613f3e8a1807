package frame_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/frame"
)

func TestASharedFrameIsFreeWhenItsLastOwnerFreesIt(t *testing.T) {
	a := allRAM(32 * mib)
	f := mustAlloc(t, a)
	require.EqualValues(t, 1, a.Owners(f))
	require.NoError(t, a.Share(f))
	require.NoError(t, a.Share(f))
	require.EqualValues(t, 3, a.Owners(f))
	require.EqualValues(t, 2, a.Stats().Shared)
	require.NoError(t, a.Verify())
	for owners := range uint64(3) {
		require.Equal(t, frame.Used, a.State(f))
		require.EqualValues(t, 3-owners, a.Owners(f))
		require.NoError(t, a.Free(f))
	}
	require.Equal(t, frame.Free, a.State(f))
	require.Zero(t, a.Owners(f))
	require.ErrorIs(t, a.Free(f), frame.ErrDoubleFree)
	require.Zero(t, a.Stats().Shared)
	require.NoError(t, a.Verify())
}

func TestOnlyFramesInUseAreShared(t *testing.T) {
	a := machine(32*mib, mm.PhysRange{Start: 17 * mib, End: 18 * mib})
	require.ErrorIs(t, a.Share(mm.PhysAddr(17*mib).Frame()), frame.ErrFree)
	require.ErrorIs(t, a.Share(0), frame.ErrNotManaged)
	require.ErrorIs(t, a.Share(1<<40), frame.ErrNotManaged)
	require.Zero(t, a.Owners(1<<40))
}

func TestOwnersAreCountedUpToALimit(t *testing.T) {
	a := allRAM(32 * mib)
	f, err := a.AllocContiguous(3, 1, 0)
	require.NoError(t, err)
	for range frame.MaxOwners - 1 {
		require.NoError(t, a.Share(f+1))
	}
	require.ErrorIs(t, a.Share(f+1), frame.ErrOwners)
	require.EqualValues(t, frame.MaxOwners, a.Owners(f+1))
	require.EqualValues(t, 1, a.Owners(f), "its neighbours are not concerned")
	require.EqualValues(t, 1, a.Owners(f+2))
}

func TestAReservedFrameHasNoOwners(t *testing.T) {
	a := allRAM(32 * mib)
	f := mustAlloc(t, a)
	require.NoError(t, a.Share(f))
	require.NoError(t, a.Share(f))
	a.Reserve(mm.PhysRange{Start: f.Addr(), End: f.Addr() + 1})
	require.Zero(t, a.Owners(f))
	require.NoError(t, a.Verify())
}

func TestARunIsFreedButForWhatOthersOwn(t *testing.T) {
	a := allRAM(32 * mib)
	f, err := a.AllocContiguous(200, 1, 0)
	require.NoError(t, err)
	require.NoError(t, a.Share(f+63))
	require.NoError(t, a.Share(f+64))
	require.NoError(t, a.FreeContiguous(f, 200))
	require.EqualValues(t, 2, a.Stats().Used)
	require.NoError(t, a.Verify())
	require.NoError(t, a.FreeContiguous(f+63, 2))
	require.Zero(t, a.Stats().Used)
}
