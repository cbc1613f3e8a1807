package term

// csi obeys the sequence ESC [ ... final (ECMA-48, "Definition of control
// functions"; those with a question mark are DEC's, VT220 Programmer Reference
// Manual). Unknown ones are ignored.
func (t *Terminal) csi(final rune) {
	p := &t.parser
	if p.private != 0 {
		if p.private == '?' && (final == 'h' || final == 'l') {
			for i := range p.count {
				t.privateMode(p.params[i], final == 'h')
			}
		}
		return
	}
	switch final {
	case 'm':
		t.pen.apply(p)
		return
	case 'n':
		t.report(p.param(0, 0))
		return
	case 'c':
		t.answer("\x1b[?6c") // a VT102
		return
	case 'h', 'l':
		for i := range p.count {
			t.mode(p.params[i], final == 'h')
		}
		return
	case 'b':
		t.repeat(p.param(0, 1))
		return
	case 's':
		t.saved = t.state
		return
	case 'u':
		t.restore()
		return
	}
	t.pending = false
	n := p.param(0, 1)
	switch final {
	case 'J':
		t.eraseScreen(p.param(0, 0))
	case 'K':
		t.eraseLine(p.param(0, 0))
	case 'X':
		t.fill(t.y, t.x, min(t.x+n, t.cols), t.blank())
	case '@':
		t.shift(n)
	case 'P':
		t.shift(-n)
	case 'L':
		t.insertLines(n)
	case 'M':
		t.insertLines(-n)
	case 'S':
		t.scroll(t.top, t.end, n)
	case 'T':
		t.scroll(t.top, t.end, -n)
	case 'r':
		t.setRegion(n-1, p.param(1, t.rows))
	default:
		t.move(final, n)
	}
}

// move obeys the sequences that move the cursor.
func (t *Terminal) move(final rune, n int) {
	switch final {
	case 'A':
		t.up(n)
	case 'B', 'e':
		t.down(n)
	case 'C', 'a':
		t.moveTo(t.x+n, t.y)
	case 'D':
		t.moveTo(t.x-n, t.y)
	case 'E':
		t.x = 0
		t.down(n)
	case 'F':
		t.x = 0
		t.up(n)
	case 'G', '`':
		t.moveTo(n-1, t.y)
	case 'H', 'f':
		t.goTo(t.parser.param(1, 1)-1, n-1)
	case 'd':
		t.goTo(t.x, n-1)
	case 'I':
		t.tab(n)
	case 'Z':
		t.backTab(n)
	}
}

// up moves the cursor up, but not out of the scroll region.
func (t *Terminal) up(n int) {
	first := 0
	if t.y >= t.top {
		first = t.top
	}
	t.moveTo(t.x, max(t.y-n, first))
}

// down moves the cursor down, but not out of the scroll region.
func (t *Terminal) down(n int) {
	last := t.rows - 1
	if t.y < t.end {
		last = t.end - 1
	}
	t.moveTo(t.x, min(t.y+n, last))
}

// goTo puts the cursor somewhere; in origin mode, rows count from the start of
// the scroll region, and the cursor stays in it.
func (t *Terminal) goTo(x, y int) {
	if t.origin {
		y = min(y+t.top, t.end-1)
	}
	t.moveTo(x, y)
}

// eraseScreen blanks what is below the cursor (0), above it (1), or all.
func (t *Terminal) eraseScreen(what int) {
	switch what {
	case 0:
		t.eraseLine(0)
		t.eraseRows(t.y+1, t.rows)
	case 1:
		t.eraseLine(1)
		t.eraseRows(0, t.y)
	case 2, 3:
		t.eraseRows(0, t.rows)
	}
}

// eraseLine blanks what is right of the cursor (0), left of it (1), or all.
func (t *Terminal) eraseLine(what int) {
	switch what {
	case 0:
		t.fill(t.y, t.x, t.cols, t.blank())
	case 1:
		t.fill(t.y, 0, t.x+1, t.blank())
	case 2:
		t.fill(t.y, 0, t.cols, t.blank())
	}
}

// insertLines moves the lines from the cursor's on down by n, or up by -n,
// within the scroll region.
func (t *Terminal) insertLines(n int) {
	if t.y >= t.top && t.y < t.end {
		t.x = 0
		t.scroll(t.y, t.end, -n)
	}
}

// setRegion makes the rows top to end-1 the ones that scroll.
func (t *Terminal) setRegion(top, end int) {
	end = min(end, t.rows)
	if top+1 >= end && !(top == 0 && end == t.rows) {
		return // too small
	}
	t.top, t.end = top, end
	t.goTo(0, 0)
}

// repeat shows the last character n more times.
func (t *Terminal) repeat(n int) {
	for range min(n, t.cols*t.rows) {
		if t.lastPrint != 0 {
			t.print(t.lastPrint)
		}
	}
}
