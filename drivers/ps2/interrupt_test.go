package ps2_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ioport/porttest"
	"vitrine/drivers/ps2"
	"vitrine/drivers/ps2/ps2test"
)

// listening returns a controller that found nothing but is listening, on a bus
// that then reads as scripted: status from port 64, data from port 60.
func listening(t *testing.T, status, data []uint32) (*ps2.Controller, *porttest.Space) {
	t.Helper()
	bus := &porttest.Space{Reads: map[uint16][]uint32{0x64: {0}}}
	c := ps2.New(bus, ps2test.New())
	require.NoError(t, c.Listen())
	bus.Log = nil
	bus.Reads = map[uint16][]uint32{0x64: status, 0x60: data}
	return c, bus
}

func TestTheHandlerTellsWhoseBytesItTook(t *testing.T) {
	c, bus := listening(t, []uint32{0x1d, 0x3d, 0x1c, 0x1c}, []uint32{0x1e, 0x08})
	keyboard, mouse := c.Interrupt()
	require.True(t, keyboard)
	require.True(t, mouse)
	keyboard, mouse = c.Interrupt()
	require.False(t, keyboard)
	require.False(t, mouse)
	all, spurious := c.Interrupts()
	require.EqualValues(t, 2, all)
	require.EqualValues(t, 1, spurious)
	require.Empty(t, bus.Log, "a handler only reads")
}

func TestABrokenControllerCannotKeepTheHandler(t *testing.T) {
	always, _ := listening(t, []uint32{0x1d}, []uint32{0x1e})
	keyboard, mouse := always.Interrupt()
	require.True(t, keyboard)
	require.False(t, mouse)

	vanished, _ := listening(t, []uint32{0xff}, []uint32{0xff})
	keyboard, mouse = vanished.Interrupt()
	require.False(t, keyboard)
	require.False(t, mouse)
}

func TestDamagedBytesAreCountedAndEndWhatWasHeld(t *testing.T) {
	m, k := startKeyboard(t, false)
	m.Type(0x12)
	m.Damage(0x80)
	m.Damage(0x40)
	require.Equal(t, []string{"LeftShift down", "bytes lost", "bytes lost"}, events(k))
	s := k.State()
	require.EqualValues(t, 1, s.Stats.Damaged)
	require.EqualValues(t, 1, s.Stats.Timeouts)
	require.EqualValues(t, 2, s.Stats.Errors)
}

func TestTheHandlerAllocatesNothing(t *testing.T) {
	c, _ := listening(t, []uint32{0x1d}, []uint32{0x1e})
	require.Zero(t, testing.AllocsPerRun(100, func() { c.Interrupt() }))
}
