//go:build tamago && derived

package start

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
)

// The hooks, as the runtime calls them, far above what the heap uses.
const far = uintptr(mm.HeapEnd) - 1<<40/4

func TestAHeapThatCannotGrowTakesNothing(t *testing.T) {
	before := Frames.Stats().Used
	require.False(t, grow(far, 1<<40/8), "more than there is")
	after := Frames.Stats().Used
	require.Equal(t, before, after)
	_, ok := Space.Next(mm.VirtAddr(far), mm.VirtAddr(far)+1<<40/8-1)
	require.False(t, ok)
	require.False(t, grow(uintptr(mm.HeapBase)-mm.PageSize, mm.PageSize), "before the heap")
	require.False(t, grow(uintptr(mm.HeapEnd), mm.PageSize), "behind it")
}

// TestTheReserveIsEnoughForTheHeapsNextArena wherever the heap ends now: what the
// runtime skips so that an arena is aligned, it takes, too.
func TestTheReserveIsEnoughForTheHeapsNextArena(t *testing.T) {
	const arena = 4 << 20
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	type run struct {
		first mm.Frame
		n     uint64
	}
	taken := make([]run, 0, 1<<12)
	for _, skipped := range []uintptr{0, mm.PageSize, 256 << 10, arena / 2, arena/2 + mm.PageSize, arena - mm.PageSize} {
		KeepReserve()
		require.EqualValues(t, reservePages*mm.LargePageSize, Reserve())
		before := Frames.Stats().Used
		taken = taken[:0]
		for len(taken) < cap(taken) {
			first, n, err := Frames.AllocRun(1 << 40)
			if err != nil {
				break
			}
			taken = append(taken, run{first, n})
		}
		at, size := far+arena-skipped, skipped+arena
		grown := grow(at, size)
		unused(at, size)
		for _, r := range taken {
			_ = Frames.FreeContiguous(r.first, r.n)
		}
		fillReserve()
		after := Frames.Stats().Used
		require.True(t, grown, "%d KiB skipped", skipped>>10)
		require.Equal(t, before, after)
	}
	require.NoError(t, Frames.Verify())
}

func TestWhatTheHeapDoesNotUseComesBackZero(t *testing.T) {
	before := Frames.Stats().Used
	const n = 5 << 20
	require.True(t, grow(far, n))
	b := mm.VirtAddr(far).Bytes(n)
	for i := 0; i < n; i += mm.PageSize {
		b[i] = 1
	}
	unused(far+3*mm.PageSize+1, 7*mm.PageSize)
	for i := uintptr(0); i < 12; i++ {
		_, err := Space.Translate(mm.VirtAddr(far + i*mm.PageSize))
		require.Equal(t, i >= 4 && i < 10, err != nil, "page %d: only whole pages go", i)
	}
	used(far, n)
	require.EqualValues(t, 1, b[3*mm.PageSize])
	require.EqualValues(t, 0, b[4*mm.PageSize])
	require.EqualValues(t, 0, b[9*mm.PageSize])
	require.EqualValues(t, 1, b[10*mm.PageSize])
	unused(far, n)
	require.Equal(t, before, Frames.Stats().Used, "with the tables")
}
