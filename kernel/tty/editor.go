package tty

import (
	"unicode"

	"vitrine/kernel/key"
)

// MaxLine is the longest line in runes; more is refused with the bell.
const MaxLine = 4096

// Result says what a press did to the line as a whole.
type Result uint8

// The results of a press.
const (
	Editing  Result = iota // the line is still being typed
	Entered                // Enter: Editor.Line has the line
	Canceled               // Ctrl-C: the line was thrown away
	Ended                  // Ctrl-D on an empty line: no more lines will come
)

// Completer proposes how to go on. It is given the line up to the cursor and
// returns the words that could stand at its end and where, as a byte offset,
// the word that they replace starts. A Terminal calls it with its lock held: it
// must not use the terminal.
type Completer func(line string) (start int, words []string)

// Editor is one line being typed. Press changes it, Refresh shows it.
type Editor struct {
	Complete Completer // nil: Tab rings the bell

	prompt prompt
	line   []rune
	cursor int // index into line, 0 to len(line)

	history history
	kills   kills
	search  *search // nil unless Ctrl-R is at work
	tabbed  bool    // the last press was Tab, and there was a choice

	screen screen
}

// prompt is what stands before the line: plain text, drawn in a colour.
type prompt struct {
	text   []rune
	colour string // SGR sequence, may be empty
}

// NewEditor returns an editor for a screen that is columns wide.
func NewEditor(columns int) *Editor {
	e := new(Editor)
	e.SetColumns(columns)
	return e
}

// SetColumns tells the editor how wide the screen is. It is for the next line;
// one that is being typed must be redrawn.
func (e *Editor) SetColumns(columns int) { e.screen.width = max(columns, 4) - 1 }

// Start begins a new line after a prompt. colour is an SGR sequence for the
// prompt, or empty.
func (e *Editor) Start(text, colour string) {
	e.prompt = prompt{[]rune(text), colour}
	e.line, e.cursor = nil, 0
	e.search, e.tabbed = nil, false
	e.history.start()
	e.kills.stop()
	e.screen.forget()
}

// Line returns the text typed so far.
func (e *Editor) Line() string { return string(e.line) }

// Cursor returns the cursor's place in the line, in runes.
func (e *Editor) Cursor() int { return e.cursor }

// Press applies one key press to the line. The screen follows with Refresh,
// so that a burst of presses is drawn once.
func (e *Editor) Press(p key.Press) Result {
	if e.search != nil {
		if result, done := e.searchPress(p); done {
			return result
		}
	}
	wasKill, wasTab := e.kills.joining, e.tabbed
	e.kills.joining, e.tabbed = false, false
	result := Editing
	switch {
	case p.Mod == key.Ctrl && p.Name == key.None:
		result = e.control(unicode.ToLower(p.Rune), wasKill)
	case p.Mod == key.Alt && p.Name == key.None:
		e.meta(p.Rune, wasKill)
	case p.Name != key.None:
		result = e.named(p, wasKill, wasTab)
	case p.Mod&(key.Ctrl|key.Alt) == 0:
		e.insert([]rune{p.Rune})
	default: // Ctrl-Alt-something means nothing here
		e.bell()
	}
	if result != Editing {
		e.finish(result)
	}
	return result
}

// finish leaves the line on the screen as it is and moves below it.
func (e *Editor) finish(r Result) {
	switch r {
	case Entered:
		e.history.add(e.Line())
	case Canceled:
		defer func() { e.line, e.cursor = nil, 0 }()
	}
	e.cursor = len(e.line)
	e.Refresh()
	if r == Canceled {
		e.screen.print("^C")
	}
	e.screen.print("\r\n")
	e.screen.forget()
}

func (e *Editor) control(r rune, wasKill bool) Result {
	switch r {
	case 'a':
		e.cursor = 0
	case 'b':
		e.move(-1)
	case 'c':
		return Canceled
	case 'd':
		if len(e.line) == 0 {
			return Ended
		}
		e.delete(e.cursor, e.cursor+1)
	case 'e':
		e.cursor = len(e.line)
	case 'f':
		e.move(1)
	case 'h':
		e.delete(e.cursor-1, e.cursor)
	case 'j', 'm':
		return Entered
	case 'k':
		e.kill(e.cursor, len(e.line), wasKill)
	case 'l':
		e.screen.clear()
	case 'n':
		e.recall(1)
	case 'p':
		e.recall(-1)
	case 'r':
		e.startSearch()
	case 't':
		e.transpose()
	case 'u':
		e.kill(0, e.cursor, wasKill)
	case 'w':
		e.kill(e.wordStart(isNotSpace), e.cursor, wasKill)
	case 'y':
		e.insert(e.kills.last())
	default:
		e.bell()
	}
	return Editing
}

func (e *Editor) meta(r rune, wasKill bool) {
	switch r {
	case 'b', 'B':
		e.cursor = e.wordStart(isWord)
	case 'f', 'F':
		e.cursor = e.wordEnd(isWord)
	case 'd', 'D':
		e.kill(e.cursor, e.wordEnd(isWord), wasKill)
	case '<':
		e.recall(-len(e.history.lines))
	case '>':
		e.recall(len(e.history.lines))
	default:
		e.bell()
	}
}

func (e *Editor) named(p key.Press, wasKill, wasTab bool) Result {
	word := p.Mod&(key.Ctrl|key.Alt) != 0
	switch p.Name {
	case key.Enter:
		return Entered
	case key.Backspace:
		if word {
			e.kill(e.wordStart(isWord), e.cursor, wasKill)
			break
		}
		e.delete(e.cursor-1, e.cursor)
	case key.Delete:
		if word {
			e.kill(e.cursor, e.wordEnd(isWord), wasKill)
			break
		}
		e.delete(e.cursor, e.cursor+1)
	case key.Left:
		if word {
			e.cursor = e.wordStart(isWord)
			break
		}
		e.move(-1)
	case key.Right:
		if word {
			e.cursor = e.wordEnd(isWord)
			break
		}
		e.move(1)
	case key.Home:
		e.cursor = 0
	case key.End:
		e.cursor = len(e.line)
	case key.Up:
		e.recall(-1)
	case key.Down:
		e.recall(1)
	case key.Tab:
		if p.Mod == 0 {
			e.complete(wasTab)
		}
	}
	return Editing
}
