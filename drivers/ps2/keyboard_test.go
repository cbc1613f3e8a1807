package ps2_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ps2"
	"vitrine/drivers/ps2/ps2test"
)

func startKeyboard(t *testing.T, raw bool) (*machine, *ps2.Keyboard) {
	t.Helper()
	m := newMachine()
	m.ctl.Raw = raw
	m.start(t)
	k, err := m.ctl.Keyboard()
	require.NoError(t, err)
	return m, k
}

// press types keys on the fake keyboard: down, then up in reverse order.
func (m *machine) press(codes ...ps2.Code) {
	for _, c := range codes {
		m.Type(ps2.Set2.Append(nil, c, true)...)
	}
	for i := range codes {
		m.Type(ps2.Set2.Append(nil, codes[len(codes)-1-i], false)...)
	}
}

func events(k *ps2.Keyboard) (s []string) {
	for e := range k.Events {
		s = append(s, e.String())
	}
	return s
}

func TestKeysArriveTranslatedAndRaw(t *testing.T) {
	for _, raw := range []bool{false, true} {
		m, k := startKeyboard(t, raw)
		m.press(ps2.KeyLeftShift, ps2.KeyA)
		m.press(ps2.KeyUp)
		m.press(ps2.KeyPause)
		require.Equal(t, []string{
			"LeftShift down", "A down", "A up", "LeftShift up", "Up down", "Up up", "Pause down", "Pause up",
		}, events(k))
		require.Empty(t, events(k))
		require.Zero(t, k.State().Stats.Resyncs)
	}
}

func TestEveryKeyTravelsThroughTheWholeMachine(t *testing.T) {
	for _, raw := range []bool{false, true} {
		m, k := startKeyboard(t, raw)
		for c := ps2.FirstKey; c < ps2.EndOfKeys; c++ {
			m.press(c)
			require.Equal(t, []string{c.String() + " down", c.String() + " up"}, events(k))
		}
	}
}

func TestAHeldKeyRepeats(t *testing.T) {
	m, k := startKeyboard(t, false)
	m.Type(0x1c, 0x1c, 0x1c, 0xf0, 0x1c, 0x1c)
	require.Equal(t, []string{"A down", "A repeat", "A repeat", "A up", "A down"}, events(k))
	require.Equal(t, []ps2.Code{ps2.KeyA}, k.State().Held)
}

func TestHooksSeeBytesAndEvents(t *testing.T) {
	m, k := startKeyboard(t, false)
	var bytes []uint8
	var seen []ps2.Event
	k.OnByte = func(b uint8) { bytes = append(bytes, b) }
	k.OnEvent = func(e ps2.Event) { seen = append(seen, e) }
	require.NoError(t, k.SetLEDs(ps2.CapsLock))
	m.press(ps2.KeyUp)
	events(k)
	require.Equal(t, []uint8{0xfa, 0xe0, 0x48, 0xe0, 0xc8}, bytes)
	require.Equal(t, []ps2.Event{{Code: ps2.KeyUp, Pressed: true}, {Code: ps2.KeyUp}}, seen)
}

func TestALoopThatIsLeftLosesNothing(t *testing.T) {
	m, k := startKeyboard(t, false)
	m.press(ps2.KeyA)
	for e := range k.Events {
		require.Equal(t, "A down", e.String())
		break
	}
	require.Equal(t, []string{"A up"}, events(k))
}

func TestAnOverrunIsReportedWhereItHappened(t *testing.T) {
	m, k := startKeyboard(t, false)
	m.Type(ps2.Set2.Append(nil, ps2.KeyLeftShift, true)...)
	for range 200 {
		m.press(ps2.KeyA)
	}
	got := events(k)
	require.Len(t, got, 256)
	require.Equal(t, "LeftShift down", got[0])
	require.EqualValues(t, 145, k.State().Stats.Overruns)
	require.NotEmpty(t, k.State().Held)

	m.press(ps2.KeyB)
	require.Equal(t, []string{"bytes lost", "B down", "B up"}, events(k))
	require.Empty(t, k.State().Held)
}

func TestStateShowsEachStage(t *testing.T) {
	m, k := startKeyboard(t, true)
	m.Type(0x12, 0xe0, 0xf0)
	s := k.State()
	require.Equal(t, 3, s.Ring)
	require.Equal(t, 256, s.RingSize)
	events(k)
	s = k.State()
	require.Zero(t, s.Ring)
	require.Equal(t, "e0 f0", s.Waiting)
	require.Equal(t, []ps2.Code{ps2.KeyLeftShift}, s.Held)
	require.EqualValues(t, 3, s.Stats.Bytes)
	require.Equal(t, ps2.DefaultTypematic, s.Typematic)
}

func TestAKeyboardPluggedInIsToldItsSettingsAgain(t *testing.T) {
	for _, raw := range []bool{false, true} {
		m, k := startKeyboard(t, raw)
		require.NoError(t, k.SetLEDs(ps2.NumLock))
		_, err := k.SetTypematic(ps2.Typematic{Delay: 250 * time.Millisecond, Period: 33 * time.Millisecond})
		require.NoError(t, err)
		settle(m, k)

		fresh := ps2test.NewKeyboard()
		m.PlugInKeyboard(fresh)
		require.Equal(t, []string{"bytes lost"}, settle(m, k))
		require.EqualValues(t, ps2.NumLock, fresh.LEDs)
		require.EqualValues(t, 0, fresh.Typematic)
		require.EqualValues(t, 1, k.State().Stats.Replugs)
		m.press(ps2.KeyA)
		require.Equal(t, []string{"A down", "A up"}, events(k))
	}
}

// settle lets commands and answers go to and fro until all is quiet.
func settle(m *machine, k *ps2.Keyboard) (s []string) {
	for range 50 {
		s = append(s, events(k)...)
		m.Sleep(5 * time.Millisecond)
	}
	return s
}

func TestFeignedBytesComeAsIfTyped(t *testing.T) {
	m, k := startKeyboard(t, false)
	before := m.IRQs[1]
	for _, b := range []uint8{0x1e, 0x9e, 0xe0, 0x48} {
		require.NoError(t, k.Feign(b))
	}
	require.Equal(t, []string{"A down", "A up", "Up down"}, events(k))
	require.Equal(t, before+4, m.IRQs[1])
	m.Stuck = true
	require.Equal(t, ps2.ErrBusy, k.Feign(0x1e))
}
