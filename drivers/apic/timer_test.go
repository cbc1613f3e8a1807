package apic

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/mmio"
)

// quiet is a controller that does nothing.
type quiet struct{ mmio.Space }

func (quiet) Load32(uint64) uint32   { return 0 }
func (quiet) Store32(uint64, uint32) {}
func (quiet) Read(uint32) uint64     { return 0 }
func (quiet) Write(uint32, uint64)   {}
func (quiet) Fence()                 {}

func TestTheCountingTimerIsSetWithOneStore(t *testing.T) {
	modes(t, func(t *testing.T, c *chip, l *Local) {
		timer := l.CountingTimer(0x30, 1_000_000_000) // 31.25 MHz
		timer.Start()
		require.Equal(t, []string{"3e0<-00000008", "320<-00000030", "380<-00000000"}, c.drain())
		timer.Arm(32)
		timer.Arm(10_000_000)
		timer.Arm(1 << 60)
		timer.Arm(0)
		timer.Arm(-5)
		timer.Stop()
		require.Equal(t, []string{"380<-00000002", "380<-0004c4b5", "380<-ffffffff", "380<-00000001", "380<-00000001", "380<-00000000"}, c.drain())
		require.Equal(t, uint64(31_250_000), timer.Hz())
		require.Equal(t, int64(137_438_953_440), timer.Longest())
		require.False(t, timer.Deadline())
		require.Equal(t, uint8(0x30), timer.Vector())
	})
}

func TestTheDeadlineTimerIsSetWithOneMSR(t *testing.T) {
	modes(t, func(t *testing.T, c *chip, l *Local) {
		timer := l.DeadlineTimer(0x30, tsc, 2_000_000_000)
		timer.Start()
		require.Equal(t, []string{"320<-00040030", "fence", "msr 6e0<-0000000000000000"}, c.drain())
		timer.Arm(8)
		require.Equal(t, []string{"msr 6e0<-00000000000f4251"}, c.drain())
		timer.Arm(math.MaxInt64)
		require.Equal(t, []string{"msr 6e0<-40000000000f4240"}, c.drain(), "in 73 years, and not in the past")
		timer.Stop()
		require.Equal(t, []string{"msr 6e0<-0000000000000000"}, c.drain())
		require.True(t, timer.Deadline())
		require.Equal(t, int64(1<<61*1e9/1e9), timer.Longest())
	})
}

func TestTheTimerIsNeverEarly(t *testing.T) {
	l := Local{msr: quiet{}, space: quiet{}}
	for _, hz := range []uint64{1_000_000, 24_000_000, 25_165_123, 66_666_667, 100_000_000, 999_999_937, 1_000_000_000} {
		timer := l.CountingTimer(0x30, hz)
		require.GreaterOrEqual(t, timer.Hz(), min(hz, leastHz))
		for _, ns := range []int64{1, 2, 999, 1000, 12_345, 1_000_000, 10_000_000, 123_456_789, 4_000_000_000} {
			if ns > timer.Longest() {
				continue
			}
			took := float64(timer.ticks(ns)) * 1e9 / (float64(hz) / float64(timer.factor))
			require.GreaterOrEqual(t, took, float64(ns)*(1-1e-7), "%d Hz, %d ns", hz, ns)
			require.LessOrEqual(t, took, float64(ns)*(1+1e-6)+1.1e9/float64(timer.Hz()), "%d Hz, %d ns", hz, ns)
		}
	}
}

func TestEveryDivisionIsWrittenAsTheManualSays(t *testing.T) {
	for shift, want := range []uint32{0b1011, 0b0000, 0b0001, 0b0010, 0b0011, 0b1000, 0b1001, 0b1010} {
		require.Equal(t, want, divider(shift), "divide by %d", 1<<shift)
		require.Equal(t, uint32(1)<<shift, division(want))
	}
}

func TestCalibrateMeasuresTheTimer(t *testing.T) {
	for _, hz := range []uint64{25_000_000, 100_000_000, 1_000_000_000} {
		modes(t, func(t *testing.T, c *chip, l *Local) {
			c.hz = hz
			got, err := l.Calibrate(c.clock, 500_000)
			require.NoError(t, err)
			require.InEpsilon(t, hz, got, 0.0005)
			require.Zero(t, c.regs[regTimerInitial])
			require.True(t, LVT(c.regs[regLVTTimer]).Masked())
		})
	}
}

func TestCalibrateSurvivesDeadClocks(t *testing.T) {
	c, l := local(t, false)
	c.hz = 0
	_, err := l.Calibrate(c.clock, 500_000)
	require.ErrorIs(t, err, ErrDead, "the timer does not count")
	_, err = l.Calibrate(now, 500_000)
	require.ErrorIs(t, err, ErrDead, "no time passes")
	c.hz = 1_000_000_000
	_, err = l.Calibrate(c.clock, 0)
	require.ErrorIs(t, err, ErrDead)
	c.hz = 100_000
	_, err = l.Calibrate(c.clock, 500_000)
	require.ErrorIs(t, err, ErrRange)
}

func TestARateOf0IsNoTrap(t *testing.T) {
	l := Local{msr: quiet{}, space: quiet{}}
	timer := l.CountingTimer(0x30, 0)
	timer.Arm(1000)
	require.Equal(t, int64(math.MaxInt64), timer.Longest())
}
