package commands

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/clock"
)

// fakeClocks says what it is told to say.
type fakeClocks struct {
	list     []clock.Reading
	compared int
	used     string
	err      error
}

func (c *fakeClocks) Compare() []clock.Reading {
	c.compared++
	if c.compared > 1 {
		for i := range c.list {
			c.list[i].Long.OK, c.list[i].Short.OK = true, true
		}
	}
	return c.list
}

func (c *fakeClocks) Names() []string { return []string{"tsc", "hpet"} }

func (c *fakeClocks) Use(name string) error {
	c.used = name
	return c.err
}

func (c *fakeClocks) Trim() (string, uint64, uint64, error) {
	return "hpet", 1_000_000_000, 1_000_012_345, c.err
}

func newFakeClocks() *fakeClocks {
	return &fakeClocks{list: []clock.Reading{
		{
			Source: clock.Source{Name: "tsc", Hz: 2_445_400_123, Bits: 64, How: "measured by hpet", Steady: true},
			Chosen: true, Cost: 38, Long: clock.Drift{OK: true, Over: 12e9},
		},
		{
			Source: clock.Source{Name: "hpet", Hz: 100_000_000, Bits: 64, How: "told by itself"},
			Cost:   1234, Long: clock.Drift{OK: true, Over: 12e9, PPM: -3.25, Error: 0.15}, Short: clock.Drift{OK: true, PPM: 1.5, Error: 20},
		},
		{
			Source: clock.Source{Name: "pit", Hz: 1_193_182, Bits: 16, How: "standard"}, Trouble: "it stands",
			Cost: 5000, Long: clock.Drift{OK: true, Over: 1e8, PPM: 1500, Error: 25},
		},
	}}
}

func TestClockShowsAllClocksAndTheirDrift(t *testing.T) {
	d := newDesk(t)
	require.Contains(t, d.run("clock"), "there is no clock on this machine")
	c := newFakeClocks()
	d.m.Clocks = c
	d.m.Timer = func() TimerInfo { return TimerInfo{"local APIC, counting", 31_250_000, 137_438_953_440} }
	require.Equal(t, ""+
		"   CLOCK        FREQUENCY  BITS  READ IN            DRIFT    OVER  RATE\n"+
		"*  tsc    2445.400123 MHz    64    38 ns           in use          measured by hpet, invariant\n"+
		"   hpet    100.000000 MHz    64  1.23 us  -3.25 ppm ±0.15  12.0 s  told by itself\n"+
		"   pit       1.193182 MHz    16  5.00 us    +1500 ppm ±25  100 ms  standard: it stands\n"+
		"timer: local APIC, counting, 31.250000 MHz, at most 2m17.439s\n", d.run("clock"))
	require.Equal(t, 1, c.compared)
}

func TestClockWaitsIfNothingIsKnownYet(t *testing.T) {
	d := newDesk(t)
	c := newFakeClocks()
	c.list[1].Long.OK = false
	d.m.Clocks = c
	before := time.Now()
	require.NotContains(t, d.run("clock"), "?")
	require.GreaterOrEqual(t, time.Since(before), pause)
	require.Equal(t, 2, c.compared)
}

func TestClockTakesAnotherClock(t *testing.T) {
	d := newDesk(t)
	c := newFakeClocks()
	d.m.Clocks = c
	require.Contains(t, d.run("clock use hpet"), "in use")
	require.Equal(t, "hpet", c.used)
	c.err = errors.New("it is broken")
	require.Equal(t, "clock: hpet: it is broken\n", d.run("clock use hpet"))
	require.Equal(t, "clock: it is broken\n", d.run("clock trim"))
	require.Contains(t, d.run("clock use"), "NAME is missing")
	require.Contains(t, d.run("clock set"), "It is one of: use, trim, watch")
	require.Equal(t, []string{"tsc", "hpet"}, d.m.completeClock(nil, []string{"use"}, ""))
	require.Equal(t, []string{"use", "trim", "watch"}, d.m.completeClock(nil, nil, ""))
	require.Empty(t, d.m.completeClock(nil, []string{"trim"}, ""))
}

func TestClockIsTrimmed(t *testing.T) {
	d := newDesk(t)
	d.m.Clocks = newFakeClocks()
	require.Equal(t, "by hpet: 1000012345 Hz, and not 1000000000 Hz (+12.345 ppm)\n", d.run("clock trim"))
}

func TestClockIsWatched(t *testing.T) {
	d := newDesk(t)
	d.m.Clocks = newFakeClocks()
	out, stop := d.start("clock watch")
	out.shows(t, "                hpet                 pit\n          +2 ppm ±20")
	stop()
}
