package rtc

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ioport/porttest"
)

// clock is a fake chip: registers behind the two ports. tick, if set, runs
// before each access to the data port.
type clock struct {
	reg   [128]uint8
	index uint8
	reads int
	tick  func(c *clock)
}

func (c *clock) In8(port uint16) uint8 {
	if port != portData {
		return 0xff
	}
	c.reads++
	if c.tick != nil {
		c.tick(c)
	}
	return c.reg[c.index&0x7f]
}

func (c *clock) Out8(port uint16, v uint8) {
	if port == portIndex {
		c.index = v
	}
}

func (c *clock) In16(uint16) uint16   { return 0 }
func (c *clock) In32(uint16) uint32   { return 0 }
func (c *clock) Out16(uint16, uint16) {}
func (c *clock) Out32(uint16, uint32) {}

// set fills the registers: century, year, month, day, hour, minute, second.
func (c *clock) set(status uint8, century, year, month, day, hour, minute, second uint8) *clock {
	c.reg[regStatusA], c.reg[regStatusB] = 0x26, status
	c.reg[DefaultCentury], c.reg[regYear], c.reg[regMonth], c.reg[regDay] = century, year, month, day
	c.reg[regHour], c.reg[regMinute], c.reg[regSecond] = hour, minute, second
	return c
}

