package qemu

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Keys are named as QEMU names them, by what is printed on a US keyboard:
// "a", "1", "ret", "shift", "ctrl", "left", "f1", "kp_7", "print", ...
// (QEMU QMP Reference Manual, "QKeyCode").

// KeyGap is the pause after each key event, and keyPatience how much longer it is
// for a guest that has not read it yet. The keyboard's buffer holds 16 bytes; what
// comes then is lost. On a busy host a guest may not run at all for a while.
const (
	KeyGap      = 10 * time.Millisecond
	keyPatience = 250 * time.Millisecond
)

// shifted pairs the characters that need Shift with those that do not, on a US
// keyboard.
const (
	plainKeys   = "`1234567890-=[]\\;',./"
	shiftedKeys = "~!@#$%^&*()_+{}|:\"<>?"
)

// keyNames are the keys whose name is not their character.
var keyNames = map[rune]string{
	' ': "spc", '\n': "ret", '\r': "ret", '\t': "tab", '\b': "backspace", 0x7f: "backspace", 0x1b: "esc",
	'`': "grave_accent", '-': "minus", '=': "equal", '[': "bracket_left", ']': "bracket_right",
	'\\': "backslash", ';': "semicolon", '\'': "apostrophe", ',': "comma", '.': "dot", '/': "slash",
}

// Chord returns the keys that a person with a US keyboard holds down together
// to type c.
//
// Errors: c is not on that keyboard.
func Chord(c rune) ([]string, error) {
	if name, ok := keyNames[c]; ok {
		return []string{name}, nil
	}
	switch {
	case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		return []string{string(c)}, nil
	case 'A' <= c && c <= 'Z':
		return []string{"shift", string(c + 'a' - 'A')}, nil
	case 1 <= c && c <= 26: // Ctrl-A to Ctrl-Z
		return []string{"ctrl", string(c + 'a' - 1)}, nil
	}
	if i := strings.IndexRune(shiftedKeys, c); i >= 0 {
		base := rune(plainKeys[i])
		if name, ok := keyNames[base]; ok {
			return []string{"shift", name}, nil
		}
		return []string{"shift", string(base)}, nil
	}
	return nil, fmt.Errorf("%q is not on a US keyboard", c)
}

// Type types text on the machine's keyboard, a US one. A newline is Enter.
func (q *QMP) Type(text string) error {
	for _, c := range text {
		chord, err := Chord(c)
		if err != nil {
			return err
		}
		if err := q.Press(chord...); err != nil {
			return err
		}
	}
	return nil
}

// Press presses the keys in order, then releases them in reverse order.
func (q *QMP) Press(keys ...string) error {
	for _, k := range keys {
		if err := q.Key(k, true); err != nil {
			return err
		}
	}
	for i := len(keys) - 1; i >= 0; i-- {
		if err := q.Key(keys[i], false); err != nil {
			return err
		}
	}
	return nil
}

// Key presses one key, or releases it.
func (q *QMP) Key(key string, down bool) error {
	err := q.input("key", map[string]any{
		"down": down, "key": map[string]any{"type": "qcode", "data": key},
	})
	if err != nil {
		return fmt.Errorf("key %q: %w", key, err)
	}
	time.Sleep(KeyGap)
	for late := time.Now().Add(keyPatience); q.keysWait() && time.Now().Before(late); {
		time.Sleep(time.Millisecond)
	}
	return nil
}

// keysWait tells whether the keyboard's controller, an 8042, has something that
// the guest has not read. Reading its status changes nothing.
func (q *QMP) keysWait() bool {
	const outputFull, absent = 1 << 0, 0xff
	said, err := q.Monitor("i /1bx 0x64")
	if err != nil {
		return false
	}
	_, status, _ := strings.Cut(said, "= 0x")
	n, err := strconv.ParseUint(strings.TrimSpace(status), 16, 8)
	return err == nil && n != absent && n&outputFull != 0
}

// MoveMouse moves the mouse by so many units to the right and down.
func (q *QMP) MoveMouse(dx, dy int) error {
	for axis, by := range map[string]int{"x": dx, "y": dy} {
		if by == 0 {
			continue
		}
		if err := q.input("rel", map[string]any{"axis": axis, "value": by}); err != nil {
			return err
		}
	}
	return nil
}

// MouseButton presses a button of the mouse ("left", "middle", "right"), or
// releases it.
func (q *QMP) MouseButton(button string, down bool) error {
	return q.input("btn", map[string]any{"down": down, "button": button})
}

// input sends one event of an input device.
func (q *QMP) input(kind string, data map[string]any) error {
	return q.Run("input-send-event", map[string]any{
		"events": []any{map[string]any{"type": kind, "data": data}},
	}, nil)
}
