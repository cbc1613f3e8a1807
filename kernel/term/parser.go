package term

// maxParams is how many numbers a sequence may have; more are ignored.
const maxParams = 16

// maxParam bounds a number, far above the size of any screen.
const maxParam = 9999

// The states of the parser.
//
//	       ESC            [
//	ground ---> escape -------> sequence --(@ to ~)--> ground
//	              |  ( ) # %
//	              |-----------> designate --(any)----> ground
//	              |  ] P X ^ _
//	              |-----------> text ---(BEL, ESC \)-> ground
//	              '--(others)-> ground
type parserState uint8

const (
	ground    parserState = iota
	escape                // after ESC; ESC \ ends a text and is nothing else
	designate             // after ESC ( and the like: one more follows
	sequence              // after ESC [
	text                  // after ESC ]: a string for something that is not here
)

// parser takes escape sequences apart (ECMA-48, "Control sequences").
type parser struct {
	state   parserState
	params  [maxParams]int
	count   int    // of params that have begun
	joined  uint16 // bit i: params[i] follows a colon, so belongs to the one before
	private rune   // '?' in ESC [ ? 25 h
	spaced  bool   // an intermediate character: a sequence that is not known here
}

// param returns number i, or otherwise if it is missing or zero.
func (p *parser) param(i, otherwise int) int {
	if i >= p.count || p.params[i&(maxParams-1)] == 0 {
		return otherwise
	}
	return p.params[i&(maxParams-1)]
}

// parse takes the next character of the stream.
func (t *Terminal) parse(r rune) {
	p := &t.parser
	switch {
	case r == 0x1b:
		*p = parser{state: escape}
	case r == 0x18 || r == 0x1a: // CAN, SUB
		p.state = ground
	case p.state == text && r == '\a':
		p.state = ground
	case p.state == text && r == '\n': // a stray start swallows no more than its line
		p.state = ground
		t.control(r)
	case p.state == text:
	case r < 0x20: // obeyed even in the middle of a sequence
		t.control(r)
	case r == 0x7f:
	case p.state == escape:
		t.escape(r)
	case p.state == designate:
		p.state = ground
	case p.state == sequence && r < 0x7f:
		t.sequence(r)
	case r >= 0x80 && r < 0xa0: // the 8-bit controls are not in use with UTF-8
		p.state = ground
	default:
		p.state = ground
		t.print(r)
	}
}

// escape takes the character after ESC.
func (t *Terminal) escape(r rune) {
	p := &t.parser
	p.state = ground
	switch r {
	case '[':
		p.state = sequence
	case ']', 'P', 'X', '^', '_':
		p.state = text
	case '(', ')', '*', '+', '#', '%', ' ':
		p.state = designate
	case '7':
		t.saved = t.state
	case '8':
		t.restore()
	case 'D':
		t.pending = false
		t.index()
	case 'E':
		t.lineFeed()
	case 'M':
		t.pending = false
		t.reverseIndex()
	case 'c':
		t.Reset()
	}
}

// sequence takes a character after ESC [.
func (t *Terminal) sequence(r rune) {
	p := &t.parser
	switch {
	case r >= '0' && r <= '9':
		if p.count == 0 {
			p.count = 1
		}
		if i := p.count - 1; i < maxParams {
			p.params[i] = min(p.params[i]*10+int(r-'0'), maxParam)
		}
	case r == ';' || r == ':':
		p.count = min(max(p.count, 1)+1, maxParams+1)
		if i := p.count - 1; r == ':' && i < maxParams {
			p.joined |= 1 << i
		}
	case r >= '<' && r <= '?':
		p.private = r
	case r < 0x30:
		p.spaced = true
	default:
		p.state = ground
		p.count = min(p.count, maxParams)
		if !p.spaced {
			t.csi(r)
		}
	}
}

// restore undoes what happened since ESC 7.
func (t *Terminal) restore() {
	t.state = t.saved
	t.x, t.y = min(t.x, t.cols-1), min(t.y, t.rows-1)
}
