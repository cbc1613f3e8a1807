// Package key names what a person can type, whichever device it came from.
//
// The PS/2 keyboard (through a layout, package kernel/keymap) and the serial
// line (through the decoder of its escape sequences, package kernel/tty) both
// end here, so the line editor does not know where a key was pressed.
package key

// Mod is a set of modifiers that are held down.
type Mod uint8

// The modifiers.
const (
	Shift Mod = 1 << 0
	Ctrl  Mod = 1 << 1
	Alt   Mod = 1 << 2
)

// Name is a key that has no character.
type Name uint8

// The named keys. None means that the press is a character.
const (
	None Name = iota
	Enter
	Backspace
	Tab
	Escape
	Up
	Down
	Left
	Right
	Home
	End
	PageUp
	PageDown
	Insert
	Delete
	F1
	F2
	F3
	F4
	F5
	F6
	F7
	F8
	F9
	F10
	F11
	F12
	Pause
	PrintScreen
)

// Press is one key press. If Name is None, Rune is the character, with Ctrl
// and Alt told by Mod: Ctrl-C is {Rune: 'c', Mod: Ctrl}.
type Press struct {
	Rune rune
	Name Name
	Mod  Mod
}

var names = [...]string{
	"", "Enter", "Backspace", "Tab", "Escape", "Up", "Down", "Left", "Right", "Home", "End",
	"PageUp", "PageDown", "Insert", "Delete", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8",
	"F9", "F10", "F11", "F12", "Pause", "PrintScreen",
}

// String returns the key as it is written in help texts: "Ctrl-c", "Shift-Tab".
func (p Press) String() string {
	s := ""
	if p.Mod&Ctrl != 0 {
		s += "Ctrl-"
	}
	if p.Mod&Alt != 0 {
		s += "Alt-"
	}
	if p.Name == None {
		return s + string(p.Rune)
	}
	if p.Mod&Shift != 0 {
		s += "Shift-"
	}
	if int(p.Name) < len(names) {
		return s + names[p.Name]
	}
	return s + "?"
}
