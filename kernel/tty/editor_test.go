package tty

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/key"
)

const testPrompt = "> "

// session is an editor in front of a terminal.
type session struct {
	t  require.TestingT
	e  *Editor
	vt *vt
}

func newSession(t require.TestingT, width int) *session {
	s := &session{t: t, e: NewEditor(width), vt: newVT(t, width, width%2 == 0)}
	s.e.Start(testPrompt, "\x1b[1;32m")
	s.refresh()
	return s
}

func (s *session) refresh() {
	s.e.Refresh()
	s.vt.Write(s.e.Output())
}

// send presses what the bytes stand for and returns the last result.
func (s *session) send(bytes string) Result {
	var d Decoder
	result := Editing
	press := func(p key.Press) {
		if result != Editing {
			s.e.Start(testPrompt, "")
		}
		if result = s.e.Press(p); result == Editing {
			s.e.Refresh()
		}
		s.vt.Write(s.e.Output())
	}
	for _, b := range []byte(bytes) {
		d.Feed(b, press)
	}
	d.Flush(press)
	return result
}

// enter is send for lines of the history.
func (s *session) enter(lines ...string) {
	for _, l := range lines {
		require.Equal(s.t, Entered, s.send(l+"\r"))
		s.e.Start(testPrompt, "")
		s.refresh()
	}
}

const (
	up, down, right, left = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
	home, end, del        = "\x1b[H", "\x1b[F", "\x1b[3~"
	ctrlRight, ctrlLeft   = "\x1b[1;5C", "\x1b[1;5D"
	ctrlDel, altBackspace = "\x1b[3;5~", "\x1b\x7f"
	ctrlA, ctrlB, ctrlE   = "\x01", "\x02", "\x05"
	ctrlD, ctrlF, ctrlK   = "\x04", "\x06", "\x0b"
	ctrlR, ctrlT, ctrlU   = "\x12", "\x14", "\x15"
	ctrlW, ctrlY, ctrlC   = "\x17", "\x19", "\x03"
	ctrlG, ctrlL, ctrlP   = "\x07", "\x0c", "\x10"
	ctrlN, backspace, fs  = "\x0e", "\x7f", "\x1c"
)

func TestKeysEditTheLine(t *testing.T) {
	for _, c := range []struct{ name, keys, line string }{
		{"characters are inserted at the cursor", "ac" + left + "b", "ab|c"},
		{"runes are whole", "grüße" + backspace + backspace + left + "X", "grX|ü"},
		{"backspace and delete", "abcd" + left + left + backspace + del, "a|d"},
		{"nothing to delete", backspace + "a" + del + home + backspace, "|a"},
		{"home and end", "bc" + home + "a" + end + "d", "abcd|"},
		{"Ctrl-A, Ctrl-E, Ctrl-B, Ctrl-F", "bcd" + ctrlA + "a" + ctrlF + "X" + ctrlE + "e" + ctrlB, "abXcd|e"},
		{"the cursor stays in the line", left + right + "a" + left + left + left + "b", "b|a"},
		{"words by Ctrl and arrows", "ab  cd.ef" + ctrlLeft + ctrlLeft + "X" + ctrlLeft + ctrlLeft + ctrlRight, "ab|  Xcd.ef"},
		{"words by Alt-b and Alt-f", "one two" + "\x1bb\x1bb\x1bf" + "!", "one!| two"},
		{"Ctrl-K and Ctrl-Y", "hello world" + ctrlLeft + ctrlK + ctrlA + ctrlY, "world|hello "},
		{"Ctrl-U kills to the start", "hello world" + ctrlLeft + ctrlU + ctrlE + " " + ctrlY, "world hello |"},
		{"Ctrl-W kills a word between spaces", "a b.c d" + ctrlW + ctrlW, "a |"},
		{"kills in a row are one", "a b c" + ctrlW + ctrlW + "x" + ctrlY, "a xb c|"},
		{"kills in both directions are one", "ab cd ef" + ctrlLeft + ctrlW + ctrlK + "|" + ctrlY, "ab |cd ef|"},
		{"a move parts two kills", "a b" + ctrlW + left + ctrlK + ctrlY, "a |"},
		{"words are killed by Alt", "ab.cd ef" + altBackspace + altBackspace + home + "\x1bd" + ctrlY + ctrlY, "abab|."},
		{"Ctrl-Delete kills the next word", "ab cd" + home + ctrlDel, "| cd"},
		{"Ctrl-T swaps", "ab" + ctrlT + "c" + left + ctrlT, "bca|"},
		{"Ctrl-T needs two", "a" + ctrlT, "a|"},
		{"Ctrl-D deletes in a line", "ab" + left + ctrlD, "a|"},
		{"control characters are not inserted", "a\x1b[133u" + fs + "b", "ab|"},
		{"unknown keys change nothing", "ab\x1b[15~\x1bq\x1b[2~", "ab|"},
		{"Ctrl-Alt with a letter changes nothing", "a\x1b\x01", "a|"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSession(t, 80)
			require.Equal(t, Editing, s.send(c.keys))
			line := slices.Insert([]rune(s.e.Line()), s.e.Cursor(), '|')
			require.Equal(t, c.line, string(line))
			require.Equal(t, strings.TrimRight(testPrompt+s.e.Line(), " "), s.vt.String())
			require.Equal(t, len(testPrompt)+s.e.Cursor(), s.vt.x)
		})
	}
}

