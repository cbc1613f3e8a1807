//go:build tamago && derived

package kernel

import (
	"runtime"
	"runtime/debug"
	"sync"
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

// TestNobodyOutrunsTheCollector allocates on all processors while a collection
// marks, faster than it can end.
func TestNobodyOutrunsTheCollector(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	total := start.Frames.Stats().Total * mm.PageSize
	live := make([][]byte, total>>22) // a quarter of the RAM: marking takes time
	for i := range live {
		live[i] = make([]byte, 1<<20)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for got := uint64(0); got < 2*total/uint64(runtime.GOMAXPROCS(0)); got += 1 << 20 {
				kept := make([]byte, 1<<20)
				kept[0] = 1
				runtime.KeepAlive(kept)
			}
		})
	}
	all.Wait()
	runtime.KeepAlive(live)
	runtime.ReadMemStats(&after)
	t.Logf("%d MiB of RAM: %d collections", total>>20, after.NumGC-before.NumGC)
	require.Greater(t, after.NumGC, before.NumGC)
	live = nil
	debug.FreeOSMemory()
}

var garbage []byte
