package uart_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/uart"
)

// listening returns a port with interrupts on.
func listening(t *testing.T, c *chip) *uart.Port {
	t.Helper()
	p := uart.New(c, uart.COM1)
	require.NoError(t, p.Init(uart.DefaultBaud))
	c.onEdge = p.Interrupt
	p.Listen()
	return p
}

func message(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8)
	}
	return b
}

func TestWriteBeforeListenIsPolled(t *testing.T) {
	c := &chip{byteTime: 3}
	p := uart.New(c, uart.COM1)
	require.NoError(t, p.Init(uart.DefaultBaud))
	n, err := p.Write([]byte("early"))
	require.NoError(t, err)
	require.Equal(t, 5, n)
	for range 10 {
		c.tick()
	}
	require.Equal(t, "early", string(c.wire))
	require.Zero(t, c.interruptsRaised)
}

// Whatever the speed of the line and wherever the interrupt strikes, each byte
// leaves once and in order, without anyone calling the port again.
func TestEverythingWrittenLeavesInOrder(t *testing.T) {
	for _, byteTime := range []int{0, 1, 2, 3, 5, 7, 40} {
		for _, size := range []int{1, 15, 16, 17, 100, 10_000} {
			c := &chip{byteTime: byteTime}
			p := listening(t, c)
			want := message(size)
			n, err := p.Write(want)
			require.NoError(t, err)
			require.Equal(t, size, n)
			for range (byteTime + 1) * 6000 { // time passes, nobody calls
				c.tick()
				c.settle()
			}
			require.True(t, bytes.Equal(want, c.wire), "byte time %d, size %d", byteTime, size)
			require.Zero(t, c.lostToOverfill)
			require.Zero(t, p.Unsent())
			require.False(t, c.line, "the interrupt line is down, the next edge can come")
			require.Equal(t, uint64(size), p.Stats().Sent)
		}
	}
}

func TestWriteReturnsBeforeASlowLineHasTakenIt(t *testing.T) {
	c := &chip{byteTime: 1000}
	p := listening(t, c)
	before := c.accesses
	_, err := p.Write(message(2000))
	require.NoError(t, err)
	require.Less(t, c.accesses-before, 2000)
	require.Positive(t, p.Unsent())
}

func TestADeadLineEndsWriteWithAnError(t *testing.T) {
	c := &chip{byteTime: 1}
	p := listening(t, c)
	c.jammed = true
	n, err := p.Write(message(10_000))
	require.ErrorIs(t, err, uart.ErrStuck)
	require.GreaterOrEqual(t, n, 4096)
	before := c.accesses
	_, err = p.Write(message(100))
	require.ErrorIs(t, err, uart.ErrStuck)
	require.Less(t, c.accesses-before, 100, "it waits once, not for each byte")

	c.jammed = false
	for range 20_000 {
		c.tick()
		c.settle()
	}
	require.Equal(t, n, len(c.wire), "what was accepted is not lost")
	_, err = p.Write(message(10_000))
	require.NoError(t, err)
}

func TestReadReturnsWhatInterruptsBrought(t *testing.T) {
	c := &chip{}
	p := listening(t, c)
	buf := make([]byte, 8)
	_, err := p.Read(buf)
	require.ErrorIs(t, err, uart.ErrEmpty)

	c.arrive([]byte("hello, world")...)
	n, err := p.Read(buf)
	require.NoError(t, err)
	require.Equal(t, "hello, w", string(buf[:n]))
	n, err = p.Read(buf)
	require.NoError(t, err)
	require.Equal(t, "orld", string(buf[:n]))
	require.Equal(t, uint64(12), p.Stats().Received)
	require.False(t, c.line)
}

func TestReadWorksBeforeListen(t *testing.T) {
	c := &chip{}
	p := uart.New(c, uart.COM1)
	require.NoError(t, p.Init(uart.DefaultBaud))
	c.arrive('o', 'k')
	buf := make([]byte, 8)
	n, err := p.Read(buf)
	require.NoError(t, err)
	require.Equal(t, "ok", string(buf[:n]))
}

