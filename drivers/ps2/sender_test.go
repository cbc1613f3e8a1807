package ps2_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ps2"
)

func TestLightsAreSetWithInterruptsOn(t *testing.T) {
	m, k := startKeyboard(t, false)
	require.NoError(t, k.SetLEDs(ps2.CapsLock|ps2.NumLock))
	require.Empty(t, settle(m, k))
	require.EqualValues(t, 6, m.Keyboard.LEDs)
	require.Equal(t, []uint8{0xed, 0x06}, m.Keyboard.Received[6:])
	require.Equal(t, "num caps", k.State().LEDs.String())
	require.Zero(t, k.State().Queued)

	require.NoError(t, k.SetLEDs(ps2.CapsLock|ps2.NumLock))
	require.Len(t, m.Keyboard.Received, 8, "lights that are right already need no command")
}

func TestKeysTypedDuringACommandAreNotLost(t *testing.T) {
	m, k := startKeyboard(t, false)
	m.press(ps2.KeyA)
	require.NoError(t, k.SetLEDs(ps2.CapsLock))
	m.press(ps2.KeyB)
	require.Equal(t, []string{"A down", "A up", "B down", "B up"}, settle(m, k))
	require.EqualValues(t, ps2.CapsLock, m.Keyboard.LEDs)
}

func TestAConfusedDeviceIsToldAgain(t *testing.T) {
	m, k := startKeyboard(t, false)
	m.Keyboard.Confused = 2
	require.NoError(t, k.SetLEDs(ps2.ScrollLock))
	settle(m, k)
	require.EqualValues(t, ps2.ScrollLock, m.Keyboard.LEDs)
	require.EqualValues(t, 2, k.State().Stats.Resends)
	require.Zero(t, k.State().Stats.Abandoned)
}

func TestACommandThatIsNeverUnderstoodIsGivenUp(t *testing.T) {
	m, k := startKeyboard(t, false)
	m.Keyboard.Confused = 3
	require.NoError(t, k.SetLEDs(ps2.ScrollLock))
	settle(m, k)
	require.Zero(t, m.Keyboard.LEDs)
	require.EqualValues(t, 1, k.State().Stats.Abandoned)
	require.Equal(t, []uint8{0xed, 0xed, 0xed}, m.Keyboard.Received[6:])

	require.NoError(t, k.SetLEDs(ps2.CapsLock))
	settle(m, k)
	require.EqualValues(t, ps2.CapsLock, m.Keyboard.LEDs)
}

func TestADeviceThatOwesAnAnswerIsNotWaitedForForever(t *testing.T) {
	m, k := startKeyboard(t, false)
	m.Keyboard.Deaf = 1
	require.NoError(t, k.SetLEDs(ps2.ScrollLock))
	m.Sleep(time.Second)
	require.NoError(t, k.SetLEDs(ps2.CapsLock))
	settle(m, k)
	require.EqualValues(t, ps2.CapsLock, m.Keyboard.LEDs)
	require.EqualValues(t, 1, k.State().Stats.Abandoned)
}

func TestCommandsQueueUpToALimit(t *testing.T) {
	m, k := startKeyboard(t, false)
	var err error
	n := 0
	for ; err == nil && n < 100; n++ {
		err = k.SetLEDs(ps2.LEDs(n%7 + 1))
	}
	require.ErrorIs(t, err, ps2.ErrTooManyQueued)
	require.Equal(t, 8, k.State().Queued)
	require.EqualValues(t, 1, k.State().LEDs, "the last ones that the keyboard will be told")
	settle(m, k)
	require.EqualValues(t, 1, m.Keyboard.LEDs)
}

func TestOnlyWhatIsWaitedForIsAnAnswer(t *testing.T) {
	m, k := startKeyboard(t, false)
	m.press(ps2.KeypadComma) // its release is fe in set 1
	require.Equal(t, []string{"KeypadComma down", "KeypadComma up"}, events(k))
	require.Zero(t, k.State().Stats.Resends)
}

func TestTypematicIsRoundedToWhatTheKeyboardCan(t *testing.T) {
	ms := time.Millisecond
	for _, c := range []struct {
		code uint8
		ask  ps2.Typematic
		want ps2.Typematic
	}{
		{0x2b, ps2.DefaultTypematic, ps2.Typematic{Delay: 500 * ms, Period: 11 * time.Second / 120}},
		{0x00, ps2.Typematic{}, ps2.Typematic{Delay: 250 * ms, Period: time.Second / 30}},
		{0x7f, ps2.Typematic{Delay: time.Hour, Period: time.Hour}, ps2.Typematic{Delay: time.Second, Period: 500 * ms}},
		{0x54, ps2.Typematic{Delay: 740 * ms, Period: 201 * ms}, ps2.Typematic{Delay: 750 * ms, Period: 200 * ms}},
	} {
		m, k := startKeyboard(t, false)
		got, err := k.SetTypematic(c.ask)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
		settle(m, k)
		require.Equal(t, c.code, m.Keyboard.Typematic)
	}
}
