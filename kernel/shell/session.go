package shell

import (
	"context"
	"errors"
	"io"
	"time"

	"vitrine/kernel/key"
)

// Terminal is where a session reads and prints; tty.Terminal is one.
type Terminal interface {
	io.Writer

	// ReadLine returns the line that is entered after the prompt. io.EOF means
	// Ctrl-D; any other error that a new line should be asked for.
	ReadLine(ctx context.Context, prompt string) (string, error)
	ReadKey(ctx context.Context) (key.Press, error)
	OnInterrupt(func()) // what Ctrl-C does while a command runs
	Size() (columns, rows int)
	History() []string
}

// Session is a person at a terminal.
type Session struct {
	Shell    *Shell
	Terminal Terminal
	Prompt   string
	Symbols  func(name string) (uint64, bool) // see Env; may be nil

	// Patience is how long a command may go on after Ctrl-C before the user
	// is told how to leave it behind. 0 means a second.
	Patience time.Duration
}

// Env returns the environment of a command that runs on the terminal.
func (s *Session) Env() *Env {
	columns, rows := s.Terminal.Size()
	return &Env{
		Shell: s.Shell, Out: s.Terminal, Colour: true, Columns: columns, Rows: rows,
		ReadKey: s.Terminal.ReadKey, History: s.Terminal.History, Symbols: s.Symbols,
	}
}

// Complete proposes words for the end of a line; it is what Tab shows. It does
// not use the terminal, whose lock the caller may hold.
func (s *Session) Complete(line string) (start int, words []string) {
	return s.Shell.Complete(&Env{Shell: s.Shell, Out: io.Discard, Symbols: s.Symbols}, line)
}

// Run reads lines and runs them, until ctx is done.
//
// Errors: ctx.Err(). Context: a goroutine of its own.
func (s *Session) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		line, err := s.Terminal.ReadLine(ctx, s.Prompt)
		switch {
		case errors.Is(err, io.EOF):
			s.Env().Println("There is nothing to go back to: try 'poweroff' or 'reboot'.")
		case err == nil:
			s.Execute(ctx, line)
		}
	}
	return ctx.Err()
}

// Script runs lines as if they had been typed: the kernel does this with the
// parameter run="mem; log".
//
// Errors: that of the last command, already printed. Context: a goroutine.
func (s *Session) Script(ctx context.Context, text string) error {
	s.Env().Println(s.Prompt + text)
	return s.Execute(ctx, text)
}

// Execute runs a line in a goroutine of its own and returns when it has ended.
// Ctrl-C ends the commands' context. Go has no way to stop a goroutine that
// does not look at it: such a command can be left behind with a second Ctrl-C.
//
// Errors: that of the last command, already printed. Context: a goroutine.
func (s *Session) Execute(ctx context.Context, line string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	interrupts := make(chan struct{}, 2)
	s.Terminal.OnInterrupt(func() {
		select {
		case interrupts <- struct{}{}:
		default:
		}
	})
	defer s.Terminal.OnInterrupt(nil)

	env := s.Env()
	done := make(chan error, 1)
	go func() { done <- s.Shell.Run(ctx, env, line) }()

	patience := s.Patience
	if patience == 0 {
		patience = time.Second
	}
	var late <-chan time.Time
	for {
		select {
		case err := <-done:
			return err
		case <-interrupts:
			if ctx.Err() != nil && late == nil {
				env.Println("Left behind: the command goes on by itself.")
				return context.Canceled
			}
			cancel()
			late = time.After(patience)
		case <-late:
			late = nil
			env.Println("The command is still at work. Ctrl-C again leaves it behind.")
		}
	}
}
