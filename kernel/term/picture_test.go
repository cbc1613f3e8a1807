package term_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/term"
)

// Each case is what is written to a screen of 6 x 4, what it then shows, and
// where the cursor is.
var pictures = []struct {
	name    string
	in      string
	picture string
	x, y    int
}{
	{"text", "ab", "ab.... ...... ...... ......", 2, 0},
	{"line feed keeps the column", "ab\nc", "ab.... ..c... ...... ......", 3, 1},
	{"carriage return", "ab\rc", "cb.... ...... ...... ......", 1, 0},
	{"backspace moves only", "ab\b\bc", "cb.... ...... ...... ......", 1, 0},
	{"backspace stops at the margin", "\b\bc", "c..... ...... ...... ......", 1, 0},
	{"tab goes to the last column at most", "a\tb", "a....b ...... ...... ......", 5, 0},
	{"a full line waits", "abcdef", "abcdef ...... ...... ......", 5, 0},
	{"then goes on in the next one", "abcdefg", "abcdef g..... ...... ......", 1, 1},
	{"a full line and CR LF cost one line", "abcdef\r\ng", "abcdef g..... ...... ......", 1, 1},
	{"waiting ends when the cursor moves", "abcdef\x1b[Dx", "abcdxf ...... ...... ......", 5, 0},
	{"backspace from the waiting place", "abcdef\bx", "abcdxf ...... ...... ......", 5, 0},
	{"without wrapping the last column is overwritten", "\x1b[?7labcdefgh", "abcdeh ...... ...... ......", 5, 0},
	{"wrapping again", "\x1b[?7l\x1b[?7habcdefgh", "abcdef gh.... ...... ......", 2, 1},
	{"scrolling", "1\r\n2\r\n3\r\n4\r\n5", "2..... 3..... 4..... 5.....", 1, 3},
	{"scrolling by wrapping", "111111222222333333444444555", "222222 333333 444444 555...", 3, 3},
	{"null, bell and delete are nothing", "a\x00\a\x7fb", "ab.... ...... ...... ......", 2, 0},

	{"cursor to", "\x1b[3;2Hx\x1b[fy", "y..... ...... .x.... ......", 1, 0},
	{"cursor to beyond the screen", "\x1b[99;99Hx", "...... ...... ...... .....x", 5, 3},
	{"zero counts as one", "\x1b[0;0Hx\x1b[0Cy", "x.y... ...... ...... ......", 3, 0},
	{"up down right left", "\x1b[2B\x1b[3Ca\x1b[2Ab\x1b[4Dc", ".c..b. ...... ...a.. ......", 2, 0},
	{"moves stop at the edges", "\x1b[9A\x1b[9Da\x1b[9B\x1b[9Cb", "a..... ...... ...... .....b", 5, 3},
	{"next and previous line", "\x1b[2;3Ha\x1b[Eb\x1b[2Fc", "c..... ..a... b..... ......", 1, 0},
	{"column and row", "\x1b[4Ga\x1b[3db\x1b[2`c", "...a.. ...... .c..b. ......", 2, 2},
	{"tabs", "\x1b[Ix\x1b[Zy", "y....x ...... ...... ......", 1, 0},
	{"a control inside a sequence is obeyed", "ab\x1b[1\r;1Hc", "cb.... ...... ...... ......", 1, 0},
	{"cancel ends a sequence", "\x1b[31\x18mx", "mx.... ...... ...... ......", 2, 0},

	{"erase to the right", "abcdef\x1b[3G\x1b[K", "ab.... ...... ...... ......", 2, 0},
	{"erase to the left", "abcdef\x1b[3G\x1b[1K", "...def ...... ...... ......", 2, 0},
	{"erase the line", "abcdef\x1b[3G\x1b[2K", "...... ...... ...... ......", 2, 0},
	{"erase below", "\x1b#8aaaaaabbbbbbcccccc\x1b[2;3H\x1b[J", "aaaaaa bb.... ...... ......", 2, 1},
	{"erase above", "aaaaaabbbbbbcccccc\x1b[2;3H\x1b[1J", "...... ...bbb cccccc ......", 2, 1},
	{"erase all, the cursor stays", "aaaaaabbb\x1b[2J", "...... ...... ...... ......", 3, 1},
	{"erase characters", "abcdef\x1b[2G\x1b[3X", "a...ef ...... ...... ......", 1, 0},
	{"erase more characters than there are", "abcdef\x1b[5G\x1b[99X", "abcd.. ...... ...... ......", 4, 0},
	{"insert characters", "abcdef\x1b[2G\x1b[2@", "a..bcd ...... ...... ......", 1, 0},
	{"delete characters", "abcdef\x1b[2G\x1b[2P", "adef.. ...... ...... ......", 1, 0},
	{"delete more than there are", "abcdef\x1b[2G\x1b[99P", "a..... ...... ...... ......", 1, 0},
	{"insert mode", "abcd\x1b[2G\x1b[4hxy\x1b[4lz", "axyzcd ...... ...... ......", 4, 0},
	{"repeat", "ab\x1b[3b", "abbbb. ...... ...... ......", 5, 0},

	{"insert lines", "1\r\n2\r\n3\r\n4\x1b[2;2H\x1b[L", "1..... ...... 2..... 3.....", 0, 1},
	{"delete lines", "1\r\n2\r\n3\r\n4\x1b[2;2H\x1b[2M", "1..... 4..... ...... ......", 0, 1},
	{"scroll up", "1\r\n2\r\n3\r\n4\x1b[S", "2..... 3..... 4..... ......", 1, 3},
	{"scroll down", "1\r\n2\r\n3\r\n4\x1b[2T", "...... ...... 1..... 2.....", 1, 3},
	{"scroll by more than there is", "1\r\n2\r\n3\r\n4\x1b[99S", "...... ...... ...... ......", 1, 3},
	{"index", "ab\x1bDc", "ab.... ..c... ...... ......", 3, 1},
	{"next line", "ab\x1bEc", "ab.... c..... ...... ......", 1, 1},
	{"reverse index scrolls at the top", "ab\x1bMc", "..c... ab.... ...... ......", 3, 0},
	{"a scroll region", "1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3;1H\nx", "1..... 3..... x..... 4.....", 1, 2},
	{"a scroll region takes the cursor home", "ab\x1b[2;3rc", "cb.... ...... ...... ......", 1, 0},
	{"below the region nothing scrolls", "1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[4;1H\nx", "1..... 2..... 3..... x.....", 1, 3},
	{"lines are inserted inside the region", "1\r\n2\r\n3\r\n4\x1b[1;3r\x1b[2;1H\x1b[L", "1..... ...... 2..... 4.....", 0, 1},
	{"and not from outside", "1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[L", "1..... 2..... 3..... 4.....", 0, 0},
	{"reverse index in the region", "1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[2;1H\x1bMx", "1..... x..... 2..... 4.....", 1, 1},
	{"a region of one line is none", "ab\x1b[2;2rc", "abc... ...... ...... ......", 3, 0},
	{"up and down stop at the region", "\x1b[2;3r\x1b[2;1H\x1b[9Aa\x1b[9Bb", "...... a..... .b.... ......", 2, 2},
	{"origin mode counts from the region", "\x1b[2;3r\x1b[?6ha\x1b[9;9Hb\x1b[?6lc", "c..... a..... .....b ......", 1, 0},

	{"save and restore", "ab\x1b7\x1b[3;3Hc\x1b8d", "abd... ...... ..c... ......", 3, 0},
	{"save and restore, the other spelling", "ab\x1b[s\x1b[3;3Hc\x1b[ud", "abd... ...... ..c... ......", 3, 0},
	{"the waiting place is saved too", "abcdef\x1b7\x1b[H\x1b8g", "abcdef g..... ...... ......", 1, 1},
	{"restore without save goes home", "ab\x1b8c", "cb.... ...... ...... ......", 1, 0},
	{"reset", "ab\x1b[2;3r\x1b[31m\x1bcc", "c..... ...... ...... ......", 1, 0},
	{"new line mode", "\x1b[20hab\nc", "ab.... c..... ...... ......", 1, 1},

	{"unknown sequences are not text", "a\x1b[1;2;3zb\x1b[>0q\x1b[!pc\x1b[?2004hd", "abcd.. ...... ...... ......", 4, 0},
	{"more numbers than anyone needs", "\x1b[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1Hx", "x..... ...... ...... ......", 1, 0},
	{"a number longer than an int", "\x1b[99999999999999999999999999Hx", "...... ...... ...... x.....", 1, 3},
	{"character sets are ignored", "\x1b(0q\x1b)Bx", "qx.... ...... ...... ......", 2, 0},
	{"a title, ended by a bell", "a\x1b]0;the title\ab", "ab.... ...... ...... ......", 2, 0},
	{"a title, ended properly", "a\x1b]0;the title\x1b\\b", "ab.... ...... ...... ......", 2, 0},
	{"a title that never ends", "a\x1b]0;the title\nb", "a..... .b.... ...... ......", 2, 1},
	{"an interrupted sequence", "a\x1b\x1b[\x1b[2Cb", "a..b.. ...... ...... ......", 4, 0},

	{"UTF-8", "é─€", "é─€... ...... ...... ......", 3, 0},
	{"ill-formed UTF-8", "a\xffb\xc3", "a\ufffdb... ...... ...... ......", 3, 0},
	{"a broken character does not swallow a sequence", "\xe2\x82\x1b[2Cx", "\ufffd..x.. ...... ...... ......", 4, 0},
	{"accents that combine take no place", "e\u0301x\u200b", "ex.... ...... ...... ......", 2, 0},
	{"wide characters take two", "漢x", "漢.x... ...... ...... ......", 3, 0},
	{"wide characters are not cut", "abcde漢", "abcde. 漢..... ...... ......", 2, 1},
	{"8-bit controls are nothing", "a\u009b1mb", "a1mb.. ...... ...... ......", 4, 0},
}

