//go:build tamago && derived

package kernel

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/interrupts"
	"vitrine/kernel/start"
	"vitrine/mm"
)

// TestFramesGoThroughTheCachesOfAllProcessors has goroutines on all processors
// take frames, write their mark into them, and look whether it is still there
// before they give them back.
func TestFramesGoThroughTheCachesOfAllProcessors(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // the heap changes little
	const rounds, most = 200, 100
	hands := make([][most]mm.Frame, 2*interrupts.Online())
	var wrong atomic.Int64
	check := func(ok bool) {
		if !ok {
			wrong.Add(1)
		}
	}
	round := func(mark uint64, mine []mm.Frame) {
		for i := range mine {
			f, err := start.Frames.Alloc()
			check(err == nil && start.Frames.Owners(f) == 1)
			mine[i] = f
			*(*uint64)(f.Addr().Direct().Pointer()) = mark<<32 | uint64(i)
		}
		check(start.Frames.Share(mine[0]) == nil && start.Frames.Free(mine[0]) == nil)
		for i, f := range mine {
			check(*(*uint64)(f.Addr().Direct().Pointer()) == mark<<32|uint64(i))
			check(start.Frames.Free(f) == nil)
		}
	}
	all := func(rounds int) {
		var wg sync.WaitGroup
		for id := range hands {
			wg.Go(func() {
				for n := range rounds {
					round(uint64(id), hands[id][:1+n%most])
					if n%50 == 0 {
						check(start.Frames.Verify() == nil)
					}
				}
			})
		}
		wg.Wait()
	}
	all(2) // goroutines and their stacks are there
	before, heap := start.Frames.Stats(), start.HeapBytes
	all(rounds)
	after, heapAfter := start.Frames.Stats(), start.HeapBytes
	require.Zero(t, wrong.Load())
	const tables = 4 // that a growing heap may take
	taken, returned := (heapAfter.Mapped-heap.Mapped)/mm.PageSize, (heapAfter.Returned-heap.Returned)/mm.PageSize
	require.InDelta(t, before.Used+taken-returned, after.Used, tables, "the heap has taken %d frames and returned %d", taken, returned)
	require.Zero(t, after.Shared)
	require.NoError(t, start.Frames.Verify())
	require.NotZero(t, after.Cached)
	t.Logf("%d frames handed out, %d in caches", after.Allocs-before.Allocs, after.Cached)
}
