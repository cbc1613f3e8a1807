package tty

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/key"
)

// decode returns the presses that s stands for, as help texts write them.
func decode(s string) []string {
	var d Decoder
	got := []string{}
	emit := func(p key.Press) { got = append(got, p.String()) }
	for _, b := range []byte(s) {
		d.Feed(b, emit)
	}
	d.Flush(emit)
	return got
}

func TestBytesBecomeKeys(t *testing.T) {
	for _, c := range []struct{ bytes, keys string }{
		{"aZ9~", "a Z 9 ~"},
		{"äß€😀", "ä ß € 😀"},
		{"\r\n\n\r", "Enter Enter Enter"},
		{"\r\r\n", "Enter Enter"},
		{"\b\x7f\t", "Backspace Backspace Tab"},
		{"\x00\x01\x03\x1a", "Ctrl-  Ctrl-a Ctrl-c Ctrl-z"},
		{"\x1c\x1d\x1e\x1f", `Ctrl-\ Ctrl-] Ctrl-^ Ctrl-_`},
		{"\x1b", "Escape"},
		{"\x1b\x1b", "Alt-Escape"},
		{"\x1bb\x1bF", "Alt-b Alt-F"},
		{"\x1b\x7f\x1b\r\x1b\t", "Alt-Backspace Alt-Enter Alt-Tab"},
		{"\x1b\x03", "Ctrl-Alt-c"},
		{"\x1b[A\x1b[B\x1b[C\x1b[D", "Up Down Right Left"},
		{"\x1bOA\x1bOB\x1bOC\x1bOD", "Up Down Right Left"},
		{"\x1b[H\x1b[F\x1bOH\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "Home End Home End Home End Home End"},
		{"\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "Insert Delete PageUp PageDown"},
		{"\x1bOP\x1bOQ\x1bOR\x1bOS", "F1 F2 F3 F4"},
		{"\x1b[11~\x1b[12~\x1b[15~\x1b[17~\x1b[21~\x1b[23~\x1b[24~", "F1 F2 F5 F6 F10 F11 F12"},
		{"\x1b[[A\x1b[[E", "F1 F5"},
		{"\x1b[1;2A\x1b[1;3B\x1b[1;5C\x1b[1;6D", "Shift-Up Alt-Down Ctrl-Right Ctrl-Shift-Left"},
		{"\x1b[1;5P\x1b[3;5~\x1b[5;2~", "Ctrl-F1 Ctrl-Delete Shift-PageUp"},
		{"\x1b[a\x1bOd\x1b[3^\x1b[3$", "Shift-Up Ctrl-Left Ctrl-Delete Shift-Delete"},
		{"\x1b\x1b[C", "Alt-Right"},
		{"\x1b[Z", "Shift-Tab"},
		{"\x1bOM\x1bOj\x1bOp\x1bOy", "Enter * 0 9"},
		{"\x1b[97;5u\x1b[13;5u\x1b[27;5;99~\x1b[228u", "Ctrl-a Ctrl-Enter Ctrl-c ä"},
		{"\x1b[", "Alt-["},
		{"\x1bO", "Alt-O"},
		{"\x1b[1;", ""},
		{"\x1b[200~x\x1b[201~", "x"},
		{"\x1b[?1;2c\x1b[<0;1;1M\x1b[>1u", ""},
		{"\x1b[9999999999999999999~", ""},
		{"\x1b[1;2;3;4;5A", ""},
		{"\x1b[24;80R", ""},
		{"\x1b[12\x1b[A", "Up"},
		{"\x1bO\x1b[A", "Up"},
		{"\x1b[1\ra", "Enter a"},
		{"\xc3", "\ufffd"},
		{"\xc3a", "\ufffd a"},
		{"\xff\x80", "\ufffd \ufffd"},
		{"\xed\xa0\x80", "\ufffd \ufffd"},
	} {
		require.Equal(t, c.keys, strings.Join(decode(c.bytes), " "), "%q", c.bytes)
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add("plain text\r\n", uint8(3))
	f.Add("\x1b[1;5C\x1bOA\x1b[[A\x1b[200~\xe2\x82\xac\x1b\x1b[", uint8(5))
	f.Fuzz(func(t *testing.T, s string, at uint8) {
		presses := 0
		var d Decoder
		emit := func(p key.Press) {
			presses++
			require.True(t, p.Name != key.None || utf8.ValidRune(p.Rune), "%#v", p)
			require.False(t, p.Name == key.None && (p.Rune < ' ' || p.Rune == 0x7f), "%#v", p)
			require.LessOrEqual(t, p.Name, key.PrintScreen)
		}
		for _, b := range []byte(s) {
			d.Feed(b, emit)
		}
		d.Flush(emit)
		require.False(t, d.Pending())
		require.LessOrEqual(t, presses, len(s))

		// Text that is only text comes through as it is.
		text := strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || r == utf8.RuneError {
				return -1
			}
			return r
		}, s)
		require.Equal(t, text, strings.Join(decode(text), ""))
	})
}

// line is a serial line: what is sent arrives at once.
type line struct {
	sync.Mutex
	data []byte
	news chan struct{}
}

func (l *line) send(s string) {
	l.Lock()
	l.data = append(l.data, s...)
	l.Unlock()
	select {
	case l.news <- struct{}{}:
	default:
	}
}

func (l *line) Read(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	if len(l.data) == 0 {
		return 0, errors.New("nothing received")
	}
	n := copy(p, l.data)
	l.data = l.data[n:]
	return n, nil
}

func TestSilenceMakesAnEscapeOfEsc(t *testing.T) {
	l := &line{news: make(chan struct{}, 1)}
	presses := make(chan string, 10)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- Decode(ctx, l.Read, l.news, func(p key.Press) { presses <- p.String() }) }()

	l.send("a")
	require.Equal(t, "a", <-presses)
	l.send("\x1b[A")
	require.Equal(t, "Up", <-presses)
	start := time.Now()
	l.send("\x1b")
	require.Equal(t, "Escape", <-presses)
	require.GreaterOrEqual(t, time.Since(start), EscapeTime)
	l.send("[")
	require.Equal(t, "[", <-presses)
	l.send(strings.Repeat("x", 1000))
	for range 1000 {
		require.Equal(t, "x", <-presses)
	}
	stop()
	require.ErrorIs(t, <-done, context.Canceled)
}
