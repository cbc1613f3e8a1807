package tty

import (
	"context"
	"errors"
	"io"
	"sync"

	"vitrine/kernel/key"
)

// ErrCanceled is returned by ReadLine when Ctrl-C threw the line away.
var ErrCanceled = errors.New("canceled")

// maxTypedAhead is how many presses are kept until somebody reads them.
const maxTypedAhead = 8192

// Terminal is a keyboard and a screen, shared by those who read lines and
// those who print.
type Terminal struct {
	mu      sync.Mutex
	out     io.Writer
	editor  *Editor
	columns int
	rows    int
	colour  string

	typed     []key.Press   // not read yet
	news      chan struct{} // says that typed or editing changed; capacity 1
	editing   bool          // ReadLine has a line on the screen
	interrupt func()        // called on Ctrl-C outside ReadLine
	column0   bool          // the cursor stands at the start of an empty row
}

// NewTerminal returns a terminal that draws on out, which interprets ANSI
// sequences and is columns wide and rows high.
func NewTerminal(out io.Writer, columns, rows int) *Terminal {
	return &Terminal{
		out: out, editor: NewEditor(columns), columns: columns, rows: rows,
		news: make(chan struct{}, 1), column0: true,
	}
}

// SetCompleter sets what Tab proposes.
func (t *Terminal) SetCompleter(c Completer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.editor.Complete = c
}

// SetPromptColour sets the SGR sequence in which prompts are drawn.
func (t *Terminal) SetPromptColour(sequence string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.colour = sequence
}

// Size returns the size of the screen in characters.
func (t *Terminal) Size() (columns, rows int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.columns, t.rows
}

// SetSize says that the screen has another size now.
func (t *Terminal) SetSize(columns, rows int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.editing {
		t.editor.Hide()
	}
	t.columns, t.rows = columns, rows
	t.editor.SetColumns(columns)
	t.refresh()
}

// History returns the lines entered so far, oldest first.
func (t *Terminal) History() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.editor.History()
}

// OnInterrupt sets what Ctrl-C does while no line is being read; nil makes it
// an ordinary key. A Ctrl-C that was typed since the last line counts already.
// f must not block.
func (t *Terminal) OnInterrupt(f func()) {
	t.mu.Lock()
	t.interrupt = f
	early := -1
	if f != nil {
		for i, p := range t.typed {
			if isInterrupt(p) {
				early = i
			}
		}
		t.typed = t.typed[early+1:]
	}
	t.mu.Unlock()
	if early >= 0 {
		f()
	}
}

func isInterrupt(p key.Press) bool {
	return p.Name == key.None && p.Mod == key.Ctrl && (p.Rune == 'c' || p.Rune == 'C')
}

// Type is where key presses enter. They wait until they are read, except
// Ctrl-C: while a command runs it interrupts that at once, and what was typed
// ahead is forgotten.
//
// Context: any goroutine. Does not block, but for the lock.
func (t *Terminal) Type(p key.Press) {
	t.mu.Lock()
	if !t.editing && t.interrupt != nil && isInterrupt(p) {
		t.typed = nil
		interrupt := t.interrupt
		t.print([]byte("^C\r\n"))
		t.mu.Unlock()
		interrupt()
		return
	}
	if len(t.typed) < maxTypedAhead {
		t.typed = append(t.typed, p)
	}
	t.mu.Unlock()
	t.tell()
}

func (t *Terminal) tell() {
	select {
	case t.news <- struct{}{}:
	default:
	}
}

// ReadLine shows the prompt and returns the line that is entered after it.
// One goroutine reads at a time.
//
// Errors: ErrCanceled, io.EOF for Ctrl-D on an empty line, ctx.Err().
func (t *Terminal) ReadLine(ctx context.Context, prompt string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.column0 {
		t.print([]byte("\r\n"))
	}
	t.editor.Start(prompt, t.colour)
	t.editing = true
	defer func() { t.editing = false }()
	for {
		for len(t.typed) > 0 {
			p := t.typed[0]
			t.typed = t.typed[1:]
			result := t.editor.Press(p)
			if result == Editing {
				continue
			}
			t.print(t.editor.Output())
			switch result {
			case Canceled:
				return "", ErrCanceled
			case Ended:
				return "", io.EOF
			}
			return t.editor.Line(), nil
		}
		t.refresh()
		if err := t.wait(ctx); err != nil {
			t.editor.Hide()
			t.print(t.editor.Output())
			return "", err
		}
	}
}

// ReadKey returns the next key press, without showing it.
//
// Errors: ctx.Err().
func (t *Terminal) ReadKey(ctx context.Context) (key.Press, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.typed) == 0 {
		if err := t.wait(ctx); err != nil {
			return key.Press{}, err
		}
	}
	p := t.typed[0]
	t.typed = t.typed[1:]
	return p, nil
}

// wait gives up the lock until there is news.
func (t *Terminal) wait(ctx context.Context) error {
	t.mu.Unlock()
	defer t.mu.Lock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.news:
		return nil
	}
}

// Write prints p. If a line is being typed, it is taken away first and shown
// again below, so that the log of the kernel scrolls by above the prompt.
//
// Errors: those of the output. Context: any goroutine.
func (t *Terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.editing {
		return len(p), t.print(p)
	}
	t.editor.Hide()
	b := append(t.editor.Output(), p...)
	if !startsRow(true, p) {
		b = append(b, "\r\n"...)
	}
	t.editor.Refresh()
	return len(p), t.print(append(b, t.editor.Output()...))
}

// refresh shows the line being typed, if there is one.
func (t *Terminal) refresh() {
	if t.editing {
		t.editor.Refresh()
		t.print(t.editor.Output())
	}
}

func (t *Terminal) print(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	_, err := t.out.Write(p)
	t.column0 = startsRow(t.column0, p)
	return err
}

// startsRow tells whether the cursor stands at the start of an empty row after
// p, given whether it did before.
func startsRow(before bool, p []byte) bool {
	returned := false // a CR came last
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c == esc && i+1 < len(p) && p[i+1] == '[':
			for i += 2; i < len(p) && p[i] < '@'; i++ {
			}
			if i < len(p) && (p[i] == 'H' || p[i] == 'K' && returned) {
				before = true
			}
		case c == '\n':
			before = true
		case c == '\r':
			returned = true
		case c >= ' ':
			before, returned = false, false
		}
	}
	return before
}
