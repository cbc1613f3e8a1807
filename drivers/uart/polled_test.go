package uart_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ioport/porttest"
	"vitrine/drivers/uart"
)

func TestWriteByteWaitsForTheTransmitter(t *testing.T) {
	bus := &porttest.Space{Reads: map[uint16][]uint32{0x3fd: {0x00, 0x00, 0x20}}}
	line := uart.Polled{IO: bus, Base: uart.COM1}
	require.NoError(t, line.WriteByte('A'))
	require.Equal(t, []string{"3f8<-41"}, bus.Log)
}

func TestWriteByteGivesUpOnADeadLineAndThenWaitsNoMore(t *testing.T) {
	c := &chip{jammed: true, byteTime: 2}
	line := uart.Polled{IO: c, Base: uart.COM1}
	require.NoError(t, line.WriteByte('A'), "the first byte fits in")
	require.ErrorIs(t, line.WriteByte('B'), uart.ErrStuck)
	before := c.accesses
	require.ErrorIs(t, line.WriteByte('C'), uart.ErrStuck)
	require.Less(t, c.accesses-before, 10)

	c.jammed = false
	require.ErrorIs(t, line.WriteByte('D'), uart.ErrStuck)
	require.NoError(t, line.WriteByte('E'), "it looks again each time")
	require.NoError(t, line.WriteByte('F'), "and is patient again")
}

func TestReadByteDoesNotWait(t *testing.T) {
	c := &chip{}
	line := uart.Polled{IO: c, Base: uart.COM1}
	_, err := line.ReadByte()
	require.ErrorIs(t, err, uart.ErrEmpty)
	c.arrive('x')
	got, err := line.ReadByte()
	require.NoError(t, err)
	require.Equal(t, byte('x'), got)
}

func TestAnEmptyBusIsNotALineFullOfInput(t *testing.T) {
	line := uart.Polled{IO: &porttest.Space{}, Base: uart.COM1}
	_, err := line.ReadByte()
	require.ErrorIs(t, err, uart.ErrAbsent)
	require.ErrorIs(t, line.Init(uart.DefaultBaud), uart.ErrAbsent)

	p := uart.New(&porttest.Space{}, uart.COM1)
	p.Listen()
	p.Interrupt()
	_, err = p.ReadByte()
	require.ErrorIs(t, err, uart.ErrEmpty)
}

func TestInitProgramsTheDivisorAndTheFormat(t *testing.T) {
	for _, tt := range []struct {
		baud     uint32
		dll, dlm uint8
	}{{115200, 1, 0}, {9600, 12, 0}, {300, 0x80, 1}} {
		c := &chip{}
		line := uart.Polled{IO: c, Base: uart.COM1}
		require.NoError(t, line.Init(tt.baud))
		require.Equal(t, tt.dll, c.dll, tt.baud)
		require.Equal(t, tt.dlm, c.dlm, tt.baud)
		require.Equal(t, uint8(3), c.lcr, "8N1, divisor latch closed")
		require.Equal(t, uint8(0), c.ier)
		require.Equal(t, uint8(0x0b), c.mcr, "DTR, RTS, OUT2; no loopback")
		require.Empty(t, c.wire, "the test byte stays inside")
		require.Empty(t, c.receiver)
	}
}

// typist types while the chip is in loopback, as QEMU lets one do: the given
// text each time before the test byte is sent, if there is room.
type typist struct {
	*chip
	texts []string
}

func (y *typist) Out8(port uint16, v uint8) {
	if y.mcr&0x10 != 0 && port == base && len(y.texts) > 0 {
		y.arrive([]byte(y.texts[0])...)
		y.texts = y.texts[1:]
		if len(y.receiver) == 16 {
			y.fault(1 << 1) // the byte of the loopback is the one that is lost
			return
		}
	}
	y.chip.Out8(port, v)
}

func TestInitIsNotMisledByWhatIsTyped(t *testing.T) {
	for _, text := range []string{"x", "fifteen letters", "a FIFO full of 1"} {
		c := &typist{&chip{}, []string{text}}
		line := uart.Polled{IO: c, Base: uart.COM1}
		require.NoError(t, line.Init(uart.DefaultBaud), text)
		require.Empty(t, c.texts, "the text was typed")
		require.Equal(t, uint8(0x0b), c.mcr)
	}
}

func TestInitRefusesSpeedsThatTheOscillatorCannotMake(t *testing.T) {
	line := uart.Polled{IO: &chip{}, Base: uart.COM1}
	for _, baud := range []uint32{0, 1, 7, 100000, 230400} {
		require.ErrorIs(t, line.Init(baud), uart.ErrBaud, baud)
	}
}

func TestInitLetsEarlierOutputLeave(t *testing.T) {
	c := &chip{byteTime: 50}
	line := uart.Polled{IO: c, Base: uart.COM1}
	require.NoError(t, line.WriteByte('!'))
	require.NoError(t, line.Init(uart.DefaultBaud))
	require.Equal(t, "!", string(c.wire))
}

func TestInitRefusesAChipThatDoesNotHearItself(t *testing.T) {
	c := &chip{jammed: true}
	require.ErrorIs(t, (&uart.Polled{IO: c, Base: uart.COM1}).Init(uart.DefaultBaud), uart.ErrAbsent)
}

func TestPolledLineDoesNotAllocate(t *testing.T) {
	bus := &porttest.Space{Reads: map[uint16][]uint32{0x3fd: {0x00}}}
	line := uart.Polled{IO: bus, Base: uart.COM1}
	require.Zero(t, testing.AllocsPerRun(2, func() {
		_ = line.WriteByte('A')
		_, _ = line.ReadByte()
	}))
}
