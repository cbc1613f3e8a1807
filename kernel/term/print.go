package term

// print shows r at the cursor and moves the cursor on.
//
// A character in the last column leaves the cursor there and lets it wait: a
// line of exactly the screen's width does not cost an empty line. The next
// character goes to the next line.
func (t *Terminal) print(r rune) {
	columns := min(width(r), t.cols)
	if columns == 0 {
		return
	}
	if t.pending || t.x+columns > t.cols {
		if t.nowrap {
			t.x = t.cols - columns
		} else {
			t.x = 0
			t.index()
		}
		t.pending = false
	}
	t.lastPrint = r
	t.put(r)
	if columns == 2 { // no screen here has a picture that wide
		t.put(' ')
	}
}

func (t *Terminal) put(r rune) {
	if t.insert {
		t.shift(1)
	}
	t.want[t.y*t.cols+t.x] = newCell(r, t.pen.attr())
	t.touch(t.y, t.y+1)
	if t.x == t.cols-1 {
		t.pending = true
		return
	}
	t.x++
}

// printASCII shows the plain characters that p begins with, as far as they fit
// in the line, and returns how many. It is print for the common case, 20 times
// as fast.
func (t *Terminal) printASCII(p []byte) int {
	if t.parser.state != ground || t.utf8.missing > 0 || t.pending || t.insert {
		return 0
	}
	row := t.want[t.y*t.cols+t.x : (t.y+1)*t.cols-1] // the last column is special
	attr := newCell(0, t.pen.attr())
	n := 0
	for n < len(p) && n < len(row) && p[n] >= ' ' && p[n] < 0x7f {
		row[n] = attr | cell(p[n])
		n++
	}
	if n > 0 {
		t.x += n
		t.lastPrint = rune(p[n-1])
		t.touch(t.y, t.y+1)
	}
	return n
}

// index moves the cursor down, and scrolls if it is at the end of the scroll
// region.
func (t *Terminal) index() {
	switch {
	case t.y == t.end-1:
		t.scroll(t.top, t.end, 1)
	case t.y < t.rows-1:
		t.y++
	}
}

// reverseIndex moves the cursor up, and scrolls if it is at the start of the
// scroll region.
func (t *Terminal) reverseIndex() {
	switch {
	case t.y == t.top:
		t.scroll(t.top, t.end, -1)
	case t.y > 0:
		t.y--
	}
}

// lineFeed goes to the start of the next line.
func (t *Terminal) lineFeed() {
	t.x, t.pending = 0, false
	t.index()
}

// moveTo puts the cursor at column x, row y, or as close as the screen allows.
func (t *Terminal) moveTo(x, y int) {
	t.x = min(max(x, 0), t.cols-1)
	t.y = min(max(y, 0), t.rows-1)
	t.pending = false
}

// tab moves the cursor by n tab stops, which are at each eighth column.
func (t *Terminal) tab(n int) {
	t.moveTo((t.x/8+n)*8, t.y)
}

// backTab moves the cursor back by n tab stops.
func (t *Terminal) backTab(n int) {
	t.moveTo(((t.x+7)/8-n)*8, t.y)
}

// control obeys a control character.
func (t *Terminal) control(r rune) {
	switch r {
	case '\b':
		t.moveTo(t.x-1, t.y)
	case '\t':
		t.tab(1)
	case '\n', '\v', '\f':
		t.pending = false
		t.index()
		if t.newline {
			t.x = 0
		}
	case '\r':
		t.x, t.pending = 0, false
	}
}
