package keymap

import (
	"sync"
	"unicode"

	"vitrine/drivers/ps2"
	"vitrine/kernel/key"
)

// State is what a keyboard's past has to do with the next key: what is held,
// what is locked, which accent waits.
//
// Its methods may be called from different goroutines; Translate from one at
// a time.
type State struct {
	mu     sync.Mutex
	layout *Layout
	held   held
	locks  ps2.LEDs
	accent rune // of a dead key that waits for its letter, or 0

	out [2]key.Press
	n   int
}

// NewState returns the state of a keyboard on which nothing is held. Num Lock
// is on, so that the keypad gives digits.
func NewState(l *Layout) *State { return &State{layout: l, locks: ps2.NumLock} }

// Translate returns what a person typed by an event: most often one press, none
// if the event only changes the state, and two if a dead key meets a letter
// that cannot have its accent.
//
// The slice is valid until the next call. Context: a goroutine; does not
// allocate.
func (s *State) Translate(e ps2.Event) []key.Press {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n = 0
	switch {
	case e.Code == ps2.Lost:
		s.held = 0
	case e.Code >= ps2.EndOfKeys, s.held.update(e), !e.Pressed:
	case locks[e.Code] != 0:
		if !e.Repeat {
			s.locks ^= locks[e.Code]
		}
	default:
		s.press(e.Code)
	}
	return s.out[:s.n]
}

// press translates a key that is neither a modifier nor a lock.
func (s *State) press(c ps2.Code) {
	if named[c] != key.None {
		s.emitName(named[c], s.mod())
		return
	}
	if characters[c] != 0 {
		s.emitChar(characters[c], false)
		return
	}
	for _, k := range keypad {
		if k.code == c {
			s.pressKeypad(k.digit, k.name)
			return
		}
	}
	ctrl := s.mod()&key.Ctrl != 0
	caps := s.locks&ps2.CapsLock != 0 && !ctrl
	if l := s.layout.at(c, s.level(), caps); l.char != 0 {
		s.emitChar(l.char, l.dead)
	}
}

// pressKeypad translates a key whose meaning Num Lock changes, and Shift for
// the moment.
func (s *State) pressKeypad(digit rune, name key.Name) {
	if digit == 0 {
		digit = s.layout.Decimal
	}
	mod := s.mod()
	numeric := (s.locks&ps2.NumLock != 0) != (mod&key.Shift != 0)
	switch {
	case numeric:
		s.emitChar(digit, false)
	case name != key.None:
		s.emitName(name, mod&^key.Shift)
	}
}

// emitName appends a named key. An accent that waits comes first, as the person
// has typed it; Backspace takes it back, and Escape and keys with Ctrl or Alt
// are no text that it could belong to.
func (s *State) emitName(n key.Name, mod key.Mod) {
	accent := s.accent
	s.accent = 0
	if accent != 0 && mod&(key.Ctrl|key.Alt) == 0 {
		switch n {
		case key.Backspace:
			return
		case key.Escape:
		default:
			s.emit(key.Press{Rune: accent})
		}
	}
	s.emit(key.Press{Name: n, Mod: mod})
}

// emitChar appends a character, put together with an accent that waits. With
// Ctrl or Alt it is a command rather than text: a letter is then told in lower
// case, and Shift apart from it if Ctrl is held.
func (s *State) emitChar(char rune, dead bool) {
	mod := s.mod()
	accent := s.accent
	s.accent = 0
	switch {
	case mod&key.Ctrl != 0:
		if !unicode.IsLetter(char) {
			mod &^= key.Shift
		}
		s.emit(key.Press{Rune: unicode.ToLower(char), Mod: mod})
	case mod&key.Alt != 0:
		s.emit(key.Press{Rune: char, Mod: key.Alt})
	case dead && accent == 0:
		s.accent = char
	case dead && accent == char, accent != 0 && char == ' ':
		s.emit(key.Press{Rune: accent})
	case dead:
		s.emit(key.Press{Rune: accent})
		s.accent = char
	default:
		s.emitComposed(accent, char)
	}
}

func (s *State) emitComposed(accent, char rune) {
	if accent != 0 {
		if composed, ok := compose(accent, char); ok {
			s.emit(key.Press{Rune: composed})
			return
		}
		s.emit(key.Press{Rune: accent})
	}
	s.emit(key.Press{Rune: char})
}

func (s *State) emit(p key.Press) {
	s.out[s.n] = p
	s.n++
}