func TestReceivedBytesThatNobodyReadsAreCountedAndDropped(t *testing.T) {
	c := &chip{}
	p := listening(t, c)
	want := message(5000)
	for _, b := range want {
		c.arrive(b)
	}
	got := make([]byte, 6000)
	n, err := p.Read(got)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want[:4096], got[:n]), "the oldest ones stay")
	require.Equal(t, uint64(5000-4096), p.Stats().Dropped)
}

func TestLineErrorsAreCounted(t *testing.T) {
	c := &chip{}
	p := listening(t, c)
	c.fault(1 << 1)
	c.fault(1 << 2)
	c.fault(1 << 3)
	c.fault(1 << 3)
	s := p.Stats()
	require.Equal(t, [4]uint64{1, 1, 2, 0}, [4]uint64{s.Overruns, s.Parity, s.Framing, s.Breaks})
}

func TestAStrayInterruptDoesNothing(t *testing.T) {
	c := &chip{}
	p := listening(t, c)
	p.Interrupt()
	_, err := p.ReadByte()
	require.ErrorIs(t, err, uart.ErrEmpty)
	require.Empty(t, c.wire)
}

func TestWriteByteKeepsTheOrder(t *testing.T) {
	c := &chip{byteTime: 50}
	p := listening(t, c)
	c.onEdge = nil // the panic has turned interrupts off
	_, err := p.Write([]byte("before the panic, "))
	require.NoError(t, err)
	for _, b := range []byte("after") {
		require.NoError(t, p.WriteByte(b))
	}
	require.NoError(t, p.Flush())
	for range 1000 {
		c.tick()
	}
	require.Equal(t, "before the panic, after", string(c.wire))
}

// The panic struck between two accesses of somebody's Write, at each of them
// in turn: the panic's text is complete, and at most a byte of the other's is
// lost, wherever it was stopped.
func TestAPanicInTheMiddleOfWriteStillSpeaks(t *testing.T) {
	for stop := range 100 {
		c := &chip{byteTime: 3}
		p := listening(t, c)
		c.onEdge = nil
		stopped := &stopper{chip: c, after: stop}
		p.IO = stopped
		func() {
			defer func() { require.Equal(t, errStopped, recover()) }()
			_, _ = p.Write(message(5000))
			panic("never stopped")
		}()
		p.IO = c
		for _, b := range []byte("after") {
			require.NoError(t, p.WriteByte(b))
		}
		for range 1000 {
			c.tick()
		}
		require.Equal(t, "after", string(c.wire[len(c.wire)-5:]))
		require.Zero(t, p.Unsent())
	}
}

func TestInitEndsListening(t *testing.T) {
	c := &chip{}
	p := listening(t, c)
	require.NoError(t, p.Init(9600))
	require.Zero(t, c.ier)
	_, err := p.Write([]byte("x"))
	require.NoError(t, err)
	require.Zero(t, p.Unsent())
}

// Typing, printing and interrupts in random order: nothing is lost either way.
func TestBothDirectionsAtRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := &chip{byteTime: 4}
	p := listening(t, c)
	var typed, read, written []byte
	buf := make([]byte, 64)
	for range 20_000 {
		switch r.IntN(4) {
		case 0:
			b := byte(r.Uint32())
			typed = append(typed, b)
			c.arrive(b)
		case 1:
			n, _ := p.Read(buf[:1+r.IntN(63)])
			read = append(read, buf[:n]...)
		case 2:
			b := message(r.IntN(40))
			written = append(written, b...)
			_, err := p.Write(b)
			require.NoError(t, err)
		case 3:
			for range r.IntN(200) {
				c.tick()
				c.settle()
			}
		}
	}
	for n := 1; n > 0; {
		n, _ = p.Read(buf)
		read = append(read, buf[:n]...)
	}
	require.NoError(t, p.Flush())
	for range 1000 {
		c.tick()
	}
	require.True(t, bytes.Equal(typed, read))
	require.True(t, bytes.Equal(written, c.wire))
	require.Zero(t, c.lostToOverfill)
	require.Zero(t, p.Stats().Dropped)
}

func TestTopHalfDoesNotAllocate(t *testing.T) {
	c := &chip{}
	p := listening(t, c)
	buf, fifo := make([]byte, 64), []byte("typed")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		c.receiver = fifo
		p.Interrupt()
		_, _ = p.Read(buf)
		_ = p.Stats()
	}))
}