func TestEnterCancelAndEndOfFile(t *testing.T) {
	s := newSession(t, 80)
	require.Equal(t, Entered, s.send("mem"+left+"\r"))
	require.Equal(t, "mem", s.e.Line())
	require.Equal(t, "> mem\n", s.vt.String())

	s.e.Start(testPrompt, "")
	require.Equal(t, Canceled, s.send("oops"+home+ctrlC))
	require.Empty(t, s.e.Line())
	require.Equal(t, "> mem\n> oops^C\n", s.vt.String())

	s.e.Start(testPrompt, "")
	require.Equal(t, Ended, s.send("a"+backspace+ctrlD))
}

func TestALineLongerThanTheScreenWraps(t *testing.T) {
	for _, width := range []int{10, 11} { // 9 and 10 cells a row
		s := newSession(t, width)
		s.send("abcdefghijklmnopqrstuvwxyz")
		s.send(home + "12" + end + "3" + backspace)
		want := wrap("> 12abcdefghijklmnopqrstuvwxyz", width-1)
		require.Equal(t, want, strings.TrimRight(s.vt.String(), "\n"))
		s.send(ctrlA + ctrlK)
		require.Equal(t, ">", s.vt.String())
		s.send("1234567" + ctrlB)
		require.Equal(t, wrap("> 1234567", width-1), strings.TrimRight(s.vt.String(), "\n"))
	}
}

func wrap(s string, width int) string {
	out := ""
	for i, r := range []rune(s) {
		if i > 0 && i%width == 0 {
			out += "\n"
		}
		out += string(r)
	}
	return out
}

func TestHistoryIsRecalled(t *testing.T) {
	s := newSession(t, 80)
	s.enter("one", "two", "two", " secret", "", "three")
	require.Equal(t, []string{"one", "two", "three"}, s.e.History())
	for _, c := range []struct{ keys, line string }{
		{"dra", "dra"},
		{up, "three"},
		{up, "two"},
		{up, "one"},
		{up, "one"},
		{down, "two"},
		{ctrlN, "three"},
		{down, "dra"},
		{down, "dra"},
		{"\x1b<", "one"},
		{"\x1b>", "dra"},
		{ctrlP + "!" + up, "two"},
		{down, "three"},
	} {
		s.send(c.keys)
		require.Equal(t, c.line, s.e.Line(), "%q", c.keys)
	}
}

func TestHistoryForgetsTheOldest(t *testing.T) {
	s := newSession(t, 80)
	for i := range maxHistory + 3 {
		s.e.history.add(fmt.Sprint(i))
	}
	require.Len(t, s.e.History(), maxHistory)
	require.Equal(t, "3", s.e.History()[0])
}

