package main

// escapeKey is Ctrl-A. It begins a command to vit; everything else is typed
// into the machine.
const escapeKey = 'A' - '@'

// escapeHelp lists the commands.
const escapeHelp = "Ctrl-A then: X quit, R reset, P power button, S screenshot, Ctrl-A types a Ctrl-A, H this help"

// escapes takes vit's commands out of what is typed.
type escapes struct {
	armed   bool              // the last key was the escape key
	command func(letter byte) // is called for each command
}

// filter returns what of b is for the machine.
func (e *escapes) filter(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for _, c := range b {
		switch {
		case !e.armed && c == escapeKey:
			e.armed = true
		case !e.armed:
			out = append(out, c)
		case c == escapeKey:
			e.armed = false
			out = append(out, escapeKey)
		default:
			e.armed = false
			e.command(c | 0x20) // letters in lower case
		}
	}
	return out
}
