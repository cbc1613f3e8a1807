package term

// mode switches one of the standard's modes.
func (t *Terminal) mode(n int, on bool) {
	switch n {
	case 4: // IRM
		t.insert = on
	case 20: // LNM
		t.newline = on
	}
}

// privateMode switches one of DEC's modes.
func (t *Terminal) privateMode(n int, on bool) {
	switch n {
	case 6: // DECOM
		t.origin = on
		t.goTo(0, 0)
	case 7: // DECAWM
		t.nowrap = !on
	case 25: // DECTCEM
		t.hidden = !on
	}
}

// report answers a device status report (DSR): 5 asks for the terminal's
// health, 6 for the cursor's place.
func (t *Terminal) report(what int) {
	switch what {
	case 5:
		t.answer("\x1b[0n")
	case 6:
		y := t.y
		if t.origin {
			y -= t.top
		}
		b := appendNumber(append(t.answered[:0], "\x1b["...), y+1)
		b = appendNumber(append(b, ';'), t.x+1)
		t.send(append(b, 'R'))
	}
}

func (t *Terminal) answer(s string) { t.send(append(t.answered[:0], s...)) }

func (t *Terminal) send(answer []byte) {
	if t.reply != nil {
		t.reply(answer)
	}
}

func appendNumber(b []byte, n int) []byte {
	if n >= 10 {
		b = appendNumber(b, n/10)
	}
	return append(b, byte('0'+n%10))
}
