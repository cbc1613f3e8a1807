package term_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/screen"
	"vitrine/kernel/term"
)

// glass is a Screen that remembers, and that fails the test when it is asked
// for what it has not got.
type glass struct {
	t          testing.TB
	cols, rows int
	runes      []rune
	attrs      []screen.Attr
	x, y       int
	visible    bool
	sets       int
}

func newGlass(t testing.TB, cols, rows int) *glass {
	return &glass{t: t, cols: cols, rows: rows, runes: make([]rune, cols*rows), attrs: make([]screen.Attr, cols*rows)}
}

func (g *glass) Size() (int, int) { return g.cols, g.rows }

func (g *glass) inside(x, y int) {
	if x < 0 || x >= g.cols || y < 0 || y >= g.rows {
		g.t.Fatalf("(%d, %d) is not on a screen of %d x %d", x, y, g.cols, g.rows)
	}
}

func (g *glass) Set(x, y int, r rune, a screen.Attr) {
	g.inside(x, y)
	g.runes[y*g.cols+x], g.attrs[y*g.cols+x] = r, a
	g.sets++
}

func (g *glass) Cursor(x, y int, visible bool) {
	g.inside(x, y)
	g.x, g.y, g.visible = x, y, visible
}

// picture is the screen with a dot for each blank, row by row.
func (g *glass) picture() []string {
	rows := make([]string, g.rows)
	for y := range rows {
		rows[y] = strings.ReplaceAll(string(g.runes[y*g.cols:(y+1)*g.cols]), " ", ".")
	}
	return rows
}

// attr returns the colours of a cell.
func (g *glass) attr(x, y int) screen.Attr { return g.attrs[y*g.cols+x] }

// show writes s to a fresh terminal.
func show(t testing.TB, cols, rows int, s string) *glass {
	t.Helper()
	g := newGlass(t, cols, rows)
	n, err := term.New(g).Write([]byte(s))
	require.NoError(t, err)
	require.Equal(t, len(s), n)
	return g
}