func TestCtrlRSearchesTheHistory(t *testing.T) {
	s := newSession(t, 80)
	s.enter("pagewalk 0x1000", "mem", "peek 0x1000", "log")
	last := func() string { return s.vt.String()[strings.LastIndex(s.vt.String(), "\n")+1:] }
	for _, c := range []struct{ keys, screen, line string }{
		{"draft" + ctrlR, "(search) '': draft", "draft"},
		{"p", "(search) 'p': peek 0x1000", "peek 0x1000"},
		{"a", "(search) 'pa': pagewalk 0x1000", "pagewalk 0x1000"},
		{backspace, "(search) 'p': peek 0x1000", "peek 0x1000"},
		{ctrlR, "(search) 'p': pagewalk 0x1000", "pagewalk 0x1000"},
		{ctrlR, "(not found) 'p': pagewalk 0x1000", "pagewalk 0x1000"},
		{ctrlG, "> draft", "draft"},
		{ctrlR + "100" + left, "> peek 0x1000", "peek 0x1000"},
		{up, "> mem", "mem"},
		{down + down + down, "> draft", "draft"},
		{ctrlR + "mem\x1b", "> draft", "draft"},
	} {
		s.send(c.keys)
		require.Equal(t, c.screen, last(), "%q", c.keys)
		require.Equal(t, c.line, s.e.Line(), "%q", c.keys)
	}
	require.Equal(t, Entered, s.send(ctrlR+"walk\r"))
	require.Equal(t, "pagewalk 0x1000", s.e.Line())
	s.e.Start(testPrompt, "")
	require.Equal(t, Canceled, s.send(ctrlR+"walk"+ctrlC))
}

// commands completes the last word.
func commands(line string) (int, []string) {
	start := strings.LastIndex(line, " ") + 1
	var words []string
	for _, w := range []string{"mem", "mouse", "frames", "layout=", "größe", "grösser"} {
		if strings.HasPrefix(w, line[start:]) {
			words = append(words, w)
		}
	}
	return start, words
}

func TestTabCompletes(t *testing.T) {
	for _, c := range []struct{ name, keys, line string }{
		{"a single word and a space", "fr\t", "frames |"},
		{"no space after =", "la\t", "layout=|"},
		{"in the middle", "x fr y" + left + left + "\t", "x frames | y"},
		{"only what is common", "g\t\t", "grö|"},
		{"nothing fits", "xy\t\t", "xy|"},
		{"a complete word gets its space", "mem\t\t", "mem |"},
	} {
		s := newSession(t, 80)
		s.e.Complete = commands
		s.send(c.keys)
		require.Equal(t, c.line, string(slices.Insert([]rune(s.e.Line()), s.e.Cursor(), '|')), c.name)
	}
	s := newSession(t, 80)
	s.send("m\t")
	require.Equal(t, 1, s.vt.bells)
}

func TestTheSecondTabListsTheChoice(t *testing.T) {
	s := newSession(t, 20)
	s.e.Complete = commands
	s.send("m rest" + home + right + "\t")
	require.Equal(t, "> m rest", s.vt.String())
	s.send("\t")
	require.Equal(t, "> m rest\nmem    mouse\n> m rest", s.vt.String())
	require.Equal(t, 3, s.vt.x)
	s.send(home + "\t\t")
	require.Contains(t, s.vt.String(), "mem      layout=\nmouse    größe\nframes   grösser\n> m rest")
}

func TestCtrlLClearsTheScreen(t *testing.T) {
	s := newSession(t, 80)
	s.enter("one")
	s.send("two" + left + ctrlL)
	require.Equal(t, "> two", s.vt.String())
	require.Equal(t, 4, s.vt.x)
}

func TestWhatATerminalCannotShowInOneCellIsAStandIn(t *testing.T) {
	s := newSession(t, 80)
	s.send("a世b\u0301c")
	require.Equal(t, "> a?b?c", s.vt.String())
	require.Equal(t, "a世b\u0301c", s.e.Line())
}

func TestALineHasALimit(t *testing.T) {
	s := newSession(t, 80)
	for range MaxLine + 10 {
		s.e.Press(key.Press{Rune: 'x'})
	}
	require.Len(t, s.e.Line(), MaxLine)
}

