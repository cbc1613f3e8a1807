package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"syscall"

	"vitrine/tools/core"
	"vitrine/tools/qemu"
	"vitrine/tools/qemu/symbol"
)

// defaultCore is where 'make autopsy' writes a core.
const defaultCore = "build/vitrine.core"

// coreCommand is 'vit core'.
func coreCommand() command {
	return command{
		name:    "core",
		args:    "[file]",
		summary: "write the memory of a running machine as a core for GDB and Delve",
		help: `
Writes the machine as it is now to file (default ` + defaultCore + `): an ELF
core, as of a Linux process, with the kernel's virtual addresses, and a thread
for each processor. A machine that runs is stopped for a moment and goes
on; one that has panicked or triple-faulted shows the place where it did.

	vit autopsy --open ` + defaultCore + `
	dlv core build/vitrine.debug.elf ` + defaultCore + `

The machine is one that 'vit run' or 'vit debug' runs. The kernel's ELF64 file
must be the one that it booted.

Zeros take no room on the disk, so the file is smaller than it says.

Exit codes: 0 done; 1 no machine there, the wrong kernel, no room; 2 wrong
command line.`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			socket := f.String("qmp", defaultSocket, "the machine's QMP unix `socket`")
			debug := f.String("debug-elf", defaultDebug, "ELF64 `file` of the kernel in the machine")
			return func(s streams, args []string) int {
				name := defaultCore
				switch len(args) {
				case 0:
				case 1:
					name = args[0]
				default:
					return fail(s, "core", exitUsage, errors.New("more than one file given"))
				}
				q, err := qemu.DialQMP(*socket)
				if err != nil {
					return fail(s, "core", exitFailed, err)
				}
				defer q.Close()
				c := coreFile{name: name, kernel: *debug}
				if err := c.write(q, nil); err != nil {
					return fail(s, "core", exitFailed, err)
				}
				c.tell(s.err)
				return exitOK
			}
		},
	}
}

// coreFile is a core that is to be written, or has been.
type coreFile struct {
	name, kernel string // files
	summary      core.Summary
}

// write dumps the machine, which triple-faulted if fault is not nil, and makes a
// core of that. If it fails there is no file of that name.
func (c *coreFile) write(q *qemu.QMP, fault *qemu.Fault) error {
	kernel, err := core.OpenKernel(c.kernel)
	if err != nil {
		return err
	}
	dump := c.name + ".dump" // on the same disk
	os.Remove(dump)
	defer os.Remove(dump)
	if err := q.Dump(dump); err != nil {
		return err
	}
	in, err := os.Open(dump)
	if err != nil {
		return err
	}
	defer in.Close()
	machine, err := core.ReadDump(in)
	if err != nil {
		return fmt.Errorf("%s: %w", dump, err)
	}
	os.Remove(c.name)
	out, err := os.Create(c.name)
	if err != nil {
		return err
	}
	c.summary, err = core.Write(out, machine, kernel, triple(fault))
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err == nil {
		return nil
	}
	os.Remove(c.name)
	if errors.Is(err, core.ErrOtherKernel) {
		return fmt.Errorf("%s: %w", c.kernel, err)
	}
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("%w: the machine's memory has to fit twice for a moment", err)
	}
	return err
}

// triple returns where a triple fault began.
func triple(f *qemu.Fault) *core.Fault {
	if f == nil || len(f.Chain) == 0 {
		return nil
	}
	return &core.Fault{IP: f.PC, SP: f.SP, Vector: int(f.Chain[0].Vector)}
}

// tell says what the core is, and how to open it.
func (c *coreFile) tell(w io.Writer) {
	sum := &c.summary
	for _, line := range sum.Report {
		fmt.Fprintf(w, "  %s\n", line)
	}
	state := "the machine was alive"
	if sum.Died {
		state = "the machine died"
	}
	where := fmt.Sprintf("%#x", sum.IP)
	if place := symbol.Explainer(c.kernel, defaultStub)(sum.IP); place != "" {
		where = place
	}
	fmt.Fprintf(w, "vit: %s has the machine; %s at %s\n", c.name, state, where)
	switch {
	case sum.Early:
		fmt.Fprintln(w, "vit: the kernel did not run yet: there are no goroutines in it")
	case sum.Cut:
		fmt.Fprintln(w, "vit: the page tables are damaged, or lead in circles: the core has a part of what they map")
	}
	fmt.Fprintf(w, "vit: open it with\n  build/vit autopsy --open %s\n  dlv core %s %s\n", c.name, c.kernel, c.name)
}
