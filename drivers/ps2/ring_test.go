package ps2

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestARingGivesBytesInTheirOrderHoweverOftenItWraps(t *testing.T) {
	var r ring
	next := uint8(0)
	for round := range 10 {
		for range 100 {
			r.push(next)
			next++
		}
		require.Equal(t, 100, r.fill())
		for i := range 100 {
			s, ok := r.pop()
			require.True(t, ok)
			require.Equal(t, slot(uint8(round*100+i)), s)
		}
	}
	_, ok := r.pop()
	require.False(t, ok)
}

func TestAFullRingLosesTheNewestBytesAndMarksTheGap(t *testing.T) {
	var r ring
	for i := range ringSize + 3 {
		r.push(uint8(i))
	}
	require.EqualValues(t, 3, r.overruns.Load())
	for i := range ringSize {
		s, ok := r.pop()
		require.True(t, ok)
		require.Equal(t, slot(uint8(i)), s)
	}
	r.push(0x42)
	r.push(0x43)
	for _, want := range []slot{gapBit, 0x42, 0x43} {
		s, ok := r.pop()
		require.True(t, ok)
		require.Equal(t, want, s)
	}
}

func TestARingWorksWhenItsIndicesOverflow(t *testing.T) {
	var r ring
	r.head.Store(^uint32(0) - 1)
	r.tail.Store(^uint32(0) - 1)
	for i := range 5 {
		r.push(uint8(i))
	}
	require.Equal(t, 5, r.fill())
	for i := range 5 {
		s, ok := r.pop()
		require.True(t, ok)
		require.Equal(t, slot(uint8(i)), s)
	}
}

func TestARingCarriesBytesBetweenTwoGoroutines(t *testing.T) {
	const n = 100_000
	var r ring
	go func() {
		for i := 0; i < n; {
			if r.fill() < ringSize {
				r.push(uint8(i))
				i++
				continue
			}
			runtime.Gosched()
		}
	}()
	for i := 0; i < n; {
		s, ok := r.pop()
		if !ok {
			runtime.Gosched()
			continue
		}
		if s != slot(uint8(i)) {
			require.Failf(t, "out of order", "byte %d is %#x", i, s)
		}
		i++
	}
	require.Zero(t, r.overruns.Load())
}
