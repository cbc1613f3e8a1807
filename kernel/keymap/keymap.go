// Package keymap decides what a key means: it turns keys going down and up
// (ps2.Event) into what a person typed (key.Press).
//
// A keyboard does not know what is printed on it. It says "the second key of
// the third row"; that this is an S, and with Shift and a German layout also,
// but that the sixth of the second row is a Z there and a Y in America, is
// told by tables. Two things make it more than a look-up:
//
//   - keys that change others while they are held (Shift, Ctrl, Alt, AltGr) or
//     until they are pressed again (Caps Lock, Num Lock): State;
//   - dead keys, which wait for a letter to put their accent on: compose.go.
//
// A layout is a table of four levels, one a file; it looks like the keyboard:
//
//	level       reached with     German, key Q
//	plain                        q
//	shift       Shift            Q
//	altGr       AltGr            @
//	shiftAltGr  Shift, AltGr
//
// Reading order: de.go, Layout, State.Translate, Keyboard.Presses. In GDB:
// break keymap.(*State).Translate.
package keymap
