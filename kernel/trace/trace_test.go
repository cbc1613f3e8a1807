package trace

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func newSet(t *testing.T) (*Set, *Point, *Point) {
	kbd := New("kbd", "keys on their way to the shell",
		Stage{Name: "byte"},
		Stage{Name: "rune", Format: func(a [3]uint64) string { return fmt.Sprintf("%q", rune(a[0])) }})
	irq := New("irq", "interrupts", Stage{Name: "enter"})
	s := new(Set)
	require.NoError(t, s.Add(kbd, irq))
	return s, kbd, irq
}

func all(s *Set) []string {
	var out []string
	list, _ := s.Since(0, nil)
	for _, e := range list {
		out = append(out, e.String())
	}
	return out
}

func TestAPointRecordsOnlyWhileItIsOn(t *testing.T) {
	s, kbd, irq := newSet(t)
	New("nobody's", "").Record(0, 1, 2, 3)
	kbd.Record(0, 1, 0, 0)
	require.NoError(t, s.Switch("kbd", true))
	require.True(t, kbd.On())
	kbd.Record(0, 0x1e, 0, 0)
	irq.Record(0, 33, 0, 0)
	kbd.Record(1, 'a', 0, 0)
	require.NoError(t, s.Switch("kbd", false))
	kbd.Record(1, 'b', 0, 0)
	require.Equal(t, []string{
		"[   0.000000] kbd     byte      0x1e",
		"[   0.000000] kbd     rune      'a'",
	}, all(s))
	require.EqualValues(t, 2, kbd.Count())
}

func TestEventsCarryTimeAndArguments(t *testing.T) {
	s, kbd, _ := newSet(t)
	s.Now = func() int64 { return 5_201_377_999 }
	require.NoError(t, s.Switch("kbd", true))
	kbd.Record(0, 1, 2, 3)
	kbd.Record(0, 0, 2, 0)
	kbd.Record(9, 0, 0, 0)
	require.Equal(t, []string{
		"[   5.201377] kbd     byte      0x1 0x2 0x3",
		"[   5.201377] kbd     byte      0x0 0x2",
		"[   5.201377] kbd     stage 9   0x0",
	}, all(s))
}

func TestAnUnknownOrDoubleNameIsRefused(t *testing.T) {
	s, _, _ := newSet(t)
	require.EqualError(t, s.Switch("kdb", true), `no trace point "kdb": there are irq, kbd`)
	require.EqualError(t, s.Add(New("kbd", "")), `there are two trace points named "kbd"`)
}

func TestTheRingKeepsTheLastEvents(t *testing.T) {
	s, kbd, _ := newSet(t)
	require.NoError(t, s.Switch("kbd", true))
	const n = 3*Capacity + 5
	for i := range n {
		kbd.Record(0, uint64(i), 0, 0)
	}
	list, next := s.Since(0, nil)
	require.Len(t, list, Capacity)
	require.EqualValues(t, n, next)
	require.EqualValues(t, n, s.Next())
	for i, e := range list {
		require.EqualValues(t, n-Capacity+i, e.Args[0])
		require.EqualValues(t, n-Capacity+i, e.Number)
	}
	list, next = s.Since(next, list[:0])
	require.Empty(t, list)
	require.EqualValues(t, n, next)
}

func TestAHalfWrittenEventIsNotShown(t *testing.T) {
	s, kbd, _ := newSet(t)
	require.NoError(t, s.Switch("kbd", true))
	kbd.Record(0, 1, 0, 0)
	s.next.Add(1) // a writer that was interrupted before it stored anything
	list, next := s.Since(0, nil)
	require.Len(t, list, 1)
	require.EqualValues(t, 1, next, "it may yet come")
	kbd.Record(0, 3, 0, 0)
	list, next = s.Since(next, nil)
	require.Len(t, list, 1)
	require.EqualValues(t, 3, next)
}

func TestRecordingDoesNotAllocate(t *testing.T) {
	s, kbd, irq := newSet(t)
	s.Now = func() int64 { return 1 }
	s.Wake = func() {}
	require.NoError(t, s.Switch("kbd", true))
	require.Zero(t, testing.AllocsPerRun(100, func() {
		kbd.Record(0, 1, 2, 3)
		irq.Record(0, 1, 2, 3)
	}))
}

func TestFollowShowsEventsAsTheyHappen(t *testing.T) {
	s, kbd, _ := newSet(t)
	pending := make(chan struct{}, 1)
	s.Wake = func() {
		select {
		case pending <- struct{}{}:
		default:
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	go s.Serve(ctx, func(ctx context.Context) {
		select {
		case <-pending:
		case <-ctx.Done():
		}
	})
	require.NoError(t, s.Switch("kbd", true))
	kbd.Record(0, 1, 0, 0)
	seen := make(chan uint64)
	done := make(chan error)
	go func() {
		done <- s.Follow(ctx, 1, func(list []Event) error {
			for _, e := range list {
				seen <- e.Args[0]
			}
			return nil
		})
	}()
	for i := uint64(2); i < 50; i++ {
		kbd.Record(0, i, 0, 0)
		require.Equal(t, i, <-seen)
	}
	stop()
	require.ErrorIs(t, <-done, context.Canceled)
	require.Empty(t, s.followers)
}

func TestManyWritersNeverShowAMixture(t *testing.T) {
	s, kbd, irq := newSet(t)
	require.NoError(t, s.Switch("kbd", true))
	require.NoError(t, s.Switch("irq", true))
	var wg sync.WaitGroup
	for _, p := range []*Point{kbd, irq} {
		wg.Go(func() {
			for i := range uint64(5 * Capacity) {
				p.Record(0, i, ^i, i*i)
			}
		})
	}
	next, seen := uint64(0), 0
	for seen < 100 {
		var list []Event
		list, next = s.Since(next, nil)
		for _, e := range list {
			i := e.Args[0]
			require.Equal(t, [3]uint64{i, ^i, i * i}, e.Args)
			seen++
		}
	}
	wg.Wait()
}
