package keymap

import (
	"vitrine/drivers/ps2"
	"vitrine/kernel/key"
)

// Snapshot is what a State holds at one moment.
type Snapshot struct {
	Layout string
	Mod    key.Mod // held
	AltGr  bool    // held
	Locks  ps2.LEDs
	Accent rune // of a dead key that waits for its letter, or 0
}

// Snapshot returns a copy of what s holds. Context: a goroutine.
func (s *State) Snapshot() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Snapshot{
		Layout: s.layout.Name,
		Mod:    s.mod(),
		AltGr:  s.level()&altGr != 0,
		Locks:  s.locks,
		Accent: s.accent,
	}
}

// LEDs returns the lights that should be on. Context: a goroutine.
func (s *State) LEDs() ps2.LEDs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.locks
}

// Layout returns the layout in use. Context: a goroutine.
func (s *State) Layout() *Layout {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.layout
}

// SetLayout changes the layout from the next key on. Context: a goroutine.
func (s *State) SetLayout(l *Layout) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.layout = l
	s.accent = 0
}
