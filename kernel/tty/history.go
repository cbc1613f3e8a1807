package tty

import (
	"strings"
	"unicode"

	"vitrine/kernel/key"
)

// maxHistory is how many lines are remembered.
const maxHistory = 200

// history is the lines entered so far, oldest first, and a place in them.
type history struct {
	lines []string
	at    int    // index of the line shown; len(lines) is the one being typed
	draft []rune // the line being typed, while another one is shown
}

func (h *history) start() { h.at, h.draft = len(h.lines), nil }

// add remembers a line, unless it is blank, starts with a space (which says:
// do not remember this) or repeats the one before.
func (h *history) add(line string) {
	if strings.TrimSpace(line) == "" || line[0] == ' ' {
		return
	}
	if n := len(h.lines); n > 0 && h.lines[n-1] == line {
		return
	}
	if len(h.lines) == maxHistory {
		h.lines = h.lines[1:]
	}
	h.lines = append(h.lines, line)
}

// History returns the lines entered so far, oldest first.
func (e *Editor) History() []string { return append([]string(nil), e.history.lines...) }

// recall shows the line that was entered by lines later (earlier, if
// negative); going past the latest returns to the line being typed.
func (e *Editor) recall(by int) {
	h := &e.history
	to := min(max(h.at+by, 0), len(h.lines))
	if to == h.at {
		e.bell()
		return
	}
	if h.at == len(h.lines) {
		h.draft = e.line
	}
	h.at = to
	if to == len(h.lines) {
		e.line = h.draft
	} else {
		e.line = []rune(h.lines[to])
	}
	e.cursor = len(e.line)
}

// search is an incremental search backwards through the history (Ctrl-R).
type search struct {
	text   []rune
	at     int // index of the line found, or len(lines)
	failed bool

	line   []rune // what to go back to
	cursor int
}

func (e *Editor) startSearch() {
	e.search = &search{at: len(e.history.lines), line: e.line, cursor: e.cursor}
}

// prompt returns what stands before the line during a search.
func (s *search) prompt() []rune {
	word := "search"
	if s.failed {
		word = "not found"
	}
	return []rune("(" + word + ") '" + string(s.text) + "': ")
}

// find looks for the text in line from and the older ones.
func (e *Editor) find(from int) {
	s := e.search
	text := string(s.text)
	for i := min(from, len(e.history.lines)-1); i >= 0; i-- {
		line := e.history.lines[i]
		if at := strings.LastIndex(line, text); at >= 0 {
			s.at, s.failed = i, false
			e.line = []rune(line)
			e.cursor = len([]rune(line[:at]))
			return
		}
	}
	s.failed = true
	e.bell()
}

// searchPress handles a press during a search. done is false for a press that
// ends the search and then acts on the line that was found.
func (e *Editor) searchPress(p key.Press) (r Result, done bool) {
	s := e.search
	control := rune(0)
	if p.Mod == key.Ctrl && p.Name == key.None {
		control = unicode.ToLower(p.Rune)
	}
	switch {
	case control == 'r':
		if len(s.text) > 0 {
			e.find(s.at - 1)
		}
	case control == 'g' || p.Name == key.Escape:
		e.line, e.cursor, e.search = s.line, s.cursor, nil
	case p.Name == key.Backspace || control == 'h':
		if len(s.text) > 0 {
			s.text = s.text[:len(s.text)-1]
			e.find(len(e.history.lines))
		}
	case p.Name == key.None && p.Mod&(key.Ctrl|key.Alt) == 0 && !unicode.IsControl(p.Rune):
		s.text = append(s.text, p.Rune)
		e.find(s.at)
	default:
		e.search = nil
		e.history.at, e.history.draft = s.at, s.line
		return Editing, false
	}
	return Editing, true
}
