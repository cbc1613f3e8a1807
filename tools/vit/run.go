package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"vitrine/tools/qemu"
	"vitrine/tools/vit/terminal"
)

// Files of the build that commands use unless told otherwise.
const (
	defaultImage  = "build/vitrine.elf"
	defaultDebug  = "build/vitrine.debug.elf"
	defaultStub   = "build/boot.elf"
	defaultISO    = "build/vitrine.iso"
	defaultSocket = "build/qmp.sock"
	defaultSerial = "build/serial.log"
)

// runOptions are the flags of 'vit run' beyond those of the machine.
type runOptions struct {
	append, iso, display, debug, socket, serialLog string
	core, after                                    string
	onDeath                                        func(*qemu.Machine, *qemu.Fault) // instead of writing core
	uefi, debugExit, noReboot, noWait              bool
	gdb                                            int
	gdbSocket                                      string // see debug.go
}

// runCommand is 'vit run'.
func runCommand() command {
	return command{
		name:    "run",
		args:    "[image]",
		summary: "boot Vitrine in QEMU, with its serial line on this terminal",
		usage:   exitVit,
		help: `
Boots image (default ` + defaultImage + `). What the kernel writes to its serial
line appears here, and what is typed here goes to it; Ctrl-C, too. Ctrl-A is
vit's own key:

	Ctrl-A X       quit
	Ctrl-A R       reset the machine
	Ctrl-A P       press the power button
	Ctrl-A S       screenshot, as a PNG file in this folder
	Ctrl-A Ctrl-A  type a Ctrl-A
	Ctrl-A H       list these

Input from a pipe or a file is kept until the shell's prompt appears; its end
does not end the machine:

	printf 'cpus\npoweroff\n' | vit run

With --display curses the VGA text screen appears here instead, and keys go to
the PS/2 keyboard; the serial line goes to the file of --serial-log. With gtk
or sdl the screen is a window.

With --gdb PORT the machine waits for GDB ('target remote :PORT') before its
first instruction.

While the machine runs, 'vit qmp' can talk to it.

With --core FILE, a machine whose kernel panics or that triple-faults is frozen
and written to FILE, for GDB and Delve; see 'vit help autopsy'. After a panic it
then goes on with what panic= says. (Vit learns of a panic by QEMU's device
pvpanic, which the machine has only then.)

If it triple-faults, it is stopped and the chain of exceptions is shown, with
the function and line of the first. The terminal is restored and QEMU is ended
whatever way vit ends.

` + exitCodes,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			m := machineFlags(f, machineDefaults{kvm: "auto"})
			o := &runOptions{}
			f.StringVar(&o.append, "append", "", "the kernel command line: `words`")
			f.StringVar(&o.iso, "iso", "", "boot this ISO `file` instead, through its own boot loader")
			f.BoolVar(&o.uefi, "uefi", false, "start with UEFI firmware (OVMF); with --iso")
			f.StringVar(&o.display, "display", "none", "where the screen appears: none, curses, gtk, sdl (`type`)")
			f.IntVar(&o.gdb, "gdb", 0, "serve GDB at this TCP `port` and wait for it")
			f.BoolVar(&o.noWait, "gdb-no-wait", false, "with --gdb: start at once")
			f.BoolVar(&o.debugExit, "debug-exit", true, "let the kernel end QEMU with an exit code (isa-debug-exit, port 0xf4)")
			f.BoolVar(&o.noReboot, "no-reboot", false, "end when the machine resets itself")
			f.StringVar(&o.debug, "debug-elf", defaultDebug, "ELF64 `file` that explains addresses")
			f.StringVar(&o.socket, "qmp", defaultSocket, "serve QMP on this unix `socket`; empty: do not")
			f.StringVar(&o.after, "input-after", qemu.Prompt, "keep input that is no terminal until the machine has written this `text`")
			f.StringVar(&o.core, "core", "", "write a core to this `file` when the kernel dies")
			f.StringVar(&o.serialLog, "serial-log", "", "write the serial line to this `file`, too (with curses: default "+defaultSerial+")")
			return func(s streams, args []string) int {
				code, err := run(s, m, o, args)
				if err != nil {
					return fail(s, "run", code, err)
				}
				return code
			}
		},
	}
}

