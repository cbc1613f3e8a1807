package ps2_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ps2"
	"vitrine/drivers/ps2/ps2test"
)

// machine is a fake controller with the driver on it; its interrupts call the
// driver's handler.
type machine struct {
	*ps2test.Controller
	ctl *ps2.Controller
}

func newMachine() *machine {
	fake := ps2test.New()
	return &machine{fake, ps2.New(fake, fake)}
}

// start lets the driver find everything and turns the interrupts on.
func (m *machine) start(t *testing.T) *machine {
	t.Helper()
	m.Interrupt = func() { m.ctl.Interrupt() }
	require.NoError(t, m.ctl.Init())
	require.NoError(t, m.ctl.Listen())
	return m
}

func TestInitFindsKeyboardAndMouseAndLeavesThemOn(t *testing.T) {
	m := newMachine()
	require.NoError(t, m.ctl.Init())
	require.Equal(t, "8042: keyboard ab83, scan code set 2 translated to 1; mouse, 3 buttons and a wheel",
		m.ctl.String())
	require.Equal(t, []uint8{0xad, 0xa7, 0x20, 0x60, 0xaa, 0x60, 0xab, 0xa8, 0x20, 0xa7, 0x20, 0xa9},
		m.Commands[:12], "the order of the controller's own commands")
	require.Equal(t, []uint8{0xff, 0xf5, 0xf2, 0xf0, 0x02, 0xf4}, m.Keyboard.Received)
	require.True(t, m.Keyboard.Enabled)
	require.True(t, m.Mouse.Enabled)
	require.EqualValues(t, 3, m.Mouse.ID)
	require.EqualValues(t, 100, m.Mouse.Rate)
	require.EqualValues(t, 3, m.Mouse.Resolution)
	require.EqualValues(t, 0x34, m.Config(), "both clocks off, no interrupts")
	require.Less(t, m.Now(), 1500*time.Millisecond)

	require.NoError(t, m.ctl.Listen())
	require.EqualValues(t, 0x47, m.Config())
}

func TestUntilListenTheHandlerLeavesTheControllerAlone(t *testing.T) {
	m := newMachine()
	m.Interrupt = func() { m.ctl.Interrupt() }
	require.NoError(t, m.ctl.Init())
	require.Equal(t, 1, m.IRQs[1], "the answer to the first command: the BIOS has left interrupts on")
	_, spurious := m.ctl.Interrupts()
	require.EqualValues(t, 1, spurious)
}

func TestBeforeInitThereIsNothing(t *testing.T) {
	m := newMachine()
	_, err := m.ctl.Keyboard()
	require.ErrorIs(t, err, ps2.ErrNotReady)
	_, err = m.ctl.Mouse()
	require.ErrorIs(t, err, ps2.ErrNotReady)
	require.Empty(t, m.Commands, "New must not touch the hardware")
}

func TestAMachineWithoutControllerIsRecognisedWithinMilliseconds(t *testing.T) {
	for _, floating := range []uint8{0xff, 0x00} {
		m := newMachine()
		m.Absent, m.Floating = true, floating
		require.ErrorIs(t, m.ctl.Init(), ps2.ErrAbsent)
		require.Less(t, m.Now(), 100*time.Millisecond)
		_, err := m.ctl.Keyboard()
		require.ErrorIs(t, err, ps2.ErrAbsent)
		_, err = m.ctl.Mouse()
		require.ErrorIs(t, err, ps2.ErrAbsent)
	}
}

func TestAControllerThatTakesNoBytesIsBusy(t *testing.T) {
	m := newMachine()
	m.Stuck = true
	require.ErrorIs(t, m.ctl.Init(), ps2.ErrBusy)
	require.Less(t, m.Now(), 100*time.Millisecond)
}

func TestSelfTestOfTheController(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []uint8
		want    error
	}{
		{"fails", []uint8{0xfc}, ps2.ErrSelfTest},
		{"passes at the third attempt", []uint8{0xfc, 0x00, 0x55}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newMachine()
			m.SelfTests = c.answers
			require.ErrorIs(t, m.ctl.Init(), c.want)
		})
	}
}

func TestAConfigurationForgottenInTheSelfTestIsWrittenAgain(t *testing.T) {
	m := newMachine()
	m.ForgetsSettings = true
	require.NoError(t, m.ctl.Init())
	require.EqualValues(t, 0x30, m.Config()&0x73)
	k, err := m.ctl.Keyboard()
	require.NoError(t, err)
	require.Equal(t, [2]uint8{0xab, 0x83}, k.State().ID, "an identity that was not translated")
}

