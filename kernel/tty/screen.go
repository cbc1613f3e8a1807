package tty

import (
	"fmt"
	"slices"
	"unicode"
)

// screen is what the terminal shows of the line: prompt and text as one string
// of cells, broken into rows of the same width.
//
//	    column 0            column width-1, then the unused one
//	row 0  vitrine> pagewalk 0xffff80000000
//	row 1  0000 | grep present
//
// Terminals disagree about what happens in their last column (some wrap at
// once, some before the next character), and a serial terminal may be wider
// than was said. So the last column stays empty, and rows are broken by an
// explicit CR LF: then the cursor is always where this type believes it to be,
// and it needs only CR, BS and the sequences CUU, CUD, CUF, CUB, EL and ED.
type screen struct {
	width int    // cells in a row
	cells []rune // what is shown
	at    int    // the cell where the terminal's cursor stands
	stale bool   // the prompt must be drawn again
	out   []byte // bytes not yet fetched by Output
}

func (s *screen) print(text string) { s.out = append(s.out, text...) }

// forget says that the cursor stands at the start of an empty row.
func (s *screen) forget() { s.cells, s.at, s.stale = nil, 0, true }

// clear wipes the whole screen.
func (s *screen) clear() {
	s.print("\x1b[H\x1b[2J")
	s.forget()
}

// draw makes the terminal show cells, with the cursor at cell cursor. The first
// prompt cells are drawn in colour. Only what differs from what is shown is
// drawn.
func (s *screen) draw(cells []rune, prompt int, colour string, cursor int) {
	same := 0
	if s.stale || !slices.Equal(s.cells[:min(prompt, len(s.cells))], cells[:prompt]) {
		// The colour of what is shown is not known: draw everything.
		s.move(0)
		if colour != "" {
			s.print(colour)
		}
		s.write(cells[:prompt])
		if colour != "" {
			s.print("\x1b[0m")
		}
		same = prompt
		s.write(cells[same:])
	} else {
		for same < len(cells) && same < len(s.cells) && cells[same] == s.cells[same] {
			same++
		}
		if same < len(cells) {
			s.move(same)
			s.write(cells[same:])
		}
	}
	if len(s.cells) > len(cells) {
		s.move(len(cells))
		if s.row(len(s.cells)) > s.row(len(cells)) {
			s.print("\x1b[J")
		} else {
			s.print("\x1b[K")
		}
	}
	s.cells, s.stale = cells, false
	s.move(cursor)
}

func (s *screen) row(cell int) int    { return cell / s.width }
func (s *screen) column(cell int) int { return cell % s.width }

// write draws cells at the cursor.
func (s *screen) write(cells []rune) {
	for _, r := range cells {
		s.print(string(r))
		if s.at++; s.column(s.at) == 0 {
			s.print("\r\n")
		}
	}
}

// move moves the cursor to a cell in a row that has been drawn.
func (s *screen) move(to int) {
	s.sequence(s.row(s.at)-s.row(to), 'A')
	s.sequence(s.row(to)-s.row(s.at), 'B')
	from, column := s.column(s.at), s.column(to)
	switch {
	case column == from:
	case column == 0:
		s.print("\r")
	case column == from-1:
		s.print("\b")
	default:
		s.sequence(from-column, 'D')
		s.sequence(column-from, 'C')
	}
	s.at = to
}

// sequence prints ESC [ n final, if n is positive.
func (s *screen) sequence(n int, final byte) {
	if n == 1 {
		s.print("\x1b[" + string(final))
	} else if n > 1 {
		s.print(fmt.Sprintf("\x1b[%d%c", n, final))
	}
}

// Refresh draws what Press changed. Output has the bytes for the terminal.
func (e *Editor) Refresh() {
	prompt, cursor := e.prompt.text, e.cursor
	if e.search != nil {
		prompt = e.search.prompt()
	}
	cells := make([]rune, 0, len(prompt)+len(e.line))
	cells = append(cells, prompt...)
	for _, r := range e.line {
		cells = append(cells, cell(r))
	}
	e.screen.draw(cells, len(prompt), e.prompt.colour, len(prompt)+cursor)
}

// Hide takes the line off the screen and leaves the cursor where it started,
// so that something else can be printed there. Refresh brings it back.
func (e *Editor) Hide() {
	e.screen.move(0)
	e.screen.print("\x1b[J")
	e.screen.forget()
}

// Redraw makes Refresh draw the whole line, at a cursor that stands at the
// start of an empty row.
func (e *Editor) Redraw() { e.screen.forget() }

// Output returns the bytes for the terminal since the last call.
func (e *Editor) Output() []byte {
	b := e.screen.out
	e.screen.out = nil
	return b
}

// cell returns what is drawn for r: r itself if it takes one cell on every
// terminal, else a stand-in that does. The line keeps r.
func cell(r rune) rune {
	if r < 0x7f && r >= ' ' {
		return r
	}
	if !unicode.IsPrint(r) || unicode.In(r, unicode.Mn, unicode.Me) || isWide(r) {
		return '?'
	}
	return r
}

// isWide tells whether r takes two cells: the scripts of East Asia, and emoji
// (Unicode Standard Annex #11, "East Asian Width").
func isWide(r rune) bool { return unicode.Is(wide, r) }

var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1},
		{0x231a, 0x231b, 1},
		{0x23e9, 0x23f3, 1},
		{0x25fd, 0x25fe, 1},
		{0x2614, 0x2615, 1},
		{0x2e80, 0xa4cf, 1},
		{0xa960, 0xa97f, 1},
		{0xac00, 0xd7a3, 1},
		{0xf900, 0xfaff, 1},
		{0xfe30, 0xfe6f, 1},
		{0xff00, 0xff60, 1},
		{0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{{0x1f000, 0x3fffd, 1}},
}
