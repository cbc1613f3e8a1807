package interrupts

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSleepAddsUp(t *testing.T) {
	var s Sleep
	total := func(now int64) int64 { ns, _ := s.Total(now); return ns }
	require.Zero(t, total(100))
	s.Begin(0) // at the very start
	ns, asleep := s.Total(30)
	require.True(t, asleep)
	require.EqualValues(t, 30, ns)
	s.End(50)
	ns, asleep = s.Total(70)
	require.False(t, asleep)
	require.EqualValues(t, 50, ns)
	s.Begin(100)
	require.EqualValues(t, 50, total(100))
	require.EqualValues(t, 50+11, total(111))
	s.End(100)
	require.EqualValues(t, 50, total(1000))
}

func TestSleepIsNeverSeenHalfChanged(t *testing.T) {
	const naps, length = 20_000, 10
	var s Sleep
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range int64(naps) {
			s.Begin(2 * i * length)
			s.End((2*i + 1) * length)
		}
	})
	for last := int64(0); last < naps*length; {
		ns, asleep := s.Total(1 << 40)
		if asleep {
			continue // that long ago: no sense in it
		}
		require.Zero(t, ns%length)
		require.GreaterOrEqual(t, ns, last)
		last = ns
	}
	wg.Wait()
}

func TestLoadSortsInterruptsByKind(t *testing.T) {
	var c CPU
	for v := range Vectors {
		c.counts[v] = 1
	}
	c.counts[VectorTimer], c.counts[VectorWake], c.counts[VectorFlush] = 100, 20, 3
	c.Halts, c.flushes = 7, 8
	c.Sleep.Begin(1000)
	require.Equal(t, Load{
		Asleep: 500, Idle: true, Halts: 7, Flushes: 8,
		Timer: 101, Device: 15, Wakes: 20, Requests: 3, Exception: 32,
	}, c.Load(1500))
	require.Zero(t, testing.AllocsPerRun(10, func() { c.Load(1500) }))
}
