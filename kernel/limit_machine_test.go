//go:build tamago && derived

package kernel

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/start"
	"vitrine/mm"
)

// TestTheCollectorWorksHarderBeforeMemoryIsOut switches off what else makes it
// work, and allocates more than there is RAM. Stage memory has set the limit.
func TestTheCollectorWorksHarderBeforeMemoryIsOut(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	total := start.Frames.Stats().Total * mm.PageSize
	limit := debug.SetMemoryLimit(-1)
	require.EqualValues(t, total/4*3, limit)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var most uint64
	for got := uint64(0); got < 2*total; got += 1 << 20 {
		garbage = make([]byte, 1<<20)
		most = max(most, start.HeapBytes.Mapped-start.HeapBytes.Returned)
	}
	garbage = nil
	runtime.ReadMemStats(&after)
	t.Logf("%d MiB of RAM, %d MiB allocated: %d collections, the heap had %d MiB at most", total>>20, 2*total>>20, after.NumGC-before.NumGC, most>>20)
	require.Greater(t, after.NumGC, before.NumGC)
	require.Less(t, most, total, "the limit is a soft one; memory is not out, though")
	debug.FreeOSMemory()
}

var garbage []byte
