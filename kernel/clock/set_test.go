package clock

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// counter runs beside a clock, a little too fast or too slow.
type counter struct {
	b     *timebase
	hz    float64
	ppm   float64
	bits  int
	ahead uint64
	dead  bool
}

func (c *counter) Read() uint64 {
	if c.dead {
		return 42
	}
	return (uint64(float64(c.b.now())*c.hz/1e9*(1+c.ppm/1e6)) + c.ahead) & (1<<c.bits - 1)
}

// machine is a TSC, a counter that could be the clock, and two that cannot.
type machine struct {
	*Set
	hpet, pit *counter
}

func newMachine(t *testing.T) machine {
	b := onTSC()
	m := machine{Set: &Set{base: b}, hpet: &counter{b: b, hz: 100e6, bits: 32, ahead: 0xffff_f000}, pit: &counter{b: b, hz: 1_193_182, bits: 16}}
	_, slow := newRegister(t, 32)
	require.NoError(t, m.Add(Source{Name: "tsc", Hz: 1_000_000_000, Place: TSC()}))
	require.NoError(t, m.Add(Source{Name: "hpet", Hz: 100_000_000, Bits: 32, Counter: m.hpet}))
	require.NoError(t, m.Add(Source{Name: "dead", Hz: 1_000_000, Place: slow}))
	require.NoError(t, m.Add(Source{Name: "pit", Hz: 1_193_182, Bits: 16, Counter: m.pit}))
	return m
}

// pass lets time pass.
func (m machine) pass(ns int64) {
	for end := m.base.now() + ns; m.base.now() < end; {
	}
}

func TestCompareTellsHowFarTheCountersHaveComeApart(t *testing.T) {
	m := newMachine(t)
	m.hpet.ppm = 0
	m.pass(5_000_000)
	list := m.Compare()
	require.Len(t, list, 4)
	require.Equal(t, []string{"tsc", "hpet", "dead", "pit"}, []string{list[0].Name, list[1].Name, list[2].Name, list[3].Name})
	require.True(t, list[0].Chosen)
	require.Equal(t, 64, list[0].Bits)
	require.Equal(t, 32, list[2].Bits)
	require.Equal(t, string(ErrStanding), list[2].Trouble)
	for _, i := range []int{0, 1, 3} {
		r := list[i]
		require.True(t, r.Long.OK, r.Name)
		require.InDelta(t, 0, r.Long.PPM, r.Long.Error+50, r.Name)
		require.GreaterOrEqual(t, r.Long.Over, int64(4_000_000), r.Name)
		require.Empty(t, r.Trouble, r.Name)
	}
	m.pass(2_000_000)
	again := m.Compare()
	require.Greater(t, again[1].Long.Over, list[1].Long.Over, "since the beginning")
	require.Less(t, again[1].Short.Over, again[1].Long.Over, "since the last time")
}

func TestDriftOfANarrowCounterIsUnwrapped(t *testing.T) {
	const second = 1_000_000_000
	for _, test := range []struct {
		bits    int
		hz      uint64
		seconds int64
		ppm     int64
		ok      bool
	}{
		{64, 100_000_000, 1000, 50, true},
		{64, 100_000_000, 1000, -400_000, true},
		{32, 100_000_000, 1000, -70, true},
		{32, 14_318_180, 3600, 500, true},
		{24, 3_579_545, 1, 100, true},
		{24, 3_579_545, 600, 300, true},
		{24, 3_579_545, 3600, 300, false},
		{16, 1_193_182, 10, -200, true},
		{16, 1_193_182, 60, -200, false},
	} {
		s := Source{Hz: test.hz, Bits: test.bits}
		counted := uint64(test.seconds) * test.hz
		counted += uint64(int64(counted) / 1000 * test.ppm / 1000)
		mask := ^uint64(0) >> (64 - test.bits)
		d := s.drift(sample{1000, 0xabcd_ef12_3456 & mask, 500}, sample{1000 + test.seconds*second, (0xabcd_ef12_3456 + counted) & mask, 700})
		require.Equal(t, test.ok, d.OK, "%+v", test)
		require.Equal(t, test.seconds*second, d.Over)
		if test.ok {
			require.InDelta(t, test.ppm, d.PPM, 0.5+1e6/float64(counted), "%+v", test)
			require.InDelta(t, (600+1e9/float64(test.hz))/float64(test.seconds)/1000, d.Error, 1e-9)
		}
	}
}