// run is the body of 'vit run'.
func run(s streams, m *machineOptions, o *runOptions, args []string) (int, error) {
	c, err := m.config()
	if err != nil {
		return exitVit, err
	}
	if err := o.complete(&c, args); err != nil {
		return exitVit, err
	}
	if c.Display == "curses" && !terminal.Is(s.in) {
		return exitVit, errors.New("--display curses needs a terminal, and the standard input is none")
	}
	if err := c.Check(); err != nil {
		return exitVit, err
	}
	if err := m.accelerate(s, &c); err != nil {
		return exitVit, err
	}
	out, err := o.serial(s)
	if err != nil {
		return exitVit, err
	}
	defer out.Close()
	c.SerialOut = out
	if o.core != "" {
		if err := (&coreFile{name: o.core}).ready(); err != nil {
			return exitVit, err
		}
	}
	switch {
	case o.onDeath != nil:
		c.OnDeath = o.onDeath
	case o.core != "":
		c.OnDeath = o.writeCore(s)
	}
	greet(s, &c)
	return supervise(s, c, supervision{
		terminal: true,
		after:    o.after,
		symbols:  []string{o.debug, defaultStub},
	})
}

// writeCore returns what to do when the kernel dies.
func (o *runOptions) writeCore(s streams) func(*qemu.Machine, *qemu.Fault) {
	return func(m *qemu.Machine, f *qemu.Fault) {
		file := coreFile{name: o.core, kernel: o.debug}
		if err := file.write(m.QMP(), f); err != nil {
			fmt.Fprintf(s.err, "\nvit run: no core: %v\n", err)
			return
		}
		fmt.Fprintln(s.err)
		file.tell(s.err)
	}
}

// complete adds to c what the options say.
func (o *runOptions) complete(c *qemu.Config, args []string) error {
	switch {
	case len(args) > 1:
		return errors.New("more than one image given")
	case len(args) == 1 && o.iso != "":
		return errors.New("--iso and an image given")
	case o.uefi && o.iso == "":
		return errors.New("--uefi needs --iso: UEFI firmware boots no bare kernel")
	case o.iso != "":
		c.ISO = o.iso
	case len(args) == 1:
		c.Kernel = args[0]
	default:
		c.Kernel = defaultImage
	}
	if o.iso != "" && o.append != "" {
		return errors.New("--append does not reach a kernel that a boot loader starts: give it to 'vit iso'")
	}
	switch o.display {
	case "none", "curses", "gtk", "sdl":
		c.Display = o.display
	default:
		return fmt.Errorf("--display is none, curses, gtk or sdl, not %q", o.display)
	}
	if o.gdb < 0 || o.gdb > 65535 {
		return fmt.Errorf("--gdb: %d is no TCP port", o.gdb)
	}
	if o.display == "curses" && o.serialLog == "" {
		o.serialLog = defaultSerial
	}
	if _, err := os.Stat(filepath.Dir(o.socket)); err == nil {
		c.QMPSocket = o.socket
	}
	c.Append, c.UEFI, c.DebugExit, c.Reboot = o.append, o.uefi, o.debugExit, !o.noReboot
	c.GDB, c.GDBSocket = o.gdb, o.gdbSocket
	c.Frozen = c.Debugged() && !o.noWait
	return nil
}

// greet says how to get out, and what is different today.
func greet(s streams, c *qemu.Config) {
	var say []string
	if c.GDB != 0 {
		say = append(say, fmt.Sprintf("GDB can connect to port %d", c.GDB))
	}
	if c.GDBSocket != "" {
		say = append(say, "GDB can connect: make debug-attach")
	}
	if terminal.Is(s.in) {
		say = append(say, "Ctrl-A X quits, Ctrl-A H lists more")
	}
	if len(say) > 0 {
		fmt.Fprintf(s.err, "vit: %s\n", strings.Join(say, "; "))
	}
}
