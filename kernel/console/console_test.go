package console_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/screen"
	"vitrine/kernel/console"
	"vitrine/kernel/term"
)

// line is a serial line that keeps what it is sent.
type line struct {
	sent   strings.Builder
	err    error
	during func() // called in the middle of Write
}

func (l *line) Write(p []byte) (int, error) {
	half := len(p) / 2
	l.sent.Write(p[:half])
	if l.during != nil {
		l.during()
	}
	l.sent.Write(p[half:])
	return len(p), l.err
}

func (l *line) WriteByte(c byte) error {
	l.sent.WriteByte(c)
	return l.err
}

// glass is a screen of 20 x 4 that keeps nothing: Sink.Text tells.
type glass struct {
	during func() // called by each Set
}

func (*glass) Size() (int, int)      { return 20, 4 }
func (*glass) Cursor(int, int, bool) {}
func (g *glass) Set(int, int, rune, screen.Attr) {
	if g.during != nil {
		g.during()
	}
}

var _ term.Screen = (*glass)(nil)

// joined returns a console with a line and a screen.
func joined(t testing.TB) (*console.Console, *line, *glass) {
	c, l, g := console.New(), &line{}, &glass{}
	_, err := c.AddSerial("serial", l)
	require.NoError(t, err)
	_, err = c.AddScreen("screen", g)
	require.NoError(t, err)
	return c, l, g
}

func text(c *console.Console) []string { return c.Sink("screen").Text() }

func TestWriteReachesAllSinks(t *testing.T) {
	c, l, _ := joined(t)
	n, err := c.Write([]byte("one\n\x1b[31mtwo\x1b[m"))
	require.NoError(t, err)
	require.Equal(t, 15, n)
	require.Equal(t, "one\r\n\x1b[31mtwo\x1b[m", l.sent.String(), "raw, but for the line ends")
	require.Equal(t, []string{"one", "two", "", ""}, text(c))
}

func TestAConsoleWithoutSinksSwallowsEverything(t *testing.T) {
	var c console.Console
	n, err := c.Write([]byte("hello"))
	require.NoError(t, err)
	require.Equal(t, 5, n)
	c.EmergencyWriteByte('!')
	require.Nil(t, c.Sink("serial"))
	cols, rows := c.Size()
	require.Equal(t, [2]int{80, 25}, [2]int{cols, rows})
}

func TestLongTextArrivesWhole(t *testing.T) {
	c, l, _ := joined(t)
	for _, size := range []int{4094, 4095, 4096, 4097, 10_000} {
		l.sent.Reset()
		want := strings.Repeat("ab\n", size/3) + "xyz"
		_, _ = io.WriteString(c, want)
		require.Equal(t, strings.ReplaceAll(want, "\n", "\r\n"), l.sent.String())
	}
}

func TestSinksChooseWhatTheyTake(t *testing.T) {
	c, l, _ := joined(t)
	serial := c.Sink("serial")
	require.Equal(t, console.All, serial.Accepted())
	serial.Accept(console.Program | console.Crash)
	_, _ = c.Write([]byte("program "))
	_, _ = c.Writer(console.Log).Write([]byte("log "))
	c.EmergencyWriteByte('!')
	require.Equal(t, "program !", l.sent.String())
	require.Equal(t, "program log !", text(c)[0])

	serial.Accept(0)
	_, _ = c.Write([]byte("more"))
	c.EmergencyWriteByte('!')
	require.Equal(t, "program !", l.sent.String())
}

func TestAPlainLineGetsLineFeedsAsTheyAre(t *testing.T) {
	c, l, _ := joined(t)
	for k := range c.Sinks() {
		k.Plain(true)
	}
	_, _ = c.Write([]byte("one\n\ntwo\r\n"))
	c.EmergencyWriteByte('!')
	c.EmergencyWriteByte('\n')
	require.Equal(t, "one\n\ntwo\r\n!\n", l.sent.String())
	require.Equal(t, []string{"", "two", "!", ""}, text(c), "after the scroll")
}

func TestSinksAreListedInOrder(t *testing.T) {
	c, _, _ := joined(t)
	var names []string
	for k := range c.Sinks() {
		names = append(names, k.Name())
	}
	require.Equal(t, []string{"serial", "screen"}, names)
	cols, rows := c.Size()
	require.Equal(t, [2]int{20, 4}, [2]int{cols, rows})
	require.Nil(t, c.Sink("serial").Text())
}

func TestThereIsAnEndToSinks(t *testing.T) {
	c := console.New()
	for i := range 8 {
		_, err := c.AddSerial(fmt.Sprint(i), &line{})
		require.NoError(t, err)
	}
	_, err := c.AddSerial("one more", &line{})
	require.ErrorIs(t, err, console.ErrFull)
}

