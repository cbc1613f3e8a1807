package main

import (
	"debug/elf"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"vitrine/tools/qemu"
	"vitrine/tools/vit/terminal"
)

// defaultDelve is where make builds Delve.
const defaultDelve = "build/dlv"

// autopsyOptions are the flags of 'vit autopsy' beyond those of 'vit run'.
type autopsyOptions struct {
	open, debugger, gdb, dlv string
}

// autopsyCommand is 'vit autopsy'.
func autopsyCommand() command {
	return command{
		name:    "autopsy",
		args:    "[-- arguments of the debugger]",
		summary: "boot Vitrine, and when it dies open what is left of it in GDB or Delve",
		usage:   exitVit,
		help: `
Boots the kernel as 'vit run' does. When it panics or triple-faults, the machine
is frozen, written to a core (--core), and ended. Then the debugger opens that:
GDB with all commands of scripts/gdb, or, with --debugger dlv, Delve. Crash it
yourself ('fault nil' at the prompt), or with --append 'run="fault nil"'.

The core is an ELF file as of a Linux process, with the kernel's virtual
addresses. Its first thread is the processor that has died, in the code that
went wrong and not in the report about it; the others are where they were
stopped. Goroutines that do not run are there, too: 'info goroutines' in GDB,
'goroutines' in Delve.

A machine that is alive: 'vit core' in another terminal. A core that is there
already: --open FILE.

Without a terminal no debugger is started, unless --debugger names it.

Exit codes: those of the debugger; without one, 0 if there is a core; and
  1      the machine ended, and its kernel had not died
  125    vit could not start QEMU or the debugger, or write the core
  128+n  vit was ended by signal n`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			m := machineFlags(f, machineDefaults{kvm: "auto"})
			r, o := &runOptions{debugExit: true, after: qemu.Prompt}, &autopsyOptions{}
			image := f.String("image", defaultImage, "boot this `file`")
			f.StringVar(&r.append, "append", "", "the kernel command line: `words`")
			f.StringVar(&r.display, "display", "none", "where the screen appears: none, curses, gtk, sdl (`type`)")
			f.StringVar(&r.debug, "debug-elf", defaultDebug, "ELF64 `file` of the kernel")
			f.StringVar(&r.socket, "qmp", defaultSocket, "serve QMP on this unix `socket`; empty: do not")
			f.StringVar(&r.serialLog, "serial-log", "", "write the serial line to this `file`, too")
			f.StringVar(&r.core, "core", defaultCore, "write the core to this `file`")
			f.StringVar(&o.open, "open", "", "boot nothing: open the core in this `file`")
			f.StringVar(&o.debugger, "debugger", "", "gdb, dlv or none; default: gdb if this is a terminal (`name`)")
			f.StringVar(&o.gdb, "gdb", os.Getenv("VIT_GDB"), "GDB's `program` (environment: VIT_GDB)")
			f.StringVar(&o.dlv, "dlv", os.Getenv("VIT_DLV"), "Delve's `program` (environment: VIT_DLV; default: "+defaultDelve+", else dlv from PATH)")
			return func(s streams, args []string) int {
				code, err := autopsy(s, m, r, o, *image, args)
				if err != nil {
					return fail(s, "autopsy", code, err)
				}
				return code
			}
		},
	}
}

// autopsy is the body of 'vit autopsy'.
func autopsy(s streams, m *machineOptions, r *runOptions, o *autopsyOptions, image string, args []string) (int, error) {
	open, err := o.opener(s)
	if err != nil {
		return exitVit, err
	}
	name := o.open
	if name == "" {
		name = r.core
		if code, err := dissect(s, m, r, image); code != exitOK || err != nil {
			return code, err
		}
	} else if err := checkCore(name); err != nil {
		return exitVit, err
	}
	if open == nil {
		return exitOK, nil
	}
	return exitVit, open(r.debug, name, args)
}

// checkCore refuses a file that is no core, or not all of one.
func checkCore(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	f, err := elf.NewFile(file)
	if err != nil || f.Type != elf.ET_CORE {
		return fmt.Errorf("%s is no core: 'vit core' and 'vit autopsy' write them", name)
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	for _, p := range f.Progs {
		if end := p.Off + p.Filesz; end > uint64(info.Size()) {
			return fmt.Errorf("%s is the beginning of a core: it has %d bytes, and needs %d or more", name, info.Size(), end)
		}
	}
	return nil
}

// dissect boots the image, waits for its death and writes the core.
func dissect(s streams, m *machineOptions, r *runOptions, image string) (int, error) {
	file := coreFile{name: r.core, kernel: r.debug}
	died, failed := false, error(nil)
	r.onDeath = func(machine *qemu.Machine, f *qemu.Fault) {
		died, failed = true, file.write(machine.QMP(), f)
		machine.Quit()
	}
	code, err := run(s, m, r, []string{image})
	switch {
	case died && failed != nil:
		return exitVit, failed
	case died:
		fmt.Fprintln(s.err)
		file.tell(s.err)
		return exitOK, nil
	case err != nil:
		return code, err
	}
	return exitFailed, errors.New("the machine ended, and its kernel had not died: there is no core")
}

// opener returns a function that opens a core; nil if nobody wants to.
func (o *autopsyOptions) opener(s streams) (func(kernel, core string, args []string) error, error) {
	debugger := o.debugger
	if debugger == "" {
		debugger = "none"
		if terminal.Is(s.in) {
			debugger = "gdb"
		}
	}
	switch debugger {
	case "none":
		return nil, nil
	case "gdb":
		path, err := findGDB(o.gdb)
		if err != nil {
			return nil, err
		}
		return func(kernel, core string, args []string) error {
			debugELF, err := filepath.Abs(kernel)
			if err != nil {
				return err
			}
			line := append([]string{"-q", "-x", gdbInit, "-ex", "core-file " + core}, args...)
			return become(path, line, "VITRINE_DEBUG_ELF="+debugELF)
		}, nil
	case "dlv":
		path, err := findDelve(o.dlv)
		if err != nil {
			return nil, err
		}
		return func(kernel, core string, args []string) error {
			// A Go that is newer than this Delve is worth a try.
			return become(path, append([]string{"core", kernel, core, "--check-go-version=false"}, args...))
		}, nil
	}
	return nil, fmt.Errorf("--debugger is gdb, dlv or none, not %q", debugger)
}

// become makes another program of this process. Somebody in here may still be
// waiting for a key that is meant for the machine; no thread of that remains.
func become(path string, args []string, environment ...string) error {
	err := syscall.Exec(path, append([]string{path}, args...), append(os.Environ(), environment...))
	return fmt.Errorf("%s: %w", path, err)
}

// findDelve returns the path of Delve's program.
func findDelve(name string) (string, error) {
	names := []string{name}
	if name == "" {
		names = []string{"./" + defaultDelve, "dlv"}
	}
	for _, n := range names {
		if path, err := exec.LookPath(n); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Delve: 'make " + defaultDelve + "' builds one")
}
