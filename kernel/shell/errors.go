package shell

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// UsageError says that a command was given the wrong arguments.
type UsageError struct {
	Command *Command // set by the shell
	Text    string
}

// Error returns what was wrong, and how to do it right.
func (e *UsageError) Error() string {
	if e.Command == nil {
		return e.Text
	}
	return fmt.Sprintf("%s: %s\nusage: %s", e.Command.Name, e.Text, e.Command.Usage())
}

// Usagef returns an error that is printed with the command's synopsis.
func Usagef(format string, args ...any) error { return &UsageError{Text: fmt.Sprintf(format, args...)} }

// commandError puts the command's name before an error.
type commandError struct {
	name string
	err  error
}

func (e *commandError) Error() string { return e.name + ": " + e.err.Error() }
func (e *commandError) Unwrap() error { return e.err }

// PanicError is what becomes of a command that panics.
type PanicError struct {
	Command string
	Value   any
	Stack   []Location // innermost call first
}

// Location is a place in the source.
type Location struct {
	Func string
	File string
	Line int
}

// String returns the place as "func  file:line".
func (l Location) String() string { return fmt.Sprintf("%s  %s:%d", l.Func, l.File, l.Line) }

// Error returns what the command said when it panicked, and where.
func (e *PanicError) Error() string {
	text := fmt.Sprint(e.Value) // survives a value that panics when it is asked
	if fault, ok := e.Value.(interface{ Addr() uintptr }); ok {
		text += fmt.Sprintf(" (address %#x)", fault.Addr())
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: panic: %s", e.Command, text)
	for _, l := range e.Stack {
		fmt.Fprintf(&b, "\n    %v", l)
	}
	return b.String()
}

// Unwrap returns what the command panicked with, if that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// stackOf returns the calls between the panic that is being recovered and the
// function until.
func stackOf(until string) []Location {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var list []Location
	machinery := true // the frames of recover and panic come first
	for {
		f, more := frames.Next()
		if f.Function == until {
			return list
		}
		inRuntime := strings.HasPrefix(f.Function, "runtime.")
		if !inRuntime && !strings.HasPrefix(f.Function, until) {
			machinery = false
		}
		if !machinery {
			list = append(list, Location{f.Function, ShortFile(f.File), f.Line})
		}
		if !more {
			return list
		}
	}
}

// ShortFile returns a source file's name as it is in the repository, or for
// the standard library's below its src.
func ShortFile(file string) string {
	_, here, _, _ := runtime.Caller(0)
	root := strings.TrimSuffix(here, "kernel/shell/errors.go")
	if short, ok := strings.CutPrefix(file, root); ok {
		return short
	}
	if i := strings.LastIndex(file, "/src/"); i >= 0 {
		return file[i+len("/src/"):]
	}
	return file
}

// report prints an error, unless it only says that Ctrl-C was pressed.
func (s *Shell) report(sh *Env, err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	text, rest, _ := strings.Cut(fmt.Sprint(err), "\n")
	if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
		sh.Println(err)
		return
	}
	sh.Println(sh.Paint(Red, text))
	if rest != "" {
		sh.Println(rest)
	}
}
