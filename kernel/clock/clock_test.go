package clock

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOneSecondOfTicksIsOneSecond(t *testing.T) {
	for _, hz := range []uint64{1_000_000, 1_193_182, 999_999_937, 1_000_000_000, 2_995_199_000, 5_800_000_000} {
		ns := Scale(hz, Multiplier(hz))
		require.InDelta(t, 1e9, float64(ns), 2, "%d Hz", hz)
	}
}

func TestScaleDoesNotWrapAfterAYear(t *testing.T) {
	const hz, year = 3_000_000_000, 366 * 24 * 3600
	ns := Scale(hz*year, Multiplier(hz))
	require.InEpsilon(t, float64(year)*1e9, float64(ns), 1e-8)
}

func TestAnUnknownRateCountsTicks(t *testing.T) {
	require.Equal(t, uint64(12345), Scale(12345, Multiplier(0)))
}

func TestNanotimeGrowsAndIsNeverZero(t *testing.T) {
	last := Nanotime()
	require.Positive(t, last)
	for range 1000 {
		now := Nanotime()
		require.GreaterOrEqual(t, now, last)
		last = now
	}
}

func TestTicksUndoesScale(t *testing.T) {
	require.Equal(t, uint64(2_500_000), Ticks(1_000_000, 2_500_000_000))
	require.Equal(t, ^uint64(0), Ticks(^uint64(0), 2_500_000_000), "clamped")
}
