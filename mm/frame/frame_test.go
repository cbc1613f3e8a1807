package frame

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
)

const mib = 1 << 20

// machine returns an allocator of [0, end) with RAM in the ranges given.
func machine(end mm.PhysAddr, ram ...mm.PhysRange) *Allocator {
	a := &Allocator{}
	a.Init(make([]uint64, StorageWords(end.Frame())), end.Frame())
	for _, r := range ram {
		a.AddRange(r)
	}
	return a
}

func TestSingleFramesComeFromAboveLowMemoryFirst(t *testing.T) {
	a := machine(32*mib, mm.PhysRange{Start: 0, End: 32 * mib})
	f, err := a.Alloc()
	require.NoError(t, err)
	require.Equal(t, LowEnd, f.Addr())
	for range 4095 {
		_, err = a.Alloc()
		require.NoError(t, err)
	}
	f, err = a.Alloc()
	require.NoError(t, err)
	require.Equal(t, mm.PhysAddr(0x1000), f.Addr(), "frame 0 is nobody's")
	require.NoError(t, a.Free((LowEnd + 5*mib).Frame()))
	f, err = a.Alloc()
	require.NoError(t, err)
	require.Equal(t, LowEnd+5*mib, f.Addr(), "low memory is the last resort")
}