func TestReadUnderstandsEveryFormat(t *testing.T) {
	want := Time{2026, 11, 22, 17, 48, 59}
	for name, c := range map[string]*clock{
		"BCD, 24 hours":    new(clock).set(hours24, 0x20, 0x26, 0x11, 0x22, 0x17, 0x48, 0x59),
		"BCD, 12 hours":    new(clock).set(0, 0x20, 0x26, 0x11, 0x22, 0x85, 0x48, 0x59),
		"binary, 24 hours": new(clock).set(binary|hours24, 20, 26, 11, 22, 17, 48, 59),
		"binary, 12 hours": new(clock).set(binary, 20, 26, 11, 22, 0x85, 48, 59),
	} {
		got, err := Read(c, 0)
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
}

func TestReadKnowsMidnightAndNoon(t *testing.T) {
	for hour, want := range map[uint8]int{0x12: 0, 0x01: 1, 0x11: 11, 0x92: 12, 0x81: 13, 0x91: 23} {
		got, err := Read(new(clock).set(0, 0x20, 0x26, 0x01, 0x01, hour, 0, 0), 0)
		require.NoError(t, err)
		require.Equal(t, want, got.Hour, "%#x", hour)
	}
}

func TestReadTakesTheCenturyFromItsRegister(t *testing.T) {
	c := new(clock).set(hours24, 0x21, 0x00, 0x02, 0x28, 0, 0, 0)
	c.reg[0x48] = 0x19
	for reg, want := range map[uint8]int{0: 2100, DefaultCentury: 2100, 0x80: 2100, 0x48: 1900} {
		got, err := Read(c, reg)
		if want < 1970 {
			require.ErrorIs(t, err, ErrImplausible)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, want, got.Year)
	}
}

func TestReadGuessesAMissingCentury(t *testing.T) {
	for _, century := range []uint8{0x00, 0xff, 0x18, 0x30, 0x1a} {
		for year, want := range map[uint8]int{0x26: 2026, 0x69: 2069, 0x70: 1970, 0x99: 1999} {
			got, err := Read(new(clock).set(hours24, century, year, 1, 1, 0, 0, 0), 0)
			require.NoError(t, err)
			require.Equal(t, want, got.Year)
		}
	}
}

func TestReadRefusesDatesThatCannotBe(t *testing.T) {
	for name, c := range map[string]*clock{
		"month 0":      new(clock).set(hours24, 0x20, 0x26, 0x00, 0x01, 0, 0, 0),
		"month 13":     new(clock).set(hours24, 0x20, 0x26, 0x13, 0x01, 0, 0, 0),
		"day 0":        new(clock).set(hours24, 0x20, 0x26, 0x01, 0x00, 0, 0, 0),
		"31 April":     new(clock).set(hours24, 0x20, 0x26, 0x04, 0x31, 0, 0, 0),
		"29 Feb 2026":  new(clock).set(hours24, 0x20, 0x26, 0x02, 0x29, 0, 0, 0),
		"29 Feb 2100":  new(clock).set(hours24, 0x21, 0x00, 0x02, 0x29, 0, 0, 0),
		"hour 24":      new(clock).set(hours24, 0x20, 0x26, 0x01, 0x01, 0x24, 0, 0),
		"hour 0 of 12": new(clock).set(0, 0x20, 0x26, 0x01, 0x01, 0x00, 0, 0),
		"hour 13 pm":   new(clock).set(0, 0x20, 0x26, 0x01, 0x01, 0x93, 0, 0),
		"minute 60":    new(clock).set(hours24, 0x20, 0x26, 0x01, 0x01, 0, 0x60, 0),
		"second 60":    new(clock).set(hours24, 0x20, 0x26, 0x01, 0x01, 0, 0, 0x60),
		"not decimal":  new(clock).set(hours24, 0x20, 0x26, 0x01, 0x01, 0, 0x1a, 0),
		"year 100":     new(clock).set(binary|hours24, 20, 100, 1, 1, 0, 0, 0),
		"all zeros":    new(clock).set(0, 0, 0, 0, 0, 0, 0, 0),
	} {
		_, err := Read(c, 0)
		require.ErrorIs(t, err, ErrImplausible, name)
	}
	got, err := Read(new(clock).set(hours24, 0x20, 0x24, 0x02, 0x29, 0, 0, 0), 0)
	require.NoError(t, err)
	require.Equal(t, 29, got.Day)
}

func TestReadIsNotFooledByAnUpdate(t *testing.T) {
	// The clock counts up from 23:59:59 while the registers are being read,
	// at each possible access.
	for at := 1; at < 40; at++ {
		c := new(clock).set(hours24, 0x20, 0x25, 0x12, 0x31, 0x23, 0x59, 0x59)
		c.tick = func(c *clock) {
			if c.reads == at {
				c.set(hours24, 0x20, 0x26, 0x01, 0x01, 0, 0, 0)
			}
		}
		got, err := Read(c, 0)
		require.NoError(t, err)
		before, after := Time{2025, 12, 31, 23, 59, 59}, Time{2026, 1, 1, 0, 0, 0}
		require.True(t, got == before || got == after, "%v", got)
	}
}

func TestReadWaitsForTheEndOfAnUpdate(t *testing.T) {
	c := new(clock).set(hours24, 0x20, 0x26, 0x01, 0x01, 0, 0, 0x99)
	c.reg[regStatusA] |= updating
	c.tick = func(c *clock) {
		if c.reads == 500 {
			c.reg[regStatusA] &^= updating
			c.reg[regSecond] = 0
		}
	}
	got, err := Read(c, 0)
	require.NoError(t, err)
	require.Equal(t, Time{2026, 1, 1, 0, 0, 0}, got)
}

func TestReadEndsWhateverTheClockDoes(t *testing.T) {
	c := new(clock).set(hours24, 0x20, 0x26, 0x01, 0x01, 0, 0, 0)
	c.reg[regStatusA] |= updating
	_, err := Read(c, 0)
	require.ErrorIs(t, err, ErrStuck)

	c = new(clock).set(hours24, 0x20, 0x26, 0x01, 0x01, 0, 0, 0)
	c.tick = func(c *clock) { c.reg[regSecond] = uint8(c.reads % 7) }
	_, err = Read(c, 0)
	require.ErrorIs(t, err, ErrUnsteady)

	_, err = Read(&porttest.Space{}, 0)
	require.ErrorIs(t, err, ErrAbsent)
}

func TestReadLeavesTheNMIOn(t *testing.T) {
	bus := &porttest.Space{Reads: map[uint16][]uint32{portData: {0}}}
	_, _ = Read(bus, 0xb2)
	require.NotEmpty(t, bus.Log)
	for _, write := range bus.Log {
		require.Regexp(t, "^70<-[0-7].$", write)
	}
}

func TestUnixAgreesWithPackageTime(t *testing.T) {
	for y := 1970; y <= 2410; y++ { // leap years repeat after 400 years
		for m := 1; m <= 12; m++ {
			d := daysIn(y, m)
			got := Time{y, m, d, m, 59, y % 60}
			want := time.Date(y, time.Month(m), d, m, 59, y%60, 0, time.UTC)
			if !got.Valid() || got.Unix() != want.Unix() || want.AddDate(0, 0, 1).Day() != 1 {
				t.Fatalf("%v is %v", got, want)
			}
		}
	}
}

func TestReadDoesNotAllocate(t *testing.T) {
	c := new(clock).set(0, 0x20, 0x26, 0x11, 0x22, 0x85, 0x48, 0x59)
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = Read(c, 0) }))
}

// FuzzRead takes any bytes for the registers.
func FuzzRead(f *testing.F) {
	f.Add(uint8(2), uint8(0x20), uint8(0x26), uint8(0x11), uint8(0x22), uint8(0x17), uint8(0x48), uint8(0x59))
	f.Fuzz(func(t *testing.T, status, century, year, month, day, hour, minute, second uint8) {
		got, err := Read(new(clock).set(status, century, year, month, day, hour, minute, second), 0)
		if err != nil {
			require.ErrorIs(t, err, ErrImplausible)
			return
		}
		require.True(t, got.Valid())
		u := time.Unix(got.Unix(), 0).UTC()
		require.Equal(t, time.Date(got.Year, time.Month(got.Month), got.Day, got.Hour, got.Minute, got.Second, 0, time.UTC), u)
	})
}
