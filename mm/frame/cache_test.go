package frame_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/frame"
	"vitrine/mm/frame/frametest"
)

const processors = 4

// cached returns an allocator of [0, end), all of it RAM, with caches.
func cached(end mm.PhysAddr) *frame.Allocator {
	a := allRAM(end)
	a.StartCaches(make([]frame.Cache, processors))
	return a
}

func TestTheSuitePassesWithCaches(t *testing.T) {
	a := cached(64 * mib)
	frametest.Run(t, a)
	require.Zero(t, a.Stats().Used)
	require.NoError(t, a.Verify())
	frametest.Run(t, cached(mib))
}

func TestAFrameComesFromTheCacheAndGoesBackThere(t *testing.T) {
	a := cached(64 * mib)
	first := mustAlloc(t, a)
	require.Equal(t, frame.LowEnd.Frame(), first, "the lowest above low memory")
	require.Equal(t, first+1, mustAlloc(t, a), "and then upwards")
	l := &lock{t: t}
	a.Locker = l
	for range 100 {
		require.NoError(t, a.Free(first))
		require.Equal(t, frame.Free, a.State(first))
		require.Equal(t, first, mustAlloc(t, a), "the one that was freed last")
	}
	require.Equal(t, 100, l.taken, "State takes the lock, Alloc and Free do not")
}

func TestCachesAreFilledAndEmptiedInBatches(t *testing.T) {
	a := cached(64 * mib)
	l := &lock{t: t}
	a.Locker = l
	var all []mm.Frame
	for range 1000 {
		all = append(all, mustAlloc(t, a))
	}
	require.LessOrEqual(t, l.taken, 1000/32+1)
	require.EqualValues(t, 1000, a.Stats().Used)
	taken := l.taken
	for _, f := range all {
		require.NoError(t, a.Free(f))
	}
	require.LessOrEqual(t, l.taken-taken, 1000/32+1)
	s := a.Stats()
	require.Zero(t, s.Used)
	require.LessOrEqual(t, s.Cached, uint64(frame.CacheSize))
	require.Positive(t, s.Cached)
	require.NoError(t, a.Verify())
}

func TestRunsAreFoundAlthoughACacheHasAPart(t *testing.T) {
	for what, alloc := range map[string]func(a *frame.Allocator) error{
		"a run of one": func(a *frame.Allocator) error { _, n, err := a.AllocRun(1); require.EqualValues(t, 1, n); return err },
		"all":          func(a *frame.Allocator) error { _, err := a.AllocContiguous(32, 1, 0); return err },
	} {
		a := machine(17*mib, mm.PhysRange{Start: frame.LowEnd, End: frame.LowEnd + 32*mm.PageSize})
		a.StartCaches(make([]frame.Cache, 1))
		require.NoError(t, a.Free(mustAlloc(t, a)))
		require.EqualValues(t, 32, a.Stats().Cached+a.Stats().Used, "nothing is left but in the cache")
		require.NoError(t, alloc(a), what)
		require.NoError(t, a.Verify())
	}
}

func TestLowMemoryIsInNoCache(t *testing.T) {
	a := cached(mib)
	require.NoError(t, a.Free(mustAlloc(t, a)))
	require.Zero(t, a.Stats().Cached)
	a = cached(17 * mib)
	f, err := a.AllocContiguous(1, 1, mib)
	require.NoError(t, err)
	require.NoError(t, a.Free(f))
	require.Zero(t, a.Stats().Cached)
	require.EqualValues(t, frame.LowEnd/mm.PageSize-1, a.Stats().LowFree)
}

func TestAReservedFrameLeavesItsCache(t *testing.T) {
	a := cached(64 * mib)
	f := mustAlloc(t, a)
	require.NoError(t, a.Free(f))
	a.Reserve(mm.PhysRange{Start: f.Addr(), End: f.Addr() + 1})
	require.Equal(t, frame.Reserved, a.State(f))
	require.NotEqual(t, f, mustAlloc(t, a))
	require.NoError(t, a.Verify())
}

func TestCachesUseNoHeapMemory(t *testing.T) {
	a := cached(64 * mib)
	var all [100]mm.Frame
	require.Zero(t, testing.AllocsPerRun(100, func() {
		for i := range all {
			all[i], _ = a.Alloc()
			_ = a.Share(all[i])
		}
		for _, f := range all {
			_ = a.Free(f)
			_ = a.Free(f)
		}
		_ = a.Stats()
	}))
}

// TestProcessorsDoNotDisturbEachOther runs under the race detector, too. On the
// host cpu.Pin keeps nobody away, so the caches' locks have more to do there
// than on the machine.
func TestProcessorsDoNotDisturbEachOther(t *testing.T) {
	defer on(0)
	a := cached(20 * mib)
	a.Locker = newLock()
	var wg sync.WaitGroup
	var wrong atomic.Int64
	for seed := range uint64(2 * processors) {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1))
			var mine []mm.Frame
			for range 3000 {
				on(random.IntN(processors))
				switch n := random.IntN(8); {
				case n < 3:
					if f, err := a.Alloc(); err == nil && a.Owners(f) == 1 {
						mine = append(mine, f)
					} else {
						wrong.Add(1)
					}
				case n == 3 && len(mine) > 0:
					if a.Share(mine[0]) != nil || a.Free(mine[0]) != nil {
						wrong.Add(1)
					}
				case n == 4:
					if f, got, err := a.AllocRun(5); err != nil || a.FreeContiguous(f, got) != nil {
						wrong.Add(1)
					}
				case n == 5 && random.IntN(100) == 0:
					if a.Verify() != nil || a.Stats().Shared > 2*processors {
						wrong.Add(1)
					}
				case len(mine) > 0:
					if a.Free(mine[len(mine)-1]) != nil {
						wrong.Add(1)
					}
					mine = mine[:len(mine)-1]
				}
			}
			for _, f := range mine {
				if a.Free(f) != nil {
					wrong.Add(1)
				}
			}
		})
	}
	wg.Wait()
	require.Zero(t, wrong.Load())
	require.Zero(t, a.Stats().Used)
	require.NoError(t, a.Verify())
}
