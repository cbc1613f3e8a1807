package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
)

const usage = `Tamago derives, from the Go that is installed, one that knows GOOS=tamago:
Go on the bare machine. It prints the GOROOT that it made. The stock Go is not
touched. The result is cached: the first run takes about half a minute, later
ones some milliseconds.

usage:
	tamago [flags]          derive, and print the GOROOT
	tamago list [flags]     print every stock file that is changed, and why
	tamago help

flags:
	-goroot dir   the stock GOROOT (default: what "go env GOROOT" says)
	-cache dir    where to keep derived trees (default: vitrine/goroots in the
	              user's cache directory)
	-link path    keep a symbolic link at path to the derived GOROOT
	-json         print the result as JSON
	-v            say on standard error what is done

Go %s to %s are known to work; a newer one is tried.

environment of the derived go command:
	GOOS=tamago GOARCH=amd64
	GOOSPKG       where the hook package is: its parent directory (absolute), or
	              the path of a module or of a directory of the main module that
	              holds it, as vitrine/boot. The package itself is named goos.

exit status:
	0  done
	1  something went wrong: disk, cache directory, compiler
	2  wrong use of this command
	3  the Go in use cannot be derived from: too old, or not there
	4  an edit does not fit this Go; the message names it
	130  interrupted
`

// Exit statuses, as the usage text lists them.
const (
	exitFailure     = 1
	exitUsage       = 2
	exitUnsupported = 3
	exitAnchor      = 4
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the values of the flags.
type options struct {
	goroot, cache, link string
	json, verbose       bool
}

// run is the command without the process around it. It returns the exit
// status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	command := "derive"
	if len(args) > 0 && (args[0] == "list" || args[0] == "help") {
		command, args = args[0], args[1:]
	}
	var o options
	flags := flag.NewFlagSet("tamago", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprintf(stderr, usage, oldest, newest) }
	flags.StringVar(&o.goroot, "goroot", "", "")
	flags.StringVar(&o.cache, "cache", "", "")
	flags.StringVar(&o.link, "link", "", "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.BoolVar(&o.verbose, "v", false, "")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return exitUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "tamago: unexpected argument %q; tamago -h explains\n", flags.Arg(0))
		return exitUsage
	}

	var err error
	switch command {
	case "help":
		fmt.Fprintf(stdout, usage, oldest, newest)
	case "list":
		err = list(ctx, o, stdout)
	default:
		err = derive(ctx, o, stdout, stderr)
	}
	if err == nil {
		return 0
	}
	if ctx.Err() != nil {
		fmt.Fprintln(stderr, "tamago: interrupted")
		return exitInterrupted
	}
	fmt.Fprintln(stderr, "tamago:", err)
	return status(err)
}

// status is the exit status for err.
func status(err error) int {
	var unsupported *UnsupportedError
	var anchor *AnchorError
	switch {
	case errors.As(err, &unsupported):
		return exitUnsupported
	case errors.As(err, &anchor):
		return exitAnchor
	}
	return exitFailure
}

// derive finds or makes the derived GOROOT and prints it.
func derive(ctx context.Context, o options, stdout, stderr io.Writer) error {
	stock, err := findStock(ctx, o.goroot)
	if err != nil {
		return err
	}
	cache, err := cacheDir(o.cache)
	if err != nil {
		return err
	}
	progress := newProgress(stderr, o.verbose)
	defer progress.stop()
	result, err := deriveFrom(ctx, stock, cache, progress)
	if err != nil {
		return err
	}
	if o.link != "" {
		if err := updateLink(o.link, result.GOROOT); err != nil {
			return err
		}
	}
	if o.json {
		return printJSON(stdout, result)
	}
	_, err = fmt.Fprintln(stdout, result.GOROOT)
	return err
}

// list prints what a derivation changes.
func list(ctx context.Context, o options, stdout io.Writer) error {
	stock, err := findStock(ctx, o.goroot)
	if err != nil {
		return err
	}
	plan, err := newPlan(stock)
	if err != nil {
		return err
	}
	changes := plan.changes()
	if o.json {
		return printJSON(stdout, changes)
	}
	table := tabwriter.NewWriter(stdout, 0, 8, 2, ' ', 0)
	for _, c := range changes {
		fmt.Fprintf(table, "%s\t%s\t%s\n", c.Kind, c.File, c.Purpose)
	}
	return table.Flush()
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "\t")
	return e.Encode(v)
}