func TestScreenShows(t *testing.T) {
	for _, tt := range pictures {
		t.Run(tt.name, func(t *testing.T) {
			g := show(t, 6, 4, tt.in)
			require.Equal(t, strings.Fields(tt.picture), g.picture())
			require.Equal(t, [2]int{tt.x, tt.y}, [2]int{g.x, g.y}, "cursor")
		})
	}
}

func TestPortionsMakeNoDifference(t *testing.T) {
	for _, tt := range pictures {
		g := newGlass(t, 6, 4)
		tm := term.New(g)
		for _, c := range []byte(tt.in) {
			require.NoError(t, tm.WriteByte(c))
		}
		require.Equal(t, strings.Fields(tt.picture), g.picture(), tt.name)
	}
}

func TestCursorCanBeHidden(t *testing.T) {
	require.True(t, show(t, 6, 4, "a").visible)
	require.False(t, show(t, 6, 4, "a\x1b[?25l").visible)
	require.True(t, show(t, 6, 4, "a\x1b[?25l\x1b[?25h").visible)
}

func TestSmallestScreen(t *testing.T) {
	g := show(t, 1, 1, "ab\r\n漢\x1b[5;5Hc\t\x1b[L\x1b[M\x1b[@\x1b[P\x1b[3S\x1b[2T\x1b[1;1rx")
	require.Equal(t, []string{"x"}, g.picture())
}