func TestTypingAtTheEndSendsOnlyTheCharacter(t *testing.T) {
	s := newSession(t, 80)
	s.e.Press(key.Press{Rune: 'x'})
	s.e.Refresh()
	require.Equal(t, "x", string(s.e.Output()))
	s.e.Press(key.Press{Name: key.Backspace})
	s.e.Refresh()
	require.Equal(t, "\b\x1b[K", string(s.e.Output()))
}

// FuzzEditor lets any keys loose on the editor and on a naive model of it.
func FuzzEditor(f *testing.F) {
	f.Add([]byte("hello"+left+left+backspace+home+del+end+"x\r"+up+ctrlU+"\t"), uint8(7))
	f.Add([]byte("a b c"+ctrlW+ctrlY+ctrlK+ctrlT+ctrlR+"a"+ctrlR+ctrlG+ctrlL), uint8(80))
	f.Add([]byte("0123456789012345678901234567890"+home+"abc"+ctrlK+"m\t\t"), uint8(8))
	f.Fuzz(func(t *testing.T, keys []byte, width uint8) {
		columns := int(width%80) + 30
		s := newSession(t, columns)
		s.e.Complete = commands
		var d Decoder
		press := func(p key.Press) {
			line, cursor := []rune(s.e.Line()), s.e.Cursor()
			want, wantCursor, known := naive(line, cursor, p)
			known = known && s.e.search == nil
			if result := s.e.Press(p); result != Editing {
				s.vt.Write(s.e.Output())
				s.e.Start(testPrompt, "")
			} else if known {
				require.Equal(t, string(want), s.e.Line(), "%v", p)
				require.Equal(t, wantCursor, s.e.Cursor(), "%v", p)
			}
			s.refresh()
			s.check(columns - 1)
		}
		for _, b := range keys {
			d.Feed(b, press)
		}
		d.Flush(press)
	})
}

// check compares the last rows of the screen with the line, broken by rule.
func (s *session) check(width int) {
	prompt := testPrompt
	if s.e.search != nil {
		prompt = string(s.e.search.prompt())
	}
	cells := prompt
	for _, r := range s.e.Line() {
		cells += string(cell(r))
	}
	cursor := len([]rune(prompt)) + s.e.Cursor()
	want := strings.Split(wrap(cells, width), "\n")
	if n := len([]rune(cells)); n%width == 0 && cursor == n {
		want = append(want, "") // the cursor waits on a row of its own
	}
	first := s.vt.y - cursor/width
	require.GreaterOrEqual(s.t, first, 0)
	for i, w := range want {
		require.Equal(s.t, strings.TrimRight(w, " "), strings.TrimRight(string(s.vt.rows[first+i]), " "))
	}
	for _, row := range s.vt.rows[first+len(want):] {
		require.Empty(s.t, strings.TrimSpace(string(row)))
	}
	require.Equal(s.t, cursor%width, s.vt.x)
}

// naive is what the simple keys do to a line.
func naive(line []rune, at int, p key.Press) ([]rune, int, bool) {
	switch {
	case p.Name == key.None && p.Mod == 0 && cell(p.Rune) != '?' && len(line) < MaxLine:
		return slices.Insert(line, at, p.Rune), at + 1, true
	case p.Name == key.Backspace && p.Mod == 0:
		if at > 0 {
			return slices.Delete(line, at-1, at), at - 1, true
		}
		return line, at, true
	case p.Name == key.Delete && p.Mod == 0:
		if at < len(line) {
			return slices.Delete(line, at, at+1), at, true
		}
		return line, at, true
	case p.Name == key.Left && p.Mod == 0:
		return line, max(at-1, 0), true
	case p.Name == key.Right && p.Mod == 0:
		return line, min(at+1, len(line)), true
	case p.Name == key.Home:
		return line, 0, true
	case p.Name == key.End:
		return line, len(line), true
	case p.Name == key.None && p.Mod == key.Ctrl && p.Rune == 'u':
		return line[at:], 0, true
	case p.Name == key.None && p.Mod == key.Ctrl && p.Rune == 'k':
		return line[:at], at, true
	}
	return nil, 0, false
}
