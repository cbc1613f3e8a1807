//go:build tamago && derived

package start_test

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/start"
	"vitrine/mm"
	"vitrine/mm/audit"
	"vitrine/mm/paging"
)

var live [][]byte

// inOrder audits this machine's memory.
func inOrder(t *testing.T) audit.Report {
	t.Helper()
	r := audit.Run(&start.Frames, audit.Space{Name: "kernel", Tables: &start.Space, Regions: &start.Regions})
	require.Empty(t, r.Violations)
	return r
}

// heapPages returns how many bytes of the heap are mapped by large pages, and
// in all.
func heapPages() (large, all uint64) {
	for m := range start.Space.Visit {
		if m.Start >= mm.HeapBase && m.Start < mm.HeapEnd {
			all += m.Size
			if m.Level == paging.Pages2M {
				large += m.Size
			}
		}
	}
	return large, all
}

// fill allocates 24 MiB, looks whether they are zero, and writes to them.
func fill(t *testing.T) {
	for i := range 24 {
		b := make([]byte, 1<<20)
		for j := range b {
			if b[j] != 0 {
				require.Fail(t, "fresh memory is not zero")
			}
			b[j] = byte(i)
		}
		live = append(live, b)
	}
}

func TestTheHeapTakesLargePagesAndGivesThemBack(t *testing.T) {
	fill(t) // the runtime's records grow with the heap, and stay
	large, all := heapPages()
	require.GreaterOrEqual(t, large, uint64(8<<20))
	require.GreaterOrEqual(t, all, uint64(24<<20))
	inOrder(t)
	live = nil
	debug.FreeOSMemory()
	before := start.Frames.Stats().Used
	returned := start.HeapBytes.Returned

	fill(t)
	require.GreaterOrEqual(t, start.Frames.Stats().Used-before, uint64(20<<20/mm.PageSize))
	for i := range live { // every other MiB: large pages are split
		if i%2 == 0 {
			live[i] = nil
		}
	}
	debug.FreeOSMemory()
	require.GreaterOrEqual(t, start.HeapBytes.Returned-returned, uint64(10<<20))
	inOrder(t)
	for i, b := range live {
		if b != nil {
			require.Equal(t, byte(i), b[0])
			require.Equal(t, byte(i), b[len(b)-1])
		}
	}
	live = nil
	debug.FreeOSMemory()
	require.InDelta(t, before, start.Frames.Stats().Used, 256, "1 MiB, for tables and the runtime's own records")
	inOrder(t)
}

func TestTheHeapComesBackTimeAndAgain(t *testing.T) {
	round := func() {
		b := make([]byte, 3<<20)
		for i := 0; i < len(b); i += mm.PageSize {
			if b[i] != 0 {
				require.Fail(t, "memory that was given back is not zero")
			}
			b[i] = 0xff
		}
		runtime.KeepAlive(b)
		b = nil
		debug.FreeOSMemory()
	}
	round()
	before := start.Frames.Stats()
	for range 1000 {
		round()
	}
	after := start.Frames.Stats()
	require.InDelta(t, before.Used, after.Used, 256, "1 MiB: the runtime's own records and goroutines")
	inOrder(t)
}
