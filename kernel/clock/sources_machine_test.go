//go:build tamago

package clock_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/clock"
	"vitrine/kernel/start"
)

// The counters of the machine that this test runs on.

func TestTheCountersOfThisMachineAgree(t *testing.T) {
	time.Sleep(20 * time.Millisecond)
	list := start.Clocks.Compare()
	require.GreaterOrEqual(t, len(list), 2)
	for _, r := range list {
		require.Empty(t, r.Trouble, r.Name)
		require.True(t, r.Long.OK, r.Name)
		require.InDelta(t, 0, r.Long.PPM, 5000+r.Long.Error, r.Name)
	}
}

func TestTimeGoesOnWhicheverCounterIsTheClock(t *testing.T) {
	t.Cleanup(func() { require.NoError(t, start.Clocks.Use("")) })
	last := clock.Nanotime()
	for _, name := range start.Clocks.Names() {
		require.NoError(t, start.Clocks.Use(name))
		require.Equal(t, name, start.Clocks.Clock().Name)
		for range 100 {
			now := clock.Nanotime()
			require.GreaterOrEqual(t, now, last, name)
			last = now
		}
		before := time.Now()
		time.Sleep(10 * time.Millisecond)
		require.GreaterOrEqual(t, time.Since(before), 10*time.Millisecond, name)
		require.Less(t, time.Since(before), 5*time.Second, name)
		require.Positive(t, clock.LongestSleep())
	}
}

func TestTheRateIsTrimmed(t *testing.T) {
	time.Sleep(20 * time.Millisecond)
	_, from, to, err := start.Clocks.Trim()
	if err == clock.ErrExact {
		t.Skip("the processor tells its rate")
	}
	require.NoError(t, err)
	require.InEpsilon(t, from, to, 0.005)
	require.Equal(t, to, clock.Frequency())
}
