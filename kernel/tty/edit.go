package tty

import (
	"slices"
	"unicode"
)

// The changes to a line. Each takes what it can and rings the bell otherwise.

func (e *Editor) bell() { e.screen.print("\a") }

// insert puts the characters of text at the cursor. Control characters are
// left out: they would move the cursor rather than show.
func (e *Editor) insert(text []rune) {
	text = slices.DeleteFunc(slices.Clone(text), unicode.IsControl)
	if len(text) == 0 || len(e.line)+len(text) > MaxLine {
		e.bell()
		return
	}
	e.line = slices.Insert(e.line, e.cursor, text...)
	e.cursor += len(text)
}

// delete removes the characters from start up to end, if there are any.
func (e *Editor) delete(start, end int) {
	if start < 0 || end > len(e.line) || start >= end {
		e.bell()
		return
	}
	e.line = slices.Delete(e.line, start, end)
	e.cursor = start
}

func (e *Editor) move(by int) {
	if to := e.cursor + by; to >= 0 && to <= len(e.line) {
		e.cursor = to
		return
	}
	e.bell()
}

// kill removes the characters from start up to end and keeps them for Ctrl-Y.
// Kills in a row are kept as one.
func (e *Editor) kill(start, end int, join bool) {
	if start >= end {
		e.kills.joining = join
		e.bell()
		return
	}
	e.kills.add(slices.Clone(e.line[start:end]), join, end <= e.cursor)
	e.delete(start, end)
}

// transpose swaps the two characters before the end of the line, or the one
// before the cursor with the one under it, and moves on.
func (e *Editor) transpose() {
	if e.cursor == len(e.line) {
		e.cursor--
	}
	if e.cursor < 1 {
		e.cursor = len(e.line)
		e.bell()
		return
	}
	i := e.cursor
	e.line[i-1], e.line[i] = e.line[i], e.line[i-1]
	e.cursor++
}

func isWord(r rune) bool     { return unicode.IsLetter(r) || unicode.IsDigit(r) }
func isNotSpace(r rune) bool { return !unicode.IsSpace(r) }

// wordStart returns where the word before the cursor starts.
func (e *Editor) wordStart(in func(rune) bool) int {
	i := e.cursor
	for i > 0 && !in(e.line[i-1]) {
		i--
	}
	for i > 0 && in(e.line[i-1]) {
		i--
	}
	return i
}

// wordEnd returns where the word after the cursor ends.
func (e *Editor) wordEnd(in func(rune) bool) int {
	i := e.cursor
	for i < len(e.line) && !in(e.line[i]) {
		i++
	}
	for i < len(e.line) && in(e.line[i]) {
		i++
	}
	return i
}

// kills keeps what was killed last.
type kills struct {
	text    []rune
	joining bool // the last press killed too
}

func (k *kills) stop() { k.joining = false }

func (k *kills) last() []rune { return k.text }

func (k *kills) add(text []rune, join, backwards bool) {
	switch {
	case !join:
		k.text = text
	case backwards:
		k.text = append(text, k.text...)
	default:
		k.text = append(k.text, text...)
	}
	k.joining = true
}
