// Package shell runs commands.
//
// A line becomes action in four steps, each in a file of its own:
//
//	text ──parse──> pipelines of calls ──find──> Commands ──run──> output, errors
//	     parse.go                        shell.go          exec.go     errors.go
//
// A Command is a function with a name and a help text. It gets a context,
// which Ctrl-C cancels, an Env to read from and write to, and its arguments.
// It runs in a goroutine of its own: if it panics, the panic and where it
// came from are printed, and the prompt comes back. The commands that look
// into the machine are in package shell/commands; those that the shell itself
// is made of (help, echo, time, grep, ...) are here.
//
// Session joins a Shell with a terminal: it is the loop that reads a line and
// runs it. Read Shell.Run first. In GDB: break shell.(*Shell).call.
//
// Context: goroutines only; everything here may allocate. Locking: a Shell
// does not change after the boot list has added the commands.
package shell

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"vitrine/kernel/key"
)

// Command is something that can be typed.
type Command struct {
	Name  string
	Args  string // synopsis of the arguments: "ADDR [LENGTH]"
	Group string // heading in the list of commands
	Short string // one line, lower case, no full stop
	Long  string // more, for "help NAME"; may be empty

	// Run does it. It returns when ctx is done, at the latest soon after.
	// Errors are printed after the command's name; those of Arguments come
	// with the synopsis.
	Run func(ctx context.Context, sh *Env, args []string) error

	// Complete returns words that could follow args and start with word. Words
	// that do not start with it are ignored. Nil: nothing to propose. It must
	// not print, nor wait.
	Complete func(sh *Env, args []string, word string) []string

	// Filter marks a command that reads Env.In: it may follow a "|".
	Filter bool
}

// Usage returns how the command is typed: "peek ADDR [LENGTH]".
func (c *Command) Usage() string { return strings.TrimSpace(c.Name + " " + c.Args) }

// Env is what a command sees of the world.
type Env struct {
	Shell *Shell
	In    io.Reader // what the command before the "|" prints; nil without one
	Out   io.Writer // the terminal, or the command after the "|"

	Colour  bool // Out is a terminal: ANSI sequences are welcome
	Columns int  // width of the terminal
	Rows    int  // its height

	// ReadKey returns the next key press. It is nil where nobody types.
	ReadKey func(context.Context) (key.Press, error)

	// History returns the lines typed so far. It may be nil.
	History func() []string

	// Symbols gives the value of a name in a number: Arguments.Number accepts
	// "runtime.mallocgc+0x10". It may be nil.
	Symbols func(name string) (uint64, bool)
}

// Printf prints. Errors are not returned: a command whose output nobody wants
// any more finds its context done.
func (e *Env) Printf(format string, args ...any) { fmt.Fprintf(e.Out, format, args...) }

// Println prints its arguments and a newline.
func (e *Env) Println(args ...any) { fmt.Fprintln(e.Out, args...) }

// Shell is a set of commands.
type Shell struct {
	commands []*Command // in the order of Add
	byName   map[string]*Command
}

// New returns a shell with the commands of this package.
func New() *Shell {
	s := &Shell{byName: map[string]*Command{}}
	for _, c := range builtins() {
		if err := s.Add(c); err != nil {
			panic(err) // two builtins with the same name
		}
	}
	return s
}

// Add adds commands.
//
// Errors: a name is taken, or a command lacks a name, a Run or its help.
func (s *Shell) Add(commands ...*Command) error {
	for _, c := range commands {
		if c.Name == "" || c.Run == nil || c.Short == "" || c.Group == "" {
			return fmt.Errorf("command %q is not complete", c.Name)
		}
		if s.byName[c.Name] != nil {
			return fmt.Errorf("there are two commands named %q", c.Name)
		}
		s.byName[c.Name] = c
		s.commands = append(s.commands, c)
	}
	return nil
}

// Commands returns all commands, by name.
func (s *Shell) Commands() []*Command {
	list := slices.Clone(s.commands)
	slices.SortFunc(list, func(a, b *Command) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// Find returns the command of that name.
//
// Errors: there is none, with the name that was perhaps meant.
func (s *Shell) Find(name string) (*Command, error) {
	if c := s.byName[name]; c != nil {
		return c, nil
	}
	var names []string
	for _, c := range s.Commands() {
		names = append(names, c.Name)
	}
	if best := Closest(name, names); best != "" {
		return nil, fmt.Errorf("unknown command '%s', did you mean '%s'?", name, best)
	}
	return nil, fmt.Errorf("unknown command '%s': 'help' lists the commands", name)
}
