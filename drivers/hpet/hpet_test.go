package hpet

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/mmio"
)

// chip is a timer, together with another counter. Time passes with each access.
type chip struct {
	mmio.Space   // nil: accesses of other widths than 32 bits panic
	caps, period uint32
	config       uint32
	base         uint64 // counter at time 0
	dead         bool
	lost         map[int]int64 // ns lost before the n-th load
	loads        int
	now          int64 // ns
	took         int64 // ns that an access takes
	hz           uint64
	stores       int
}

func newChip() *chip {
	return &chip{caps: 0x8086_a201, period: 10_000_000, took: 500, hz: 3_000_000_000}
}

func (c *chip) ticks() uint64 {
	if c.config&configEnable == 0 || c.dead {
		return c.base
	}
	return c.base + uint64(c.now)*1_000_000/uint64(c.period)
}

func (c *chip) Load32(offset uint64) uint32 {
	c.loads++
	c.now += c.took/2 + c.lost[c.loads]
	defer func() { c.now += c.took - c.took/2 }()
	switch offset {
	case regCapabilities:
		return c.caps
	case regPeriod:
		return c.period
	case regConfiguration:
		return c.config
	case regCounter:
		return uint32(c.ticks())
	case regCounterHigh:
		return uint32(c.ticks() >> 32)
	}
	return 0
}

func (c *chip) Store32(offset uint64, v uint32) {
	c.now += c.took
	c.stores++
	if offset == regConfiguration {
		c.config = v
	}
}

func (c *chip) tsc() uint64 {
	c.now += 10
	return uint64(c.now) * (c.hz / 1000) / 1_000_000
}

func started(t *testing.T, c *chip) *Timer {
	h, err := New(c)
	require.NoError(t, err)
	require.NoError(t, h.Start())
	return &h
}

func TestNewReadsTheCapabilities(t *testing.T) {
	c := newChip()
	h, err := New(c)
	require.NoError(t, err)
	require.Zero(t, c.stores)
	require.Equal(t, []any{64, uint32(10_000_000), uint64(100_000_000), 3, true}, []any{h.Bits(), h.Period(), h.Hz(), h.Comparators(), h.Legacy()})
	c.caps, c.period = 0x8086_0001, 69_841_279
	h, err = New(c)
	require.NoError(t, err)
	require.Equal(t, []any{32, uint64(14_318_180), 1, false}, []any{h.Bits(), h.Hz(), h.Comparators(), h.Legacy()})
}

func TestWhatCannotBeATimerIsRefused(t *testing.T) {
	for _, regs := range [][2]uint32{{0, 0}, {0xffff_ffff, 0xffff_ffff}, {0x8086_a200, 10_000_000}, {0x8086_a201, 0}, {0x8086_a201, 100_000_001}, {0x8086_a201, 99_999}} {
		c := newChip()
		c.caps, c.period = regs[0], regs[1]
		_, err := New(c)
		require.ErrorIs(t, err, ErrAbsent, "%x", regs)
	}
}

func TestStartLeavesPITAndRTCInTheirPlaces(t *testing.T) {
	c := newChip()
	c.config = 0xf0 | configLegacy
	started(t, c)
	require.Equal(t, uint32(0xf1), c.config)
}

func TestADeadCounterIsAnError(t *testing.T) {
	c := newChip()
	c.dead = true
	h, err := New(c)
	require.NoError(t, err)
	require.ErrorIs(t, h.Start(), ErrDead)
	_, err = h.Calibrate(c.tsc, 100)
	require.ErrorIs(t, err, ErrDead)
}

func TestTheCounterIsReadInOnePiece(t *testing.T) {
	c := newChip()
	c.base = 0x7_ffff_ffff - 60 // the upper half changes between the loads
	h := started(t, c)
	last := h.Counter()
	for range 20 {
		now := h.Counter()
		require.Greater(t, now, last)
		require.Less(t, now-last, uint64(1000))
		last = now
	}
	require.Greater(t, last, uint64(0x8_0000_0000))
	c.caps &^= capabilityWide
	h = started(t, c)
	require.Less(t, h.Counter(), uint64(1<<32))
}

func TestCalibrateMeasuresTheOtherCounter(t *testing.T) {
	for _, hz := range []uint64{100_000_000, 1_000_000_000, 2_893_000_000, 5_700_000_000} {
		for _, period := range []uint32{10_000_000, 69_841_279, 41_666_666} {
			for _, us := range []int{200, 1000, 5000} {
				c := newChip()
				c.hz, c.period, c.base = hz, period, 0xffff_ff00 // it wraps on the way
				got, err := started(t, c).Calibrate(c.tsc, us)
				require.NoError(t, err)
				require.InEpsilon(t, hz, got, 0.1/float64(us), "%d Hz, %d fs, %d us", hz, period, us)
			}
		}
	}
}

func TestCalibrateIsNotSpoiltByTimeThatIsLost(t *testing.T) {
	for lost := range 40 {
		c := newChip()
		h := started(t, c)
		c.lost = map[int]int64{c.loads + lost: 5_000_000}
		got, err := h.Calibrate(c.tsc, 1000)
		require.NoError(t, err)
		require.InEpsilon(t, c.hz, got, 0.0005, "before load %d", lost)
	}
}

func TestCalibrateRefusesRatesThatCannotBe(t *testing.T) {
	for _, hz := range []uint64{1000, 900_000, 25_000_000_000} {
		c := newChip()
		c.hz = hz
		_, err := started(t, c).Calibrate(c.tsc, 1000)
		require.ErrorIs(t, err, ErrRange, "%d Hz", hz)
	}
	c := newChip()
	n := uint64(1 << 63)
	_, err := started(t, c).Calibrate(func() uint64 { n = -n + 5; return n }, 100)
	require.ErrorIs(t, err, ErrRange, "a counter that jumps")
}

func TestNothingAllocates(t *testing.T) {
	c := newChip()
	counter := c.tsc
	h := started(t, c)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		again, _ := New(c)
		_ = again.Start()
		_ = h.Counter()
		_, _ = h.Calibrate(counter, 100)
	}))
}
