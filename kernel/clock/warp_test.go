package clock

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/cpu"
)

func TestWarpFindsNothingWhereTheCountersAgree(t *testing.T) {
	var w Warp
	done := make(chan bool)
	go func() { done <- w.Run(1000, 1<<40) }()
	require.True(t, w.Run(1000, 1<<40))
	require.True(t, <-done)
	require.Zero(t, w.Back())
}

func TestWarpDoesNotWaitForEver(t *testing.T) {
	var w Warp
	require.False(t, w.Run(10, 100_000))
}

func TestWarpTellsHowFarBackATSCIs(t *testing.T) {
	w := Warp{here: 1, gone: 1, last: cpu.TSC() + 10_000_000_000}
	require.True(t, w.Run(1, 1000))
	require.InDelta(t, 10_000_000_000, w.Back(), 9_000_000_000)
	require.NotZero(t, w.Back())
}
