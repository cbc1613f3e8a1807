package multiboot

// Lookup finds the last word key=value on the command line and copies its
// value to dst, cut to its length; it returns that part of dst. A bare word
// key counts as one with an empty value. It is Words.Get and Words.Has for the
// time when nothing can be allocated.
//
// Context: before the runtime is up. Never allocates.
func Lookup(line []byte, key string, dst []byte) (value []byte, found bool) {
	s := scanner{line: line}
	for s.word() {
		n, match := s.match(key, dst)
		switch match {
		case matchEnd:
			return value, found
		case matchKey:
			value, found = dst[:n], true
		}
	}
	return value, found
}

// Lookup finds a word on the command line; see the function Lookup.
func (i *Info) Lookup(key string, dst []byte) (value []byte, found bool) {
	return Lookup(i.commandLine.bytes(), key, dst)
}

// scanner walks along a command line: word by word, and in a word character by
// character, with quotes and backslashes already understood.
type scanner struct {
	line   []byte
	at     int
	quoted bool
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// word moves to the start of the next word; false if there is none.
func (s *scanner) word() bool {
	s.quoted = false
	for s.at < len(s.line) && isSpace(s.line[s.at]) {
		s.at++
	}
	return s.at < len(s.line)
}

// char returns the next character of the word; false at the word's end.
func (s *scanner) char() (c byte, ok bool) {
	for s.at < len(s.line) {
		c = s.line[s.at]
		switch {
		case c == '"':
			s.at++
			s.quoted = !s.quoted
			continue
		case isSpace(c) && !s.quoted:
			return 0, false
		case c == '\\' && s.at+1 < len(s.line) && isEscapable(s.line[s.at+1]):
			s.at++
			c = s.line[s.at]
		}
		s.at++
		return c, true
	}
	return 0, false
}

func isEscapable(c byte) bool { return c == '"' || c == '\'' || c == '\\' || c == ' ' }

// text returns the word. It allocates.
func (s *scanner) text() string {
	var b []byte
	for c, ok := s.char(); ok; c, ok = s.char() {
		b = append(b, c)
	}
	return string(b)
}

// What match found the word to be.
const (
	matchNothing = iota
	matchKey     // key, or key=value
	matchEnd     // --
)

// match reads the word to its end. If it is key=value, it copies the value to
// dst, as far as it fits, and returns its length there.
func (s *scanner) match(key string, dst []byte) (n, kind int) {
	length, keyLen := 0, 0 // characters read; how many of them agree with key
	dashes, inValue := true, false
	for c, ok := s.char(); ok; c, ok = s.char() {
		switch {
		case inValue:
			if n < len(dst) {
				dst[n] = c
				n++
			}
		case keyLen == length && keyLen < len(key) && key[keyLen] == c:
			keyLen++
		case keyLen == length && keyLen == len(key) && c == '=':
			inValue = true
		}
		dashes = dashes && c == '-'
		length++
	}
	switch {
	case dashes && length == len(endOfWords):
		return 0, matchEnd
	case inValue, keyLen == len(key) && length == keyLen:
		return n, matchKey
	}
	return 0, matchNothing
}
