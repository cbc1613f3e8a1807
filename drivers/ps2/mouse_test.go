package ps2_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ps2"
	"vitrine/drivers/ps2/ps2test"
)

func startMouse(t *testing.T, kind uint8) (*machine, *ps2.Mouse) {
	t.Helper()
	m := newMachine()
	m.Mouse.Kind = kind
	m.start(t)
	mouse, err := m.ctl.Mouse()
	require.NoError(t, err)
	return m, mouse
}

func moves(m *ps2.Mouse) (all []ps2.MouseEvent) {
	for e := range m.Events {
		all = append(all, e)
	}
	return all
}

func TestMovementsArrive(t *testing.T) {
	m, mouse := startMouse(t, 3)
	m.Move(0x09, 0x05, 0x02, 0x00)
	m.Move(0x38, 0xff, 0xfe, 0x01)
	m.press(ps2.KeyA) // goes its own way
	require.Equal(t, []ps2.MouseEvent{
		{DX: 5, DY: 2, Buttons: ps2.LeftButton},
		{DX: -1, DY: -2, Wheel: 1},
	}, moves(mouse))
	k, err := m.ctl.Keyboard()
	require.NoError(t, err)
	require.Equal(t, []string{"A down", "A up"}, events(k))
}

func TestMouseHooksSeeBytesAndEvents(t *testing.T) {
	m, mouse := startMouse(t, 0)
	var bytes []uint8
	var seen []ps2.MouseEvent
	mouse.OnByte = func(b uint8) { bytes = append(bytes, b) }
	mouse.OnEvent = func(e ps2.MouseEvent) { seen = append(seen, e) }
	m.Move(0x08, 0x01, 0x00)
	moves(mouse)
	require.Equal(t, []uint8{0x08, 0x01, 0x00}, bytes)
	require.Equal(t, []ps2.MouseEvent{{DX: 1}}, seen)
	require.Equal(t, "x +1 y +0 wheel +0 []", seen[0].String())
	require.Equal(t, "left forward", (ps2.LeftButton | ps2.ForwardButton).String())
}

func TestAfterAPauseAPacketBeginsAnew(t *testing.T) {
	m, mouse := startMouse(t, 0)
	m.Move(0x08, 0x7f) // the third byte is lost
	require.Empty(t, moves(mouse))
	require.Equal(t, 2, mouse.State().Waiting)
	m.Sleep(time.Second)
	m.Move(0x0c, 0x01, 0x02)
	require.Equal(t, []ps2.MouseEvent{{DX: 1, DY: 2, Buttons: ps2.MiddleButton}}, moves(mouse))
	require.EqualValues(t, 1, mouse.State().Stats.Resyncs)
}

func TestAMousePluggedInReportsAgain(t *testing.T) {
	m, mouse := startMouse(t, 3)
	fresh := ps2test.NewMouse()
	m.PlugInMouse(fresh)
	require.Empty(t, moves(mouse))
	m.Sleep(10 * time.Millisecond)
	require.Empty(t, moves(mouse))
	require.True(t, fresh.Enabled)
	require.EqualValues(t, 1, mouse.State().Stats.Replugs)
	m.Move(0x08, 0x01, 0x02)
	require.Equal(t, []ps2.MouseEvent{{DX: 1, DY: 2}}, moves(mouse))
}