func TestNoTimeIsNoDrift(t *testing.T) {
	s := Source{Hz: 100, Bits: 64}
	require.False(t, s.drift(sample{at: 5}, sample{at: 5}).OK)
	require.False(t, s.drift(sample{at: 5}, sample{at: 4}).OK)
	require.False(t, s.drift(sample{at: 5}, sample{at: 6}).OK, "less than a tick")
	s.Hz = 0
	require.False(t, s.drift(sample{at: 5}, sample{at: 1 << 40}).OK)
}

func TestTrimCorrectsTheRate(t *testing.T) {
	m := newMachine(t)
	m.hpet.ppm, m.pit.ppm = 300, 300 // the TSC is in truth slower by so much
	m.again()
	m.pass(80_000_000)
	by, from, to, err := m.Trim()
	require.NoError(t, err)
	require.Equal(t, "hpet", by, "it tells more exactly")
	require.Equal(t, uint64(1_000_000_000), from)
	require.InDelta(t, 1_000_000_000-300_000, to, 60_000)
	require.Equal(t, to, m.base.hz)
	require.Equal(t, to, m.Clock().Hz)
	require.Equal(t, "measured by hpet", m.Clock().How)
}

func TestTrimNeedsSomethingToMeasureBy(t *testing.T) {
	b := onTSC()
	s := &Set{base: b}
	_, _, _, err := s.Trim()
	require.ErrorIs(t, err, ErrNothing)
	require.NoError(t, s.Add(Source{Name: "tsc", Hz: 1_000_000_000, Place: TSC()}))
	require.NoError(t, s.Add(Source{Name: "dead", Hz: 1_000_000, Bits: 32, Counter: &counter{dead: true}}))
	_, _, _, err = s.Trim()
	require.ErrorIs(t, err, ErrNothing)
	require.NoError(t, s.Add(Source{Name: "mad", Hz: 1_000_000_000, Bits: 64, Counter: &counter{b: b, hz: 1e9, bits: 63, ppm: 50_000}}))
	machine{Set: s}.pass(80_000_000)
	by, from, to, err := s.Trim()
	require.ErrorIs(t, err, ErrFar)
	require.Equal(t, "mad", by)
	require.Equal(t, from, to)
	s.list[0].Exact = true
	_, _, _, err = s.Trim()
	require.ErrorIs(t, err, ErrExact)
}

func TestUseNamesTheClock(t *testing.T) {
	m := newMachine(t)
	r, p := newRegister(t, 64)
	require.Equal(t, []string{"tsc", "dead"}, m.Names())
	require.ErrorIs(t, m.Use("hpet"), ErrUnusable)
	require.ErrorIs(t, m.Use("dead"), ErrStanding)
	require.ErrorIs(t, m.Use("sundial"), ErrUnknown)
	m.list[2].Place, m.list[2].trouble = p, ""
	before := m.base.now()
	require.NoError(t, m.Use("dead"))
	at := m.base.now()
	require.GreaterOrEqual(t, at, before)
	r.set(5)
	require.Equal(t, at+5000, m.base.now())
	require.Equal(t, "dead", m.Clock().Name)
	m.list[2].trouble = ""
	m.Distrust("dead", "it is made of memory")
	require.Equal(t, "tsc", m.Clock().Name, "the next best one takes over")
	require.NoError(t, m.Use(""))
	m.Distrust("tsc", "its processors disagree")
	require.Equal(t, "tsc", m.Clock().Name, "there is no other one")
}

func TestASetHasRoomForSoMany(t *testing.T) {
	s := &Set{base: onTSC()}
	for range maxSources {
		require.NoError(t, s.Add(Source{Place: TSC()}))
	}
	require.ErrorIs(t, s.Add(Source{Place: TSC()}), ErrFull)
}

