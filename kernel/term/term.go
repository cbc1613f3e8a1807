// Package term turns a stream of bytes into a picture of characters.
//
// Programs do not draw: they write text, and between the text are sequences
// that begin with ESC and move the cursor, erase, or change colours. That was
// the language of DEC's VT100 in 1978, became a standard (ECMA-48, "Control
// Functions for Coded Character Sets"), and is still spoken by each program
// that runs in a terminal window. Terminal is such a terminal:
//
//	bytes --utf8.go--> runes --parser.go--> text ----------> cells.go
//	                                    \-> ESC [ 2 ; 5 H -> csi.go
//	                                    \-> ESC [ 1 ; 31 m -> sgr.go
//
// It keeps two pictures: the one that it wants and the one that the screen
// shows. At the end of each write it compares them and sends the screen only
// the cells that differ. Device memory, which is slow, is so never read, and
// scrolling by a hundred lines costs no more than scrolling by one.
//
// Bytes may arrive in any portions. A Terminal allocates in New only, never
// panics whatever it is sent, and stays usable when it was stopped in the
// middle of a write (Recover), so that a panic can be shown with it.
//
// Locking: none; package kernel/console has the lock.
package term

import "vitrine/drivers/screen"

// Screen is a device that shows characters in cells; the upper left one is
// (0, 0). Its methods are called with coordinates on the screen only, and may
// be called in a panic: they do not allocate and wait for nobody.
type Screen interface {
	// Size returns the number of columns and rows. It never changes.
	Size() (cols, rows int)

	// Set shows r, or what comes closest.
	Set(x, y int, r rune, a screen.Attr)

	// Cursor shows the cursor, or hides it. It comes last, after the Sets of a
	// write. A device may draw it over the cell: when the cursor leaves, the
	// cell is Set anew.
	Cursor(x, y int, visible bool)
}

// Terminal interprets a stream of bytes for one Screen.
type Terminal struct {
	screen     Screen
	cols, rows int

	want, shown []cell // row by row
	dirty       span   // the rows in which they may differ
	cursor      cursor // as the screen shows it

	parser parser
	utf8   decoder

	state
	saved     state // by ESC 7
	top, end  int   // the scroll region: rows top to end-1
	hidden    bool  // the cursor
	insert    bool  // printing moves the rest of the line to the right
	newline   bool  // LF implies CR
	lastPrint rune  // for REP

	reply    func([]byte)
	answered [32]byte // what reply is given
}

// state is what ESC 7 saves and ESC 8 restores.
type state struct {
	x, y    int  // always on the screen
	pending bool // the last column is written: the next character goes to the next line
	origin  bool // row 1 is the first of the scroll region
	nowrap  bool // long lines are cut
	pen     pen
}

// cursor is where a Screen shows it.
type cursor struct {
	x, y    int
	visible bool
}

// New returns a Terminal for s, blank. The screen is not touched before the
// first write, which draws all of it.
func New(s Screen) *Terminal {
	cols, rows := s.Size()
	t := &Terminal{screen: s, cols: max(cols, 1), rows: max(rows, 1)}
	cells := make([]cell, 2*t.cols*t.rows)
	t.want, t.shown = cells[:t.cols*t.rows], cells[t.cols*t.rows:]
	t.Reset()
	t.forget()
	return t
}

// OnReply sets who gets the answers to the questions that a stream may hold
// (where is the cursor? which terminal are you?). Without it they stay
// unanswered. f is called in the middle of Write: it must not write itself, and
// not keep the slice.
func (t *Terminal) OnReply(f func(answer []byte)) { t.reply = f }

// Size returns the number of columns and rows.
func (t *Terminal) Size() (cols, rows int) { return t.cols, t.rows }

// Position returns where the cursor is.
func (t *Terminal) Position() (x, y int) { return t.x, t.y }

// Write interprets p and updates the screen. It returns no error.
//
// Context: any, one at a time; never allocates.
func (t *Terminal) Write(p []byte) (int, error) {
	t.Feed(p)
	t.Flush()
	return len(p), nil
}

// Feed interprets p and leaves the screen as it is until the next Flush, which
// then draws the outcome only.
//
// Context: as Write.
func (t *Terminal) Feed(p []byte) {
	for i := 0; i < len(p); {
		if n := t.printASCII(p[i:]); n > 0 {
			i += n
			continue
		}
		t.utf8.feed(t, p[i])
		i++
	}
}

// WriteByte is Write for one byte.
func (t *Terminal) WriteByte(c byte) error {
	t.utf8.feed(t, c)
	t.Flush()
	return nil
}

// Recover makes the terminal consistent after it was stopped, for good, in the
// middle of a write: a half-read sequence is dropped, colours and modes go
// back to normal, the text stays, and the cursor goes to the first line below
// it.
//
// Context: as Write.
func (t *Terminal) Recover() {
	t.parser, t.utf8 = parser{}, decoder{}
	t.state = state{}
	t.top, t.end = 0, t.rows
	t.hidden, t.insert, t.newline = false, false, false
	t.pen.reset()
	for y := t.rows - 1; y >= 0; y-- {
		if len(t.text(y)) > 0 {
			t.y = y
			t.lineFeed()
			break
		}
	}
	t.dirty = span{0, t.rows}
}

// Reset clears everything, as if the terminal had just been switched on; the
// screen follows with the next Flush.
//
// Context: as Write.
func (t *Terminal) Reset() {
	t.parser, t.utf8 = parser{}, decoder{}
	t.state = state{}
	t.pen.reset()
	t.saved = t.state
	t.top, t.end = 0, t.rows
	t.hidden, t.insert, t.newline = false, false, false
	t.lastPrint = 0
	t.eraseRows(0, t.rows)
}

// Redraw sends the whole picture to the screen, after something else has drawn
// on it.
//
// Context: as Write.
func (t *Terminal) Redraw() {
	t.forget()
	t.Flush()
}

// Line returns the text in row y, without the blanks at its end.
func (t *Terminal) Line(y int) string {
	if y < 0 || y >= t.rows {
		return ""
	}
	row := t.text(y)
	line := make([]rune, len(row))
	for i, c := range row {
		line[i] = c.rune()
	}
	return string(line)
}

// text returns row y up to its last character that is not blank.
func (t *Terminal) text(y int) []cell {
	row := t.want[y*t.cols : (y+1)*t.cols]
	for len(row) > 0 && row[len(row)-1].rune() == ' ' {
		row = row[:len(row)-1]
	}
	return row
}
