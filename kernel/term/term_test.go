package term_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/screen"
	"vitrine/kernel/term"
)

func TestTheFirstWriteDrawsEverythingAndLaterOnesTheChanges(t *testing.T) {
	g := newGlass(t, 80, 25)
	tm := term.New(g)
	require.Zero(t, g.sets, "New touches no screen")
	_, _ = tm.Write([]byte("a"))
	require.Equal(t, 80*25, g.sets)

	g.sets = 0
	_, _ = tm.Write([]byte("bc"))
	require.Equal(t, 2, g.sets)

	g.sets = 0
	_, _ = tm.Write([]byte("\r"))
	require.Equal(t, 1, g.sets, "where the cursor was")

	g.sets = 0
	_, _ = tm.Write([]byte(strings.Repeat("same\r\n", 1000)))
	g.sets = 0
	_, _ = tm.Write([]byte(strings.Repeat("same\r\n", 1000)))
	require.LessOrEqual(t, g.sets, 1, "scrolling equal lines changes nothing")
}

func TestOnlyTheOutcomeOfAWriteIsDrawn(t *testing.T) {
	g := newGlass(t, 80, 25)
	tm := term.New(g)
	_, _ = tm.Write([]byte("\x1b[H"))
	g.sets = 0
	_, _ = tm.Write([]byte(strings.Repeat("0123456789\r\n", 1000)))
	require.LessOrEqual(t, g.sets, 10*25)
}

func TestRedrawSendsEverythingAgain(t *testing.T) {
	g := newGlass(t, 8, 2)
	tm := term.New(g)
	_, _ = tm.Write([]byte("hello"))
	clear(g.runes)
	tm.Redraw()
	require.Equal(t, []string{"hello...", "........"}, g.picture())
}

func TestLineReadsTheTextBack(t *testing.T) {
	tm := term.New(newGlass(t, 8, 3))
	_, _ = tm.Write([]byte("größe\r\n  b"))
	require.Equal(t, []string{"größe", "  b", "", "", ""},
		[]string{tm.Line(0), tm.Line(1), tm.Line(2), tm.Line(3), tm.Line(-1)})
	x, y := tm.Position()
	require.Equal(t, [2]int{3, 1}, [2]int{x, y})
	cols, rows := tm.Size()
	require.Equal(t, [2]int{8, 3}, [2]int{cols, rows})
}

func TestQuestionsAreAnsweredIfSomebodyListens(t *testing.T) {
	tm := term.New(newGlass(t, 80, 25))
	_, _ = tm.Write([]byte("\x1b[6n")) // nobody does
	var answers []string
	tm.OnReply(func(b []byte) { answers = append(answers, string(b)) })
	_, _ = tm.Write([]byte("\x1b[5n\x1b[12;34H\x1b[6n\x1b[c\x1b[3;20r\x1b[?6h\x1b[6n\x1b[9n"))
	require.Equal(t, []string{"\x1b[0n", "\x1b[12;34R", "\x1b[?6c", "\x1b[1;1R"}, answers)
}

// stopped is a Screen at which a write ends for good.
type stopped struct {
	*glass
	after int
}

func (s *stopped) Set(x, y int, r rune, a screen.Attr) {
	if s.after--; s.after == 0 {
		panic("stopped")
	}
	s.glass.Set(x, y, r, a)
}

func TestRecoverGoesOnAfterAWriteThatNeverEnded(t *testing.T) {
	for after := 1; after < 40; after++ {
		s := &stopped{glass: newGlass(t, 8, 3)}
		tm := term.New(s)
		_, _ = tm.Write([]byte("\x1b[2;3r\x1b[31;44m\x1b[?25l\x1b[Habc"))
		s.after = after
		func() {
			defer func() { _ = recover() }()
			_, _ = tm.Write([]byte("\x1b[2J\rone\r\ntwo\x1b[1;"))
		}()
		s.after = 0
		tm.Recover()
		_, _ = tm.Write([]byte("panic"))
		require.Equal(t, "panic...", s.picture()[2], after)
		require.Equal(t, screen.Normal, s.attr(0, 2))
		require.True(t, s.visible)
		require.Equal(t, []string{"one", "two"}, []string{tm.Line(0), tm.Line(1)})
	}
}

func TestRecoverDropsAHalfReadSequence(t *testing.T) {
	for _, half := range []string{"\x1b", "\x1b[", "\x1b[3", "\x1b]0;", "\x1b(", "\xe2\x82"} {
		g := newGlass(t, 8, 2)
		tm := term.New(g)
		_, _ = tm.Write([]byte(half))
		tm.Recover()
		_, _ = tm.Write([]byte("x"))
		require.Equal(t, "x.......", g.picture()[0], "%q", half)
	}
}

