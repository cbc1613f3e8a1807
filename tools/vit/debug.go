package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/symbol"
)

// defaultGDBSocket is where a machine serves GDB.
const defaultGDBSocket = "build/gdb.sock"

// debugOptions are the flags of 'vit debug' beyond those of the machine.
type debugOptions struct {
	image, debug, append, display, at, gdb, socket, qmp, serialLog string
	server, attach                                                 bool
}

// debugCommand is 'vit debug'.
func debugCommand() command {
	return command{
		name:    "debug",
		args:    "[-- arguments of GDB]",
		summary: "boot Vitrine under GDB, stopped at its first instruction",
		usage:   exitVit,
		help: `
Boots the kernel and starts GDB, with its symbols and with what scripts/gdb
teaches GDB about it: 'help vit' in GDB. The machine is stopped at the boot
stub's first instruction, or at --at: a location of GDB's, or one of

	interrupt:33      the first instruction of a vector's entry
	fault, fault:14   the handler of exceptions
	trampoline        the first instruction of another processor
	chapter:paging    where a chapter of the book begins to act

A place that does not exist ends GDB with a list of all.

What the kernel writes to its serial line appears between GDB's own lines while
it runs. From another terminal, 'vit qmp type' types on its keyboard.

To have the serial line or the screen in a terminal of their own, use two:

	vit debug --server    boots, waits for GDB, is the serial line otherwise;
	                      takes --display curses, too
	vit debug --attach    is GDB

When GDB ends, so does QEMU, and when vit ends, so do both.

Exit codes: those of GDB; with --server, those of 'vit run'; and
  125    vit could not start QEMU or GDB
  128+n  vit was ended by signal n`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			m := machineFlags(f, machineDefaults{kvm: "off"})
			o := &debugOptions{}
			f.StringVar(&o.image, "image", defaultImage, "boot this `file`")
			f.StringVar(&o.append, "append", "", "the kernel command line: `words`")
			f.StringVar(&o.display, "display", "none", "where the screen appears: none, gtk, sdl; with --server also curses (`type`)")
			f.StringVar(&o.at, "at", "", "stop there first: a `place`, such as kernel.Main, file.go:12, interrupt:33, chapter:paging")
			f.StringVar(&o.gdb, "gdb", os.Getenv("VIT_GDB"), "GDB's `program` (environment: VIT_GDB)")
			f.StringVar(&o.debug, "debug-elf", defaultDebug, "ELF64 `file` with the symbols")
			f.StringVar(&o.socket, "socket", defaultGDBSocket, "unix `socket` between QEMU and GDB")
			f.StringVar(&o.qmp, "qmp", defaultSocket, "serve QMP on this unix `socket`; empty: do not")
			f.StringVar(&o.serialLog, "serial-log", "", "write the serial line to this `file`, too")
			f.BoolVar(&o.server, "server", false, "boot and wait for a GDB")
			f.BoolVar(&o.attach, "attach", false, "start GDB only, for a machine that waits")
			return func(s streams, args []string) int {
				code, err := debug(s, m, o, args)
				if err != nil {
					return fail(s, "debug", code, err)
				}
				return code
			}
		},
	}
}

// debug is the body of 'vit debug'.
func debug(s streams, m *machineOptions, o *debugOptions, args []string) (int, error) {
	r := &runOptions{
		append: o.append, display: o.display, debug: o.debug, socket: o.qmp, serialLog: o.serialLog,
		debugExit: true, gdbSocket: o.socket,
	}
	switch {
	case o.server && len(args) > 0:
		return exitVit, errors.New("--server starts no GDB that could take arguments")
	case o.server && o.attach:
		return exitVit, errors.New("--server or --attach, not both")
	case o.server:
		defer os.Remove(o.socket)
		return run(s, m, r, []string{o.image})
	case o.attach:
		if _, err := os.Stat(o.socket); err != nil {
			return exitVit, errors.New("no machine waits: start 'vit debug --server' first")
		}
		return debugger(s, o, args, nil)
	}
	if o.display == "curses" {
		return exitVit, errors.New("GDB needs this terminal for itself: with --display curses use --server here and --attach in another")
	}
	c, err := m.config()
	if err != nil {
		return exitVit, err
	}
	if err := r.complete(&c, []string{o.image}); err != nil {
		return exitVit, err
	}
	if err := c.Check(); err != nil {
		return exitVit, err
	}
	if err := m.accelerate(s, &c); err != nil {
		return exitVit, err
	}
	return debugger(s, o, args, func(ctx context.Context) (*qemu.Machine, func(), error) {
		out, err := r.serial(s)
		if err != nil {
			return nil, nil, err
		}
		c.SerialOut = out
		c.OnFault = func(f *qemu.Fault) { f.Report(s.err, symbol.Explainer(o.debug, defaultStub)) }
		machine, err := qemu.Start(ctx, c)
		if err != nil {
			out.Close()
			return nil, nil, err
		}
		return machine, func() {
			machine.Close()
			out.Close()
			os.Remove(o.socket)
		}, nil
	})
}

// debugger runs GDB until it ends. It starts a machine first, if start is not
// nil.
func debugger(s streams, o *debugOptions, args []string, start func(context.Context) (*qemu.Machine, func(), error)) (int, error) {
	g, err := findGDB(o.gdb)
	if err != nil {
		return exitVit, err
	}
	if _, err := os.Stat(gdbInit); err != nil {
		return exitVit, fmt.Errorf("no %s: run this in the top folder of the repository", gdbInit)
	}
	ctx, stop := debugContext()
	defer stop()
	if start != nil {
		_, end, err := start(ctx)
		if err != nil {
			return exitVit, err
		}
		defer end()
	}
	code, err := runGDB(ctx, s, g, o, args)
	var sig signalError
	if errors.As(context.Cause(ctx), &sig) {
		return exitSignal + int(sig.Signal), sig
	}
	return code, err
}
