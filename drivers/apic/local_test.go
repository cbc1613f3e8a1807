package apic

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
)

var all = Features{Present: true, X2APIC: true, Deadline: true}

// local returns a controller in xAPIC or x2APIC mode, enabled, with the log
// empty.
func local(t *testing.T, x2 bool) (*chip, *Local) {
	c := newChip()
	l, err := NewLocal(all, c, c, x2)
	require.NoError(t, err)
	l.Enable(0xff)
	c.log = nil
	return c, &l
}

// modes runs a test in both modes.
func modes(t *testing.T, f func(t *testing.T, c *chip, l *Local)) {
	for name, x2 := range map[string]bool{"xAPIC": false, "x2APIC": true} {
		t.Run(name, func(t *testing.T) {
			c, l := local(t, x2)
			require.Equal(t, x2, l.X2APIC())
			f(t, c, l)
		})
	}
}

func TestDetectReadsWhatThereIs(t *testing.T) {
	type regs [4]uint32
	for name, test := range map[string]struct {
		leaves map[uint32]regs
		want   Features
	}{
		"nothing": {map[uint32]regs{0: {1}}, Features{}},
		"old":     {map[uint32]regs{0: {1}, 1: {3: 1 << 9}, 6: {4}, 0x15: {2: 1}}, Features{Present: true}},
		"new":     {map[uint32]regs{0: {0x16}, 1: {2: 1<<21 | 1<<24, 3: 1 << 9}, 6: {4}, 0x15: {2, 200, 24_000_000}}, Features{true, true, true, true, 24_000_000}},
		"a guest": {map[uint32]regs{0: {0xd}, 1: {2: 1 << 31, 3: 1 << 9}, 0x4000_0000: {0x4000_0010}, 0x4000_0010: {2_000_000, 1_000_000}}, Features{Present: true, TimerHz: 1_000_000_000}},
		"a guest that is not told": {
			map[uint32]regs{0: {0xd}, 1: {2: 1 << 31, 3: 1 << 9}, 0x4000_0000: {0x4000_0001}, 0x4000_0010: {1, 1}},
			Features{Present: true},
		},
		"a guest with nonsense": {
			map[uint32]regs{0: {0xd}, 1: {2: 1 << 31, 3: 1 << 9}, 0x4000_0000: {0xffff_ffff}, 0x4000_0010: {1, 1}},
			Features{Present: true},
		},
		"leaf that a host leaves": {map[uint32]regs{0: {0xd}, 1: {3: 1 << 9}, 0x4000_0000: {0x4000_0010}, 0x4000_0010: {1, 1}}, Features{Present: true}},
	} {
		got := Detect(func(leaf, _ uint32) (a, b, c, d uint32) {
			r := test.leaves[leaf]
			return r[0], r[1], r[2], r[3]
		})
		require.Equal(t, test.want, got, name)
	}
}

func TestTheModeIsWhatIsAskedForAndPossible(t *testing.T) {
	for _, test := range []struct {
		can, ask, firmware, want bool
	}{
		{can: true, ask: true, want: true},
		{can: true},
		{ask: true},
		{can: true, firmware: true, want: true},
	} {
		c := newChip()
		if test.firmware {
			c.base |= baseExtend
		}
		l, err := NewLocal(Features{Present: true, X2APIC: test.can}, c, c, test.ask)
		require.NoError(t, err)
		require.Equal(t, test.want, l.X2APIC(), "%+v", test)
		require.Empty(t, c.log, "nothing changes before Enable")
	}
}

func TestAMissingControllerIsAnError(t *testing.T) {
	c := newChip()
	_, err := NewLocal(Features{}, c, c, true)
	require.ErrorIs(t, err, ErrAbsent)
	c.base &^= baseEnable
	_, err = NewLocal(all, c, c, true)
	require.ErrorIs(t, err, ErrDisabled)
}

func TestTheBaseRegisterIsTakenApart(t *testing.T) {
	c := newChip()
	c.base = 0x000f_1234_5000 | baseEnable | baseBoot
	require.Equal(t, mm.PhysAddr(0xf_1234_5000), Addr(c))
	require.True(t, IsBoot(c))
	c.base &^= baseBoot
	require.False(t, IsBoot(c))
}

