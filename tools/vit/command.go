package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// Exit codes that all commands share. Run and exec pass the program's own code
// on, so theirs are out of its way; see exitCodes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// streams are the three files that a command works with.
type streams struct {
	in       *os.File
	out, err io.Writer
}

// command is one subcommand of vit.
type command struct {
	name    string
	args    string // what follows the flags, for the usage line
	summary string // one line
	help    string // what the usage line and the flags leave open
	// setup declares the flags and returns what runs when they are parsed.
	setup func(f *flag.FlagSet) func(s streams, args []string) int
	// usage is the exit code for a wrong command line; 0 means exitUsage.
	usage  int
	hidden bool
}

// dispatch runs the command that args[0] names and returns its exit code.
func dispatch(args []string, s streams) int {
	if len(args) == 0 {
		overview(s.err)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		return help(args[1:], s)
	}
	c, ok := lookup(args[0])
	if !ok {
		fmt.Fprintf(s.err, "vit: no command %q; 'vit help' lists them\n", args[0])
		return exitUsage
	}
	return c.execute(args[1:], s)
}

// lookup returns the command called name.
func lookup(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

// execute parses args and runs c.
func (c command) execute(args []string, s streams) int {
	f, run := c.flags()
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		c.describe(s.out)
		return exitOK
	case err != nil:
		fmt.Fprintf(s.err, "vit %s: %v; see 'vit help %s'\n", c.name, err, c.name)
		return c.usageCode()
	}
	return run(s, f.Args())
}

// flags declares the flags of c and returns what it runs.
func (c command) flags() (*flag.FlagSet, func(streams, []string) int) {
	f := flag.NewFlagSet("vit "+c.name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f, c.setup(f)
}

// usageCode returns the exit code for a wrong command line.
func (c command) usageCode() int {
	if c.usage != 0 {
		return c.usage
	}
	return exitUsage
}

// overview prints the list of commands.
func overview(w io.Writer) {
	fmt.Fprint(w, "Vit builds, runs and tests Vitrine.\n\nUsage: vit COMMAND [flags] [arguments]\n\n")
	for _, c := range commands() {
		if !c.hidden {
			fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
		}
	}
	fmt.Fprint(w, "\n'vit help COMMAND' describes one.\n")
}

// help runs 'vit help [COMMAND]'.
func help(args []string, s streams) int {
	if len(args) == 0 {
		overview(s.out)
		return exitOK
	}
	c, ok := lookup(args[0])
	if !ok {
		fmt.Fprintf(s.err, "vit: no command %q; 'vit help' lists them\n", args[0])
		return exitUsage
	}
	c.describe(s.out)
	return exitOK
}

// describe prints the whole help of c.
func (c command) describe(w io.Writer) {
	f, _ := c.flags()
	fmt.Fprintf(w, "vit %s: %s\n\nUsage: %s\n", c.name, c.summary,
		strings.TrimSpace("vit "+c.name+" [flags] "+c.args))
	if c.help != "" {
		fmt.Fprintf(w, "\n%s\n", strings.Trim(c.help, "\n"))
	}
	any := false
	f.VisitAll(func(*flag.Flag) { any = true })
	if any {
		fmt.Fprint(w, "\nFlags:\n")
		f.SetOutput(w)
		f.PrintDefaults()
	}
}

// fail prints err for the command called name and returns code.
func fail(s streams, name string, code int, err error) int {
	fmt.Fprintf(s.err, "vit %s: %v\n", name, err)
	return code
}
