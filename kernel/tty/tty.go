// Package tty is what stands between keys and lines.
//
// A key press is not yet a command: it may be typed too early, edited, taken
// back, completed. On a teletype the line discipline in the kernel did that,
// and its name has stayed. Here it has three parts, each usable alone:
//
//	serial bytes ──> Decoder ──> key.Press ─┐
//	PS/2 keyboard ──────────────> key.Press ─┴─> Terminal ──> lines
//	                                              │   ↑ output of commands, log
//	                                              └─> Editor ──> bytes for the screen
//
// A Decoder understands the escape sequences that terminals send for keys. An
// Editor is the line being typed: a pure state machine that eats presses and
// draws with a handful of ANSI sequences. A Terminal joins them with the rest
// of the kernel: it keeps what is typed ahead, hands Ctrl-C to the running
// command, and lets others print without tearing the line that is being typed.
//
// Read Editor.Press first, then Editor.Refresh. In GDB: break
// tty.(*Editor).Press.
//
// Context: goroutines only; everything here may allocate. Locking: a Terminal
// has one lock, held while it writes to its output; Decoder and Editor have
// none and belong to one goroutine.
package tty