func TestWhatIsThereWorksWithoutTheRest(t *testing.T) {
	for _, c := range []struct {
		name            string
		breakIt         func(*ps2test.Controller)
		keyboard, mouse error
	}{
		{"no mouse", func(c *ps2test.Controller) { c.Mouse = nil }, nil, ps2.ErrNoDevice},
		{"no keyboard", func(c *ps2test.Controller) { c.Keyboard = nil }, ps2.ErrNoDevice, nil},
		{"neither", func(c *ps2test.Controller) { c.Keyboard, c.Mouse = nil, nil }, ps2.ErrNoDevice, ps2.ErrNoDevice},
		{"neither, and the controller says so", func(c *ps2test.Controller) {
			c.Keyboard, c.Mouse, c.AnswersForNone = nil, nil, true
		}, ps2.ErrNoDevice, ps2.ErrNoDevice},
		{"one port", func(c *ps2test.Controller) { c.OnePort = true }, nil, ps2.ErrNoSecondPort},
		{"first port broken", func(c *ps2test.Controller) { c.FirstPortTest = 1 }, ps2.ErrPortTest, nil},
		{"second port broken", func(c *ps2test.Controller) { c.SecondPortTest = 4 }, nil, ps2.ErrPortTest},
		{"silent keyboard", func(c *ps2test.Controller) { c.Keyboard.Silent = true }, ps2.ErrNoDevice, nil},
		{"silent mouse", func(c *ps2test.Controller) { c.Mouse.Silent = true }, nil, ps2.ErrNoDevice},
		{"keyboard fails its test", func(c *ps2test.Controller) { c.Keyboard.TestFails = true }, ps2.ErrDeviceTest, nil},
		{"mouse fails its test", func(c *ps2test.Controller) { c.Mouse.TestFails = true }, nil, ps2.ErrDeviceTest},
		{"confused for ever", func(c *ps2test.Controller) { c.Mouse.ConfusedAfter = 3 }, nil, ps2.ErrRefused},
		{"confused twice", func(c *ps2test.Controller) { c.Keyboard.Confused, c.Mouse.Confused = 2, 2 }, nil, nil},
		{"a mouse where the keyboard should be", func(c *ps2test.Controller) { c.Keyboard.ID = []uint8{0x03} }, ps2.ErrNotKeyboard, nil},
		{"a tablet where the mouse should be", func(c *ps2test.Controller) { c.Mouse.Basic = 0x10 }, nil, ps2.ErrNotMouse},
		{"a mouse that goes deaf", func(c *ps2test.Controller) { c.Mouse.DeafAfter = 5 }, nil, ps2.ErrNoDevice},
		{"a keyboard that goes deaf", func(c *ps2test.Controller) { c.Keyboard.DeafAfter = 3 }, ps2.ErrNoDevice, nil},
		{"keyboard of 1984", func(c *ps2test.Controller) { c.Keyboard.ID, c.Keyboard.NoSets = nil, true }, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newMachine()
			c.breakIt(m.Controller)
			require.NoError(t, m.ctl.Init())
			_, err := m.ctl.Keyboard()
			require.ErrorIs(t, err, c.keyboard)
			_, err = m.ctl.Mouse()
			require.ErrorIs(t, err, c.mouse)
			require.NoError(t, m.ctl.Listen())
			require.Equal(t, c.keyboard == nil, m.Config()&0x11 == 0x01)
			require.Equal(t, c.mouse == nil, m.Config()&0x22 == 0x02)
			require.Less(t, m.Now(), 3*time.Second)
			require.NotEmpty(t, m.ctl.String())
		})
	}
}

func TestMiceTellWhatTheyCanDo(t *testing.T) {
	for kind, want := range map[uint8]ps2.Protocol{0: ps2.ThreeBytes, 3: ps2.WithWheel, 4: ps2.FiveButtons} {
		m := newMachine()
		m.Mouse.Kind = kind
		require.NoError(t, m.ctl.Init())
		mouse, err := m.ctl.Mouse()
		require.NoError(t, err)
		require.Equal(t, want, mouse.Protocol())
		require.Contains(t, m.ctl.String(), "mouse, "+want.String())
	}
}

func TestRawLeavesScanCodesUntranslated(t *testing.T) {
	m := newMachine()
	m.ctl.Raw = true
	m.start(t)
	require.EqualValues(t, 0x07, m.Config())
	require.Contains(t, m.ctl.String(), "scan code set 2;")
	k, err := m.ctl.Keyboard()
	require.NoError(t, err)
	require.Equal(t, ps2.Set2, k.State().Set)
	require.EqualValues(t, 2, m.Keyboard.Set)
}

func TestInitCanRunAgain(t *testing.T) {
	m := newMachine().start(t)
	k, err := m.ctl.Keyboard()
	require.NoError(t, err)
	require.NoError(t, k.SetLEDs(ps2.NumLock))
	settle(m, k)
	m.press(ps2.KeyA)

	m.ctl.Raw = true
	m.start(t)
	require.EqualValues(t, 0x07, m.Config())
	require.Zero(t, m.Keyboard.LEDs)
	require.Zero(t, k.State().LEDs, "as the keyboard has forgotten them")
	m.press(ps2.KeyB)
	require.Equal(t, []string{"B down", "B up"}, events(k))
}