func TestWriteDoesNotAllocate(t *testing.T) {
	g := newGlass(t, 80, 25)
	tm := term.New(g)
	tm.OnReply(func([]byte) {})
	text := []byte("plain \x1b[1;31mred\x1b[0m größer 漢\xff\x1b[6n\x1b[2;20r\x1b[L\x1b[3P\x1b[38;2;1;2;3m\r\n")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_, _ = tm.Write(text)
		_ = tm.WriteByte('x')
		tm.Recover()
		tm.Redraw()
	}))
}

// replaced is what a decoder of UTF-8 has to make of b: a replacement
// character for each longest beginning of a character.
func replaced(b []byte) string {
	var s strings.Builder
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		for r == utf8.RuneError && n < len(b) && !utf8.FullRune(b[:n+1]) {
			n++
		}
		s.WriteRune(r)
		b = b[n:]
	}
	return s.String()
}

func FuzzDecoder(f *testing.F) {
	f.Add([]byte("plain"))
	f.Add([]byte("\xe2\x82A\xf0\x90\x80\xed\xa0\x80\xc0\x80\xf4\x90\xe2\x82\xac\xf5\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		b = bytes.Map(func(r rune) rune { // no controls, and nothing of another width than 1
			if r != utf8.RuneError && (r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0xad) {
				return 'x'
			}
			return r
		}, b)
		if len(b) > 100 {
			return
		}
		g := newGlass(t, 400, 1)
		_, _ = term.New(g).Write(append(b, "\r"...))
		want := replaced(b)
		require.Equal(t, want, string(g.runes[:utf8.RuneCountInString(want)]), "%q", b)
	})
}

func TestUTF8IsDecodedAsTheStandardSays(t *testing.T) {
	for in, want := range map[string]string{
		"\x41\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64": "A\ufffd\ufffd\ufffdb\ufffdc\ufffd\ufffdd", // its own example
		"\xc0\xaf":         "\ufffd\ufffd",
		"\xed\xa0\x80":     "\ufffd\ufffd\ufffd",
		"\xf4\x90\x80\x80": "\ufffd\ufffd\ufffd\ufffd",
		"\xe0\x80\x80":     "\ufffd\ufffd\ufffd",
		"\xf0\x8f\xbf\xbf": "\ufffd\ufffd\ufffd\ufffd",
		"\xf4\x8f\xbf\xbd": "\U0010fffd",
		"\xef\xbf\xbd":     "\ufffd",
	} {
		g := newGlass(t, 10, 1)
		_, _ = term.New(g).Write([]byte(in))
		got := strings.TrimRight(string(g.runes), " ")
		require.Equal(t, want, got, "%q", in)
	}
}

// Whatever comes, the terminal stays on its screen (glass checks that), and
// what the screen shows does not depend on the portions.
func FuzzWrite(f *testing.F) {
	for _, tt := range pictures {
		f.Add([]byte(tt.in), uint8(3))
	}
	f.Fuzz(func(t *testing.T, b []byte, portion uint8) {
		whole, parts := newGlass(t, 7, 5), newGlass(t, 7, 5)
		_, _ = term.New(whole).Write(b)
		tm := term.New(parts)
		_, _ = tm.Write(nil)
		for rest := b; len(rest) > 0; {
			n := min(int(portion)+1, len(rest))
			_, _ = tm.Write(rest[:n])
			rest = rest[n:]
		}
		require.Equal(t, whole.picture(), parts.picture())
		require.Equal(t, whole.attrs, parts.attrs)
		require.Equal(t, [2]int{whole.x, whole.y}, [2]int{parts.x, parts.y})
		tm.Recover()
		_, _ = tm.Write([]byte("ok"))
		x, y := tm.Position()
		require.Equal(t, "ok", tm.Line(y))
		require.Equal(t, 2, x)
	})
}

func BenchmarkTerminal(b *testing.B) {
	line := "2026-01-02 12:34:56.789 INFO memory: 512 MiB of RAM, 131072 frames\r\n"
	for _, bb := range []struct {
		name string
		text string
	}{
		{"lines", line},
		{"screenfuls", strings.Repeat(line, 25)},
		{"colours", "\x1b[1;32mvitrine>\x1b[0m \x1b[38;5;120mhelp\x1b[m größer\r\n"},
		{"key", "x\b"},
	} {
		for _, size := range [][2]int{{80, 25}, {240, 67}} {
			b.Run(bb.name+map[int]string{80: "/80x25", 240: "/240x67"}[size[0]], func(b *testing.B) {
				tm := term.New(newGlass(b, size[0], size[1]))
				text := []byte(bb.text)
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					_, _ = tm.Write(text)
				}
			})
		}
	}
}
