package tty

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/key"
)

// lockedVT is a vt that another goroutine may look at.
type lockedVT struct {
	sync.Mutex
	vt *vt
}

func (l *lockedVT) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.vt.Write(p)
}

func (l *lockedVT) eventually(t *testing.T, want string) {
	t.Helper()
	require.Eventually(t, func() bool {
		l.Lock()
		defer l.Unlock()
		return l.vt.String() == want
	}, 10*time.Second, time.Millisecond, "want %q", want)
}

func newTerminal(t *testing.T) (*Terminal, *lockedVT) {
	out := &lockedVT{vt: newVT(t, 80, true)}
	return NewTerminal(out, 80, 25), out
}

func typeBytes(term *Terminal, s string) {
	var d Decoder
	for _, b := range []byte(s) {
		d.Feed(b, term.Type)
	}
	d.Flush(term.Type)
}

func TestALineIsRead(t *testing.T) {
	term, out := newTerminal(t)
	typeBytes(term, "mem\r")
	line, err := term.ReadLine(context.Background(), "> ")
	require.NoError(t, err)
	require.Equal(t, "mem", line)
	require.Equal(t, []string{"mem"}, term.History())
	out.eventually(t, "> mem\n")
}

func TestWhatIsTypedAheadWaitsForItsPrompt(t *testing.T) {
	term, out := newTerminal(t)
	typeBytes(term, "one\rtwo\rthr")
	for _, want := range []string{"one", "two"} {
		line, err := term.ReadLine(context.Background(), "> ")
		require.NoError(t, err)
		require.Equal(t, want, line)
		io.WriteString(term, "did "+line+"\r\n")
	}
	done := make(chan string)
	go func() {
		line, _ := term.ReadLine(context.Background(), "> ")
		done <- line
	}()
	out.eventually(t, "> one\ndid one\n> two\ndid two\n> thr")
	typeBytes(term, "ee\r")
	require.Equal(t, "three", <-done)
}

func TestOutputAppearsAboveTheLineBeingTyped(t *testing.T) {
	term, out := newTerminal(t)
	done := make(chan string)
	go func() {
		line, _ := term.ReadLine(context.Background(), "> ")
		done <- line
	}()
	typeBytes(term, "me"+left)
	out.eventually(t, "> me")
	io.WriteString(term, "[   1.000000] ps2: keyboard ready\r\n")
	io.WriteString(term, "no newline")
	out.eventually(t, "[   1.000000] ps2: keyboard ready\nno newline\n> me")
	typeBytes(term, "X"+end+"m\r")
	require.Equal(t, "mXem", <-done)
	out.eventually(t, "[   1.000000] ps2: keyboard ready\nno newline\n> mXem\n")
}

func TestThePromptStartsARowOfItsOwn(t *testing.T) {
	term, out := newTerminal(t)
	io.WriteString(term, "half a row")
	typeBytes(term, "\r\r")
	term.ReadLine(context.Background(), "> ")
	io.WriteString(term, "coloured\r\n\x1b[0m")
	term.ReadLine(context.Background(), "> ")
	out.eventually(t, "half a row\n>\ncoloured\n>\n")
	io.WriteString(term, "wiped\r\x1b[K")
	typeBytes(term, "\r")
	term.ReadLine(context.Background(), "> ")
	out.eventually(t, "half a row\n>\ncoloured\n>\n>\n")
}

func TestCtrlCInterruptsAndForgetsWhatWasTypedAhead(t *testing.T) {
	term, out := newTerminal(t)
	interrupted := 0
	term.OnInterrupt(func() { interrupted++ })
	typeBytes(term, "typed ahead"+ctrlC+"x")
	require.Equal(t, 1, interrupted)
	p, err := term.ReadKey(context.Background())
	require.NoError(t, err)
	require.Equal(t, key.Press{Rune: 'x'}, p)
	out.eventually(t, "^C\n")

	term.OnInterrupt(nil)
	typeBytes(term, ctrlC)
	_, err = term.ReadLine(context.Background(), "> ")
	require.Equal(t, ErrCanceled, err)
	require.Equal(t, 1, interrupted)
}

func TestACtrlCThatComesBeforeItsCommandCounts(t *testing.T) {
	term, _ := newTerminal(t)
	typeBytes(term, "one\r"+ctrlC+"two\r")
	_, err := term.ReadLine(context.Background(), "> ")
	require.NoError(t, err)
	interrupted := 0
	term.OnInterrupt(func() { interrupted++ })
	require.Equal(t, 1, interrupted)
	line, err := term.ReadLine(context.Background(), "> ")
	require.NoError(t, err)
	require.Equal(t, "two", line)
}

func TestCtrlDEndsTheInput(t *testing.T) {
	term, _ := newTerminal(t)
	typeBytes(term, ctrlD)
	_, err := term.ReadLine(context.Background(), "> ")
	require.Equal(t, io.EOF, err)
}

func TestReadingStopsWithItsContext(t *testing.T) {
	term, out := newTerminal(t)
	typeBytes(term, "abc")
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err := term.ReadLine(ctx, "> ")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = term.ReadKey(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	out.eventually(t, "")
}

func TestAPasteIsDrawnOnce(t *testing.T) {
	var out strings.Builder
	term := NewTerminal(&out, 80, 25)
	typeBytes(term, strings.Repeat("paste ", 100)+"\r")
	line, err := term.ReadLine(context.Background(), "> ")
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("paste ", 100), line)
	require.Less(t, out.Len(), 650)
}

func TestTheSizeMayChange(t *testing.T) {
	term, out := newTerminal(t)
	done := make(chan string)
	go func() {
		line, _ := term.ReadLine(context.Background(), "> ")
		done <- line
	}()
	typeBytes(term, "0123456789")
	out.eventually(t, "> 0123456789")
	term.SetSize(10, 5)
	out.eventually(t, "> 0123456\n789")
	columns, rows := term.Size()
	require.Equal(t, []int{10, 5}, []int{columns, rows})
	typeBytes(term, "\r")
	require.Equal(t, "0123456789", <-done)
}
