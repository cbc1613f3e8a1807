// Command stdtest runs the Go standard library's own tests on the bare machine.
//
// Thousands of tests that others have written, for other systems, say what a
// program may expect of the Go runtime and of the system below it. Here the
// system is this kernel:
//
//	stock GOROOT    tests and their data -------------+------------------+
//	                                                  v                  v
//	derived GOROOT  packages --> go test -overlay --> test binary   archive (cpio)
//	                              + kernel/start      = a kernel    = a boot module
//	                                                  |                  |
//	                             go test -exec "stdtest exec" --> vit exec --> QEMU
//	                                                  |
//	                          events (go test -json) --> results, the table in docs
//
// What cannot pass there, and why, is in plan.txt. docs/decisions/0017-witness.md
// says why things are done in this way.
//
// Read in this order:
//
//	overlay.go  how the derived Go gets the tests, and each test a kernel
//	exec.go     what is done for each test binary
//	plan.go     what is left out
//	events.go   what go test tells
//	table.go    what becomes of it
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

const usage = `Stdtest runs the Go standard library's own tests on the bare machine.

usage:
	stdtest [flags] -- command...      test; command is the go test command up to
	                                   its flags, environment and all
	stdtest table -o file results...   write the table of some runs' results
	stdtest exec [flags] program ...   boot one test binary; go test's -exec does it

flags:
	-derived dir    the derived GOROOT
	-stock dir      the GOROOT that it comes from: tests and data are there
	-vit file       the command vit
	-work dir       where to put the overlay and results.json
	-packages list  which packages, separated by blanks (default: all)
	-v              print what the tests print

exit status: 0 all passed; 1 a test failed, or something else went wrong;
2 wrong use
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the values of the flags.
type options struct {
	derived, stock, vit, work string
	packages                  string
	out                       string
	verbose                   bool
}

// run is the command without the process around it. It returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	command := "test"
	if len(args) > 0 && (args[0] == "table" || args[0] == "exec") {
		command, args = args[0], args[1:]
	}
	var o options
	flags := flag.NewFlagSet("stdtest", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, usage) }
	flags.StringVar(&o.derived, "derived", "", "")
	flags.StringVar(&o.stock, "stock", "", "")
	flags.StringVar(&o.vit, "vit", "", "")
	flags.StringVar(&o.work, "work", "", "")
	flags.StringVar(&o.packages, "packages", "", "")
	flags.StringVar(&o.out, "o", "", "")
	flags.BoolVar(&o.verbose, "v", false, "")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	var err error
	switch command {
	case "exec":
		err = boot(o, flags.Args())
	case "table":
		err = writeTable(o.out, flags.Args())
	default:
		err = test(ctx, o, flags.Args(), stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "stdtest:", err)
		return 1
	}
	return 0
}

// errFailed says that tests have failed, which has been told already.
var errFailed = errors.New("not all tests have passed")

// test runs the tests of packages and keeps the results.
func test(ctx context.Context, o options, command []string, stdout io.Writer) error {
	if len(command) == 0 || o.derived == "" || o.stock == "" || o.vit == "" || o.work == "" {
		return errors.New("a flag is missing, or the command; stdtest -h explains")
	}
	derived, err := filepath.EvalSymlinks(o.derived)
	if err != nil {
		return err
	}
	o.derived = derived
	self, err := os.Executable()
	if err != nil {
		return err
	}
	plan, err := readPlan(planText)
	if err != nil {
		return err
	}
	overlay, packages, err := writeOverlay(o)
	if err != nil {
		return err
	}
	wanted := strings.Fields(o.packages)
	all := len(wanted) == 0
	if all {
		wanted = packages
	} else if err := plan.known(wanted, packages); err != nil {
		return err
	}
	release, err := version(o.stock)
	if err != nil {
		return err
	}
	results := newResults(release)
	runnable, err := plan.split(filepath.Join(o.stock, "src"), wanted, results)
	if err != nil {
		return err
	}
	results.tellLeftOut(stdout)
	if len(runnable) > 0 {
		args := append(command[1:len(command):len(command)],
			"-overlay", overlay, "-exec", strings.Join([]string{self, "exec", "-vit", o.vit, "-stock", o.stock, "-derived", o.derived}, " "))
		cmd := exec.CommandContext(ctx, command[0], append(args, runnable...)...)
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		cmd.Stderr = os.Stderr
		events, err := cmd.StdoutPipe()
		if err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return err
		}
		results.read(events, stdout, o.verbose)
		if err := cmd.Wait(); err != nil && !results.failed() {
			return err
		}
	}
	if err := results.save(filepath.Join(o.work, "results.json"), all); err != nil {
		return err
	}
	fmt.Fprintln(stdout, results.summary())
	if results.failed() {
		return errFailed
	}
	return nil
}

// version is the release of the Go in a GOROOT: go1.26.4.
func version(root string) (string, error) {
	b, err := os.ReadFile(filepath.Join(root, "VERSION"))
	line, _, _ := strings.Cut(string(b), "\n")
	return line, err
}
