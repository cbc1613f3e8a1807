package keymap

import (
	"vitrine/drivers/ps2"
	"vitrine/kernel/key"
)

// named are the keys that have a name and mean the same in every layout.
var named = [ps2.EndOfKeys]key.Name{
	ps2.KeyEscape: key.Escape, ps2.KeyTab: key.Tab, ps2.KeyEnter: key.Enter, ps2.KeyBackspace: key.Backspace,
	ps2.KeyF1: key.F1, ps2.KeyF2: key.F2, ps2.KeyF3: key.F3, ps2.KeyF4: key.F4,
	ps2.KeyF5: key.F5, ps2.KeyF6: key.F6, ps2.KeyF7: key.F7, ps2.KeyF8: key.F8,
	ps2.KeyF9: key.F9, ps2.KeyF10: key.F10, ps2.KeyF11: key.F11, ps2.KeyF12: key.F12,
	ps2.KeyPrintScreen: key.PrintScreen, ps2.KeyPause: key.Pause,
	ps2.KeyInsert: key.Insert, ps2.KeyHome: key.Home, ps2.KeyPageUp: key.PageUp,
	ps2.KeyDelete: key.Delete, ps2.KeyEnd: key.End, ps2.KeyPageDown: key.PageDown,
	ps2.KeyUp: key.Up, ps2.KeyLeft: key.Left, ps2.KeyDown: key.Down, ps2.KeyRight: key.Right,
	ps2.KeypadEnter: key.Enter,
}

// characters are the keys that give the same character in every layout.
var characters = [ps2.EndOfKeys]rune{
	ps2.KeySpace:       ' ',
	ps2.KeypadDivide:   '/',
	ps2.KeypadMultiply: '*',
	ps2.KeypadSubtract: '-',
	ps2.KeypadAdd:      '+',
	ps2.KeypadComma:    ',',
}

// keypad are the keys that give a digit with Num Lock, and without it what the
// keys between keypad and letters give. The 5 gives nothing then.
var keypad = [...]struct {
	code  ps2.Code
	digit rune
	name  key.Name
}{
	{ps2.Keypad7, '7', key.Home},
	{ps2.Keypad8, '8', key.Up},
	{ps2.Keypad9, '9', key.PageUp},
	{ps2.Keypad4, '4', key.Left},
	{ps2.Keypad5, '5', key.None},
	{ps2.Keypad6, '6', key.Right},
	{ps2.Keypad1, '1', key.End},
	{ps2.Keypad2, '2', key.Down},
	{ps2.Keypad3, '3', key.PageDown},
	{ps2.Keypad0, '0', key.Insert},
	{ps2.KeypadDecimal, 0, key.Delete}, // the digit is the layout's
}