func TestADeadSinkDoesNotDisturbTheOthers(t *testing.T) {
	c, l, _ := joined(t)
	l.err = errors.New("dead")
	_, err := c.Write([]byte("hello"))
	require.NoError(t, err)
	c.EmergencyWriteByte('!')
	require.Equal(t, "hello!", text(c)[0])
	require.Equal(t, uint64(2), c.Sink("serial").Failed())
}

func TestWritesOfSeveralGoroutinesDoNotMix(t *testing.T) {
	c, l, _ := joined(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 50 {
				_, _ = c.Write([]byte(strings.Repeat(string(rune('a'+i)), 20) + "\n"))
			}
		})
	}
	all.Wait()
	lines := strings.Split(strings.TrimSuffix(l.sent.String(), "\r\n"), "\r\n")
	require.Len(t, lines, 400)
	for _, s := range lines {
		require.Equal(t, strings.Repeat(s[:1], 20), s)
	}
}

func TestLineWriterPassesOnWholeLines(t *testing.T) {
	c, l, _ := joined(t)
	a, b := console.NewLineWriter(c), console.NewLineWriter(c)
	for i := range 3 {
		_, _ = fmt.Fprintf(a, "a%d", i)
		_, _ = fmt.Fprintf(b, "b%d", i)
	}
	require.Empty(t, l.sent.String())
	_, _ = a.Write([]byte("\nmore\nand"))
	require.Equal(t, "a0a1a2\r\nmore\r\n", l.sent.String())
	require.NoError(t, b.Flush())
	require.NoError(t, a.Flush())
	require.NoError(t, a.Flush())
	require.Equal(t, "a0a1a2\r\nmore\r\nb0b1b2and", l.sent.String())
}

func TestLineWriterDoesNotCollectForEver(t *testing.T) {
	c, l, _ := joined(t)
	_, _ = console.NewLineWriter(c).Write(make([]byte, 5000))
	require.Equal(t, 5000, l.sent.Len())
}

func TestAnswersGoToWhoWantsThem(t *testing.T) {
	c, _, _ := joined(t)
	var got string
	c.Sink("screen").OnReply(func(b []byte) { got = string(b) })
	c.Sink("serial").OnReply(func([]byte) { t.Fatal("the other end answers") })
	_, _ = c.Write([]byte("ab\x1b[6n"))
	require.Equal(t, "\x1b[1;3R", got)
}

func TestRedrawSetsEachCellAgain(t *testing.T) {
	c, _, g := joined(t)
	_, _ = c.Write([]byte("hello"))
	sets := 0
	g.during = func() { sets++ }
	c.Sink("screen").Redraw()
	c.Sink("serial").Redraw()
	require.Equal(t, 80, sets)
}

func TestDeferDrawsABurstOnce(t *testing.T) {
	c, _, g := joined(t)
	_, _ = c.Write([]byte("start"))
	sets, armed := 0, 0
	g.during = func() { sets++ }
	c.Defer(func() { armed++ })

	_, _ = c.Write([]byte("\rthe first is drawn at once"))
	require.Positive(t, sets)
	require.Equal(t, 1, armed)

	sets = 0
	for range 100 {
		_, _ = c.Write([]byte("0123456789\n"))
	}
	require.Zero(t, sets)
	require.Equal(t, 1, armed)
	require.Equal(t, "0123456789", text(c)[0], "the terminal is ahead")

	c.Refresh()
	require.Positive(t, sets)
	require.Less(t, sets, 81)
	require.Equal(t, 2, armed, "the next burst waits too")

	sets = 0
	c.Refresh()
	require.Zero(t, sets)
	require.Equal(t, 2, armed, "nothing more to do, nothing more to wait for")
	_, _ = c.Write([]byte("x"))
	require.Equal(t, 1, sets)
	require.Equal(t, 3, armed)
}

func TestEmergencyDrawsWhatWasPutOff(t *testing.T) {
	c, _, g := joined(t)
	_, _ = c.Write([]byte("start"))
	c.Defer(func() {})
	_, _ = c.Write([]byte("\r1"))
	_, _ = c.Write([]byte("234"))
	sets := 0
	g.during = func() { sets++ }
	c.EmergencyWriteByte('!')
	require.Equal(t, 4, sets, "2, 3, 4, !")
}

func TestWriteDoesNotAllocate(t *testing.T) {
	c := console.New()
	_, _ = c.AddScreen("screen", &glass{})
	log, message := c.Writer(console.Log), []byte("\x1b[1mhello\x1b[m\n")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_, _ = c.Write(message)
		_, _ = log.Write(message)
		c.EmergencyWriteByte('!')
	}))
}
