package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"

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
				c := coreFile{name: name, kernel: *debug}
				if err := c.ready(); err != nil {
					return fail(s, "core", exitFailed, err)
				}
				q, err := qemu.DialQMP(*socket)
				if err != nil {
					return fail(s, "core", exitFailed, err)
				}
				defer q.Close()
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

// ready makes sure that there can be a core, as long as there is a machine that
// has not died for it.
//
// Errors: what is there now is no file, such as a folder or a device; or no file
// can be made beside it.
func (c *coreFile) ready() error {
	if info, err := os.Stat(c.name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is there, and is no file that a core could replace", c.name)
	}
	probe, err := c.temporary()
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		err = path.Err // the name is that of the core
	}
	if err != nil {
		return fmt.Errorf("there can be no core %s: %w", c.name, err)
	}
	return os.Remove(probe)
}

// temporary makes an empty file beside the core, which no other vit uses.
func (c *coreFile) temporary() (string, error) {
	f, err := os.CreateTemp(filepath.Dir(c.name), "."+filepath.Base(c.name)+".*")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// write dumps the machine, which triple-faulted if fault is not nil, and makes a
// core of that. If it fails, a file of that name is what it was.
func (c *coreFile) write(q *qemu.QMP, fault *qemu.Fault) error {
	kernel, err := core.OpenKernel(c.kernel)
	if err != nil {
		return err
	}
	if err := c.ready(); err != nil {
		return err
	}
	dump, err := c.temporary()
	if err != nil {
		return err
	}
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
	name, err := c.temporary()
	if err != nil {
		return err
	}
	defer os.Remove(name)
	out, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	c.summary, err = core.Write(out, machine, kernel, triple(fault))
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err == nil {
		return os.Rename(name, c.name)
	}
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
	fmt.Fprintf(w, "vit: open it with\n  build/vit autopsy --open %s\n  dlv core %s %s\n", typed(c.name), typed(c.kernel), typed(c.name))
}

// typed returns a file's name as a shell wants it.
func typed(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool {
		return !strings.ContainsRune("/._-+:,@%", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return name
}