func TestEnableMasksEverythingAndClearsErrors(t *testing.T) {
	c := newChip()
	c.entries = 4
	c.errors = 0x20
	l, err := NewLocal(all, c, c, false)
	require.NoError(t, err)
	l.Enable(0xef)
	require.Equal(t, []string{
		"0f0<-000001ef",
		"320<-000100ff", "350<-000100ff", "360<-000100ff", "370<-000100ff",
		"380<-00000000", "080<-00000000", "280<-00000000",
	}, c.log, "the entries that this controller has, and no others")

	c = newChip()
	l, err = NewLocal(all, c, c, true)
	require.NoError(t, err)
	l.Enable(0xff)
	require.Equal(t, "base<-fee00d00", c.log[0])
	require.NotZero(t, c.base&baseExtend)
	require.Contains(t, c.log, "340<-000100ff")
	require.Contains(t, c.log, "330<-000100ff")
	require.NotContains(t, c.log, "2f0<-000100ff")
	l.Enable(0xff)
	require.NotContains(t, c.log[1:], "base<-fee00d00", "once it is on it is not switched again")
}

func TestDisableKeepsTheVector(t *testing.T) {
	modes(t, func(t *testing.T, c *chip, l *Local) {
		l.Disable()
		require.Equal(t, uint32(0xff), c.regs[regSpurious])
		require.Equal(t, uint32(MaskedLVT), c.regs[regLVTTimer])
	})
}

func TestIDAndVersion(t *testing.T) {
	_, l := local(t, false)
	require.Equal(t, uint32(3), l.ID())
	require.Equal(t, Version{Number: 0x14, Entries: 6, Quiet: true}, l.Version())
	_, l = local(t, true)
	require.Equal(t, uint32(0x1_0003), l.ID())
}

func TestEndOfInterruptIsOneStore(t *testing.T) {
	modes(t, func(t *testing.T, c *chip, l *Local) {
		l.EndOfInterrupt()
		require.Equal(t, []string{"0b0<-00000000"}, c.log)
	})
}

func TestErrorsAreReadOnceAndNamed(t *testing.T) {
	modes(t, func(t *testing.T, c *chip, l *Local) {
		c.errors = 0xa4
		e := l.Errors()
		require.Equal(t, SendAccept|SendVector|BadRegister, e)
		require.Equal(t, "send accept, send vector, register", e.String())
		require.Equal(t, "none", l.Errors().String())
	})
}

func TestInputsGoToTheLocalVectorTable(t *testing.T) {
	modes(t, func(t *testing.T, c *chip, l *Local) {
		l.SetInputs([2]LVT{NewLVT(ExtINT, 0, false, false), NewLVT(NMI, 0, true, false)})
		l.SetErrorVector(0xfe)
		l.SetCounterNMI(true)
		require.Equal(t, []string{"350<-00000700", "360<-00002400", "370<-000000fe", "340<-00000400"}, c.drain())
		l.SetCounterNMI(false)
		require.Equal(t, []string{"340<-000100ff"}, c.drain())
		c.entries = 3
		l.SetErrorVector(0xfe)
		l.SetCounterNMI(true)
		require.Empty(t, c.log, "there are no such entries")
	})
}

func TestAnLVTEntryIsTakenApart(t *testing.T) {
	e := NewLVT(NMI, 0x42, true, true)
	require.Equal(t, LVT(0xa442), e)
	require.Equal(t, []any{uint8(0x42), NMI, true, true, false, false}, []any{e.Vector(), e.Delivery(), e.Low(), e.Level(), e.Masked(), e.Pending()})
	require.True(t, MaskedLVT.Masked())
	require.True(t, LVT(0x1000).Pending())
	for d, name := range map[Delivery]string{Fixed: "fixed", SMI: "SMI", NMI: "NMI", Init: "INIT", Startup: "STARTUP", ExtINT: "ExtINT", Lowest: "lowest", 3: "reserved", 11: "reserved"} {
		require.Equal(t, name, d.String())
	}
}

func TestStateShowsEverything(t *testing.T) {
	modes(t, func(t *testing.T, c *chip, l *Local) {
		timer := l.CountingTimer(0x30, 1_000_000_000)
		timer.Start()
		timer.Arm(32_000_000)
		l.SetInputs([2]LVT{MaskedLVT, NewLVT(NMI, 0, false, false)})
		c.regs[regRequest+0x10] = 1 << 1
		c.regs[regInService+0x70] = 1 << 31
		c.entries = 4
		c.drain()
		s := l.State()
		require.Empty(t, c.log, "it only looks")
		require.Equal(t, l.ID(), s.ID)
		require.True(t, s.Enabled)
		require.Equal(t, uint8(0xff), s.Spurious)
		require.Equal(t, uint8(0x30), s.Timer.Vector())
		require.False(t, s.Deadline)
		require.Equal(t, NMI, s.Input1.Delivery())
		require.Equal(t, MaskedLVT, s.Counter, "an entry that there is not")
		require.InDelta(t, 1_000_000, s.Initial, 2)
		require.Less(t, s.Current, s.Initial)
		require.Equal(t, uint32(32), s.Divide)
		require.True(t, s.Request.Has(33))
		require.False(t, s.Request.Has(34))
		require.True(t, s.InService.Has(255))
	})
}
