//go:build !tamago

package frame_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/cpu"
	"vitrine/mm"
	"vitrine/mm/frame"
)

// On the host a test can be on any processor, as far as cpu.Pin is concerned.

// on makes the test run on processor n.
func on(n int) { cpu.Hosted.Store(int32(n)) }

// mutex is a lock for goroutines of the host.
type mutex struct{ sync.Mutex }

func newLock() mm.Locker       { return new(mutex) }
func (m *mutex) Lock() uint64  { m.Mutex.Lock(); return 0 }
func (m *mutex) Unlock(uint64) { m.Mutex.Unlock() }

func TestAFrameInACacheIsFreedOnlyOnce(t *testing.T) {
	defer on(0)
	a := cached(64 * mib)
	f := mustAlloc(t, a)
	require.NoError(t, a.Free(f))
	for n := range processors + 1 { // the last one has no cache
		on(n)
		before := a.Stats()
		require.ErrorIs(t, a.Free(f), frame.ErrDoubleFree)
		require.ErrorIs(t, a.FreeContiguous(f, 1), frame.ErrDoubleFree)
		require.ErrorIs(t, a.Share(f), frame.ErrFree)
		require.ErrorIs(t, a.Free(0), frame.ErrNotManaged)
		require.ErrorIs(t, a.Free(1<<40), frame.ErrNotManaged)
		require.Zero(t, a.Owners(f))
		require.Equal(t, before, a.Stats())
	}
}

func TestNoRequestFailsForWhatCachesHold(t *testing.T) {
	defer on(0)
	a := cached(17 * mib)
	for n := range processors {
		on(n)
		require.NoError(t, a.Free(mustAlloc(t, a)))
	}
	total := a.Stats().Free
	require.EqualValues(t, processors*33, a.Stats().Cached, "a batch each, and the frame itself")
	first, n := a.LargestRun()
	require.EqualValues(t, total, n, "all but frame 0")
	require.Equal(t, mm.Frame(1), first)

	var all []mm.Frame
	for i := uint64(0); i < total; i++ {
		on(int(i) % (processors + 1))
		all = append(all, mustAlloc(t, a))
	}
	_, err := a.Alloc()
	require.ErrorIs(t, err, frame.ErrNoMemory)
	require.EqualValues(t, total, a.Stats().Used)
	for i, f := range all[:processors*frame.CacheSize] { // the last ones are low memory
		on(i % processors)
		require.NoError(t, a.Free(f))
	}
	require.NotZero(t, a.Stats().Cached)
	on(processors)
	for range processors * frame.CacheSize {
		mustAlloc(t, a)
	}
	_, err = a.Alloc()
	require.ErrorIs(t, err, frame.ErrNoMemory)
	require.NoError(t, a.Verify())
}

func TestOwnersAreCountedOnAllProcessors(t *testing.T) {
	defer on(0)
	a := cached(64 * mib)
	f := mustAlloc(t, a)
	for n := range processors + 1 {
		on(n)
		require.NoError(t, a.Share(f))
	}
	require.EqualValues(t, processors+1, a.Stats().Shared)
	require.EqualValues(t, processors+2, a.Owners(f))
	require.NoError(t, a.Verify())
	for n := range processors + 2 {
		on(n % 2)
		require.Equal(t, frame.Used, a.State(f))
		require.NoError(t, a.Free(f))
	}
	require.Equal(t, frame.Free, a.State(f))
	require.Zero(t, a.Stats().Shared)
	require.NoError(t, a.Verify())
}
