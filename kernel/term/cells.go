package term

import "vitrine/drivers/screen"

// cell is one character on the screen with its colours:
//
//	 31    24 23 21 20      0
//	|  Attr  |  0  |  rune   |
type cell uint32

// unknown is no character: what the screen shows before the first write.
const unknown cell = 1<<24 - 1

func newCell(r rune, a screen.Attr) cell { return cell(a)<<24 | cell(r) }

func (c cell) rune() rune        { return rune(c & 0x1f_ffff) }
func (c cell) attr() screen.Attr { return screen.Attr(c >> 24) }

// span is the rows from, up to but not including, to.
type span struct{ from, to int }

// touch notes that the rows from to to-1 may have changed.
func (t *Terminal) touch(from, to int) {
	t.dirty.from = min(t.dirty.from, from)
	t.dirty.to = max(t.dirty.to, to)
}

// blank is an erased cell: it keeps the background of the pen, as on xterm.
func (t *Terminal) blank() cell {
	return newCell(' ', screen.Colors(screen.White, t.pen.background))
}

// fill sets the columns from to to-1 of row y to c.
func (t *Terminal) fill(y, from, to int, c cell) {
	row := t.want[y*t.cols+from : y*t.cols+to]
	for i := range row {
		row[i] = c
	}
	t.touch(y, y+1)
}

// eraseRows blanks the rows from to to-1.
func (t *Terminal) eraseRows(from, to int) {
	blank := t.blank()
	for y := from; y < to; y++ {
		t.fill(y, 0, t.cols, blank)
	}
}

// scroll moves the rows top to end-1 up by n, or down by -n, and blanks the
// ones that become free.
func (t *Terminal) scroll(top, end, n int) {
	n = min(max(n, top-end), end-top)
	rows := t.want[top*t.cols : end*t.cols]
	switch {
	case n > 0:
		copy(rows, rows[n*t.cols:])
		t.eraseRows(end-n, end)
	case n < 0:
		copy(rows[-n*t.cols:], rows)
		t.eraseRows(top, top-n)
	}
	t.touch(top, end)
}

// shift moves the rest of the cursor's line to the right by n, or to the left
// by -n; what leaves the screen is lost.
func (t *Terminal) shift(n int) {
	row := t.want[t.y*t.cols+t.x : (t.y+1)*t.cols]
	n = min(max(n, -len(row)), len(row))
	if n > 0 {
		copy(row[n:], row)
		t.fill(t.y, t.x, t.x+n, t.blank())
		return
	}
	copy(row, row[-n:])
	t.fill(t.y, t.cols+n, t.cols, t.blank())
}

// forget makes the next Flush draw everything.
func (t *Terminal) forget() {
	for i := range t.shown {
		t.shown[i] = unknown
	}
	t.dirty = span{0, t.rows}
}

// Flush brings the screen up to date.
//
// Context: any, one at a time; never allocates.
func (t *Terminal) Flush() {
	now := cursor{t.x, t.y, !t.hidden}
	if now != t.cursor {
		old := t.cursor
		t.shown[old.y*t.cols+old.x] = unknown
		t.touch(old.y, old.y+1)
	}
	for y := t.dirty.from; y < t.dirty.to; y++ {
		want, shown := t.want[y*t.cols:(y+1)*t.cols], t.shown[y*t.cols:(y+1)*t.cols]
		for x, c := range want {
			if x < len(shown) && shown[x] != c {
				t.screen.Set(x, y, c.rune(), c.attr())
				shown[x] = c
			}
		}
	}
	t.dirty = span{t.rows, 0}
	t.cursor = now
	t.screen.Cursor(now.x, now.y, now.visible)
}
