package tty

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// vt is as much of a terminal as the editor needs. It stands in for both
// kinds: those that wrap when a character lands in the last column, and those
// that wait for the next one. Anything it does not know fails the test.
type vt struct {
	t          require.TestingT
	width      int
	wrapAtOnce bool
	rows       [][]rune
	x, y       int
	bells      int
}

func newVT(t require.TestingT, width int, wrapAtOnce bool) *vt {
	return &vt{t: t, width: width, wrapAtOnce: wrapAtOnce, rows: [][]rune{{}}}
}

func (v *vt) Write(p []byte) (int, error) {
	for s := string(p); s != ""; {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch {
		case r == '\a':
			v.bells++
		case r == '\r':
			v.x = 0
		case r == '\b':
			require.Positive(v.t, v.x)
			v.x--
		case r == '\n':
			v.down(1, true)
		case r == esc:
			end := strings.IndexFunc(s, func(r rune) bool { return r >= '@' && r != '[' })
			require.GreaterOrEqual(v.t, end, 1, "sequence cut off: %q", s)
			v.sequence(s[1:end], s[end])
			s = s[end+1:]
		default:
			require.GreaterOrEqual(v.t, r, ' ')
			if v.x == v.width {
				v.x = 0
				v.down(1, true)
			}
			v.put(r)
			if v.x++; v.x == v.width && v.wrapAtOnce {
				v.x = 0
				v.down(1, true)
			}
		}
	}
	return len(p), nil
}

func (v *vt) down(n int, grow bool) {
	for range n {
		if v.y+1 == len(v.rows) {
			require.True(v.t, grow, "moved below the last row")
			v.rows = append(v.rows, nil)
		}
		v.y++
	}
}

func (v *vt) put(r rune) {
	row := v.rows[v.y]
	for len(row) <= v.x {
		row = append(row, ' ')
	}
	row[v.x] = r
	v.rows[v.y] = row
}

func (v *vt) sequence(params string, final byte) {
	n, err := strconv.Atoi(params)
	if err != nil {
		n = 1
	}
	switch final {
	case 'A':
		require.GreaterOrEqual(v.t, v.y, n, "moved above the first row")
		v.y -= n
	case 'B':
		v.down(n, false)
	case 'C':
		v.x += n
		require.Less(v.t, v.x, v.width, "moved past the last column")
	case 'D':
		require.GreaterOrEqual(v.t, v.x, n, "moved before the first column")
		v.x -= n
	case 'H':
		v.x, v.y = 0, 0
	case 'J':
		if params == "2" {
			v.rows = [][]rune{{}}
			require.Zero(v.t, v.x+v.y)
			return
		}
		v.rows[v.y] = v.rows[v.y][:min(v.x, len(v.rows[v.y]))]
		v.rows = v.rows[:v.y+1]
	case 'K':
		v.rows[v.y] = v.rows[v.y][:min(v.x, len(v.rows[v.y]))]
	case 'm':
	default:
		require.Fail(v.t, "unknown sequence", "ESC [ %s %c", params, final)
	}
}

// String returns the rows, without spaces at their ends.
func (v *vt) String() string {
	var b strings.Builder
	for i, row := range v.rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.TrimRight(string(row), " "))
	}
	return b.String()
}

func TestBothKindsOfTerminalShowTheSame(t *testing.T) {
	for _, atOnce := range []bool{false, true} {
		v := newVT(t, 5, atOnce)
		v.Write([]byte("abcdefg\r\x1b[Ax\x1b[K\r\n!"))
		require.Equal(t, "x\n!g", v.String())
	}
}