func TestAddingDoesNotAllocate(t *testing.T) {
	b := onTSC()
	c := Counter(&counter{b: b, hz: 1e8, bits: 32})
	s := new(Set)
	require.Zero(t, testing.AllocsPerRun(10, func() {
		*s = Set{base: b}
		_ = s.Add(Source{Name: "tsc", Hz: 1_000_000_000, Place: TSC()})
		_ = s.Add(Source{Name: "hpet", Hz: 100_000_000, Bits: 32, Counter: c})
	}))
}

// readings makes what Compare would say: the clock is the first one, which is the
// TSC.
func readings(ppm ...float64) []Reading {
	list := make([]Reading, len(ppm))
	for i, p := range ppm {
		list[i] = Reading{Chosen: i == 0, Long: Drift{OK: true, Over: 1e9, PPM: p, Error: 5}}
	}
	return list
}

func TestATSCIsDoubtedByTwoOthers(t *testing.T) {
	for _, test := range []struct {
		what   string
		others []float64
		steady bool
		wrong  bool
	}{
		{"all agree", []float64{0, 100, -200}, false, false},
		{"alone", []float64{0}, false, false},
		{"one says that it is wrong", []float64{0, 5000}, false, true},
		{"one says that it is wrong, but it is invariant", []float64{0, 5000}, true, false},
		{"two say so", []float64{0, 5000, 5100}, true, true},
		{"two say so, and disagree", []float64{0, 5000, -5000}, true, false},
		{"two say so, and disagree, and it is not invariant", []float64{0, 5000, -5000}, false, true},
		{"one for it and one against it", []float64{0, 5000, 10}, false, false},
		{"one for it and two against it, which agree", []float64{0, 5000, 10, 5010}, true, true},
	} {
		s := &Set{n: len(test.others)}
		for i := range test.others {
			s.list[i].Counter = &counter{}
		}
		s.list[0].Source = Source{Place: TSC(), Steady: test.steady}
		require.Equal(t, test.wrong, s.judge(readings(test.others...)), test.what)
		require.Equal(t, test.wrong, s.list[0].trouble != "", test.what)
		require.False(t, s.judge(readings(test.others...)), "it is news once")
	}
}

func TestWhoCannotTellDoesNotJudge(t *testing.T) {
	s := &Set{n: 2}
	s.list[0].Source = Source{Place: TSC()}
	s.list[1].Counter = &counter{}
	for name, spoil := range map[string]func(*Reading){
		"too inexact": func(r *Reading) { r.Long.Error = 5000 },
		"no time":     func(r *Reading) { r.Long.OK = false },
		"dead":        func(r *Reading) { r.Trouble = "it is dead" },
	} {
		list := readings(0, 1e6)
		spoil(&list[1])
		require.False(t, s.judge(list), name)
	}
	s.n = 0
	require.False(t, s.judge(nil), "there is no TSC")
}

func TestAClockThatIsFoundWrongIsReplaced(t *testing.T) {
	m := newMachine(t)
	m.list[2].Source, m.list[2].trouble = Source{Name: "spare", Hz: 1_000_000_000, Bits: 64, Place: TSC()}, ""
	m.hpet.ppm, m.pit.ppm = 20_000, 20_000
	m.again()
	m.pass(80_000_000)
	list := m.Compare()
	require.Equal(t, "spare", m.Clock().Name)
	require.True(t, list[2].Chosen)
	require.False(t, list[0].Chosen)
	require.NotEmpty(t, list[0].Trouble)
}

func FuzzDrift(f *testing.F) {
	f.Add(int64(5), int64(1e9), uint64(0), uint64(1e8), uint64(100_000_000), 32)
	f.Fuzz(func(t *testing.T, from, to int64, a, b, hz uint64, bits int) {
		s := Source{Hz: hz, Bits: 1 + int(uint(bits)%64)}
		if d := s.drift(sample{from, a, 1}, sample{to, b, 1}); d.OK {
			require.Positive(t, d.Over)
		}
	})
}
