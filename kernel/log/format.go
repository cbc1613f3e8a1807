package log

// ANSI sequences for the parts of a line (ECMA-48, "SGR - Select Graphic
// Rendition").
const (
	colourTime   = "\x1b[90m"
	colourSource = "\x1b[36m"
	colourReset  = "\x1b[0m"
)

func (l Level) colour() string {
	switch {
	case l >= Error:
		return "\x1b[1;31m"
	case l >= Warn:
		return "\x1b[33m"
	case l < Info:
		return "\x1b[90m"
	}
	return ""
}

// Append adds the record to b as a line for people:
//
//	[   0.012345] ps2: keyboard ready
//
// Further lines of a text that has several are indented to the first. Control
// characters in the text are shown as '?', so that nobody can move the cursor
// by being logged.
//
// Context: any. Does not allocate if b has room.
func (r *Record) Append(b []byte, colour bool) []byte {
	paint := func(sequence string) {
		if colour {
			b = append(b, sequence...)
		}
	}
	start := len(b)
	paint(colourTime)
	b = append(b, '[')
	b = appendPadded(b, uint64(r.Time)/1e9, 4, ' ')
	b = append(b, '.')
	b = appendPadded(b, uint64(r.Time)/1e3%1e6, 6, '0')
	b = append(b, ']')
	paint(colourReset)
	b = append(b, ' ')

	indent := len(b) - start
	if colour {
		indent -= len(colourTime) + len(colourReset)
	}
	paint(colourSource)
	b = appendSafe(b, r.data[:r.source], 0)
	b = append(b, ':')
	paint(colourReset)
	b = append(b, ' ')

	text := r.data[r.source : r.source+r.text]
	for len(text) > 0 && text[len(text)-1] == '\n' {
		text = text[:len(text)-1]
	}
	level := r.Level.colour()
	paint(level)
	b = appendSafe(b, text, indent)
	if level != "" {
		paint(colourReset)
	}
	return append(b, '\n')
}

func appendPadded(b []byte, v uint64, width int, pad byte) []byte {
	var digits [20]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + v%10)
		if v /= 10; v == 0 {
			break
		}
	}
	for n := len(digits) - i; n < width; n++ {
		b = append(b, pad)
	}
	return append(b, digits[i:]...)
}

func appendSafe(b, text []byte, indent int) []byte {
	for _, c := range text {
		switch {
		case c == '\n':
			b = append(b, '\n')
			for range indent {
				b = append(b, ' ')
			}
		case c == '\t':
			b = append(b, ' ')
		case c < ' ' || c == 0x7f:
			b = append(b, '?')
		default:
			b = append(b, c)
		}
	}
	return b
}
