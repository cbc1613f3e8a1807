package pit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ioport/porttest"
)

func TestTicksAreRoundedUpAndFit(t *testing.T) {
	for ns, want := range map[int64]uint16{
		-1: 1, 0: 1, 1: 1, 838: 1, 839: 2, 1_000_000: 1194, 10_000_000: 11932,
		MaxNanoseconds - 1: 65535, MaxNanoseconds: 65535, MaxNanoseconds + 1: 65535, 1 << 62: 65535,
	} {
		require.Equal(t, want, Ticks(ns), "%d ns", ns)
	}
	require.EqualValues(t, 54_924_563, MaxNanoseconds)
}

func TestTheTimerIsNeverEarly(t *testing.T) {
	for ns := int64(1); ns < MaxNanoseconds; ns += 9973 {
		// The output goes high one tick after the count.
		high := (int64(Ticks(ns)) + 1) * 1_000_000_000 / Hz
		require.GreaterOrEqual(t, high, ns)
	}
}

func TestArmWritesControlWordAndCount(t *testing.T) {
	bus := &porttest.Space{}
	timer := New(bus)
	timer.Arm(10_000_000) // 11932 is 0x2e9c
	timer.Arm(1 << 40)
	timer.Stop()
	require.Equal(t, []string{"43<-30", "40<-9c", "40<-2e", "43<-30", "40<-ff", "40<-ff", "43<-30"}, bus.Log)
}

// machine has an 8254 whose channel 2 works, and a counter of rate hz. Time
// passes with each access to a port or the counter.
type machine struct {
	hz     uint64 // of the counter
	access int64  // ns a port access takes
	lost   map[int]int64
	dead   bool // the channel does not count
	absent bool // reads are all ones

	now     int64
	latches int // latch commands
	loaded  int // counts loaded
	gate    uint8
	low     uint16
	half    bool
	start   int64  // when the count was loaded
	latched uint16 // what the latch command remembered
	second  bool   // its high byte is next
	control []uint8
}

func (m *machine) counter() uint64 {
	m.now += 10
	return uint64(m.now) * (m.hz / 1000) / 1_000_000
}

// ticks returns how far the channel has counted.
func (m *machine) ticks() int64 {
	if m.dead || m.loaded == 0 {
		return 0
	}
	return (m.now - m.start) * Hz / 1_000_000_000
}

func (m *machine) In8(port uint16) uint8 {
	m.now += m.access
	switch {
	case m.absent:
		return 0xff
	case port == portGate:
		v := m.gate & 0x0f
		if m.ticks() >= 0xffff {
			v |= gateOutput
		}
		return v
	case port == portChannel2:
		m.second = !m.second
		if m.second {
			return uint8(m.latched)
		}
		return uint8(m.latched >> 8)
	}
	return 0
}

func (m *machine) Out8(port uint16, v uint8) {
	m.now += m.access
	switch {
	case port == portGate:
		m.gate = v
	case port == portControl && v == channel2|latch:
		m.latches++
		m.now += m.lost[m.latches]
		m.latched = uint16(0xffff - m.ticks())
	case port == portControl:
		m.control = append(m.control, v)
		m.half = false
	case port == portChannel2 && !m.half:
		m.low, m.half = uint16(v), true
	case port == portChannel2 && m.gate&gateOpen != 0:
		m.half = false
		m.loaded++
		m.start = m.now
	}
}

func (m *machine) In16(uint16) uint16   { return 0 }
func (m *machine) In32(uint16) uint32   { return 0 }
func (m *machine) Out16(uint16, uint16) {}
func (m *machine) Out32(uint16, uint32) {}

func TestCalibrateMeasuresTheCounter(t *testing.T) {
	for _, hz := range []uint64{100_000_000, 1_000_000_000, 2_893_000_000, 5_700_000_000} {
		for _, ms := range []int{5, 10, 50} {
			m := &machine{hz: hz, access: 700, gate: 0x0c | gateSpeaker} // the latch takes effect within 0.7 us
			got, err := Calibrate(m, m.counter, ms)
			require.NoError(t, err)
			require.InEpsilon(t, hz, got, 0.0005)
			require.Equal(t, 2, m.loaded, "two measurements that agree are enough")
			require.Equal(t, []uint8{0xb0, 0xb0}, m.control)
			require.Equal(t, 0x0c|gateSpeaker, m.gate, "the gate is as it was")
		}
	}
}

func TestAProcessorThatWasLostDoesNotMatter(t *testing.T) {
	// At the start, in the middle and at the end of the first measurement, for
	// 20 ms each.
	for _, latch := range []int{1, 3, 100, 1000} {
		m := &machine{hz: 1_000_000_000, access: 1000, lost: map[int]int64{latch: 20_000_000}}
		got, err := Calibrate(m, m.counter, 10)
		require.NoError(t, err)
		require.InEpsilon(t, 1_000_000_000, got, 0.001, "lost at reading %d", latch)
	}
}

func TestCalibrateBeginsAgainIfItIsTooLate(t *testing.T) {
	m := &machine{hz: 1_000_000_000, access: 1000, lost: map[int]int64{100: 60_000_000}} // more than 16 bits of ticks
	got, err := Calibrate(m, m.counter, 10)
	require.NoError(t, err)
	require.InEpsilon(t, 1_000_000_000, got, 0.001)
	require.Equal(t, 3, m.loaded)
}

func TestCalibrateEndsIfTheTimerIsDead(t *testing.T) {
	m := &machine{hz: 1_000_000_000, access: 1000, dead: true}
	_, err := Calibrate(m, m.counter, 10)
	require.ErrorIs(t, err, ErrDead)
	require.LessOrEqual(t, m.latches, maxPolls+tries+2)
	require.Zero(t, m.gate)

	m = &machine{hz: 1_000_000_000, access: 1000, absent: true}
	_, err = Calibrate(m, m.counter, 10)
	require.ErrorIs(t, err, ErrDead)
}

func TestCalibrateRefusesRatesThatCannotBe(t *testing.T) {
	for _, hz := range []uint64{1000, 900_000, 25_000_000_000} {
		m := &machine{hz: hz, access: 1000}
		_, err := Calibrate(m, m.counter, 10)
		require.ErrorIs(t, err, ErrRange, "%d Hz", hz)
	}
	m := &machine{access: 1000}
	n := uint64(1 << 63)
	_, err := Calibrate(m, func() uint64 { n = -n + 5; return n }, 10)
	require.ErrorIs(t, err, ErrRange, "a counter that jumps")
}

func TestCalibrateTakesImpossibleTimesForTheNearest(t *testing.T) {
	for _, ms := range []int{-5, 0, 51, 1 << 40} {
		m := &machine{hz: 1_000_000_000, access: 100}
		got, err := Calibrate(m, m.counter, ms)
		require.NoError(t, err)
		require.InEpsilon(t, 1_000_000_000, got, 0.002)
	}
}

func TestNothingAllocates(t *testing.T) {
	m := &machine{hz: 1_000_000_000, access: 1000, control: make([]uint8, 0, 1<<16)}
	timer, counter := New(m), m.counter
	require.Zero(t, testing.AllocsPerRun(100, func() {
		timer.Arm(1_000_000)
		timer.Stop()
		_, _ = Calibrate(m, counter, 1)
	}))
}
