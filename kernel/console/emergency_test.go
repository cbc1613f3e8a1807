package console_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/console"
)

func panicText(c *console.Console, s string) {
	for _, b := range []byte(s) {
		c.EmergencyWriteByte(b)
	}
}

func TestEmergencyReachesAllSinks(t *testing.T) {
	c, l, _ := joined(t)
	_, _ = c.Write([]byte("before "))
	panicText(c, "panic:\nno more\n")
	require.Equal(t, "before panic:\r\nno more\r\n", l.sent.String())
	require.Equal(t, []string{"before panic:", "no more", "", ""}, text(c))
}

// The one who holds the lock never runs again: here it waits, deep in Write,
// for the panic to end.
func TestEmergencyNeedsNoLock(t *testing.T) {
	c, l, g := joined(t)
	_, _ = c.Write([]byte("\x1b[31mearlier\n"))
	once := true
	g.during = func() {
		if once {
			once = false
			panicText(c, "panic: in the middle\n")
		}
	}
	_, _ = c.Write([]byte("0123456789\x1b["))
	require.Contains(t, l.sent.String(), "0123456789\x1b[panic: in the middle\r\n")
	require.Contains(t, text(c), "panic: in the middle")
	require.Equal(t, []string{"earlier", "0123456789"}, text(c)[:2])
}

func TestEmergencyInTheMiddleOfTheSerialLine(t *testing.T) {
	c, l, _ := joined(t)
	l.during = func() { panicText(c, "!\n") }
	_, _ = c.Write([]byte("abcd"))
	require.Equal(t, "ab!\r\ncd", l.sent.String())
	require.Equal(t, []string{"!", "abcd"}, text(c)[:2])
}

func TestWritingGoesOnAfterAnEmergency(t *testing.T) {
	c, _, g := joined(t)
	g.during = func() {
		g.during = nil
		panicText(c, "not fatal\n")
	}
	_, _ = c.Write([]byte("one\n"))
	_, _ = c.Write([]byte("two\n"))
	require.Contains(t, text(c), "two")
	panicText(c, "three")
	require.Contains(t, text(c), "three", "at the start of its line, not recovered again")
}

// Drawing itself panics, and so does drawing the panic.
func TestAScreenThatPanicsIsLeftAlone(t *testing.T) {
	c, l, g := joined(t)
	depth := 0
	g.during = func() {
		depth++
		require.Less(t, depth, 3)
		panicText(c, "fault\n")
		panic("the screen is gone")
	}
	require.Panics(t, func() { c.EmergencyWriteByte('x') })
	require.Equal(t, "xfault\r\n", l.sent.String())
	panicText(c, "more")
	require.Equal(t, "xfault\r\nmore", l.sent.String())
}

func TestAPanicInWriteFreesTheLock(t *testing.T) {
	c, l, _ := joined(t)
	l.during = func() { panic("the line is gone") }
	require.Panics(t, func() { _, _ = c.Write([]byte("abcd")) })
	l.during = nil
	_, _ = c.Write([]byte("ok"))
	require.Equal(t, "abok", l.sent.String())
}
