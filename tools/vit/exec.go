package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vitrine/tools/image"
)

// execGrace is how much longer than the program's own time limit the machine
// may run: the program knows better what hangs, and says so.
const execGrace = 20 * time.Second

// maxCommandLine is how long a command line the kernel takes, in bytes, less
// room for the name that QEMU puts in front (boot/multiboot, MaxCommandLine).
const maxCommandLine = 4096 - 32

// execCommand is 'vit exec'.
func execCommand() command {
	return command{
		name:    "exec",
		args:    "program [arguments]",
		summary: "run a Go program on the bare machine; the runner for 'go test -exec'",
		usage:   exitVit,
		help: `
Wraps program (an ELF64 built with GOOS=tamago) with the boot stub, boots it
in QEMU, copies what it prints to the standard output, and returns its exit
code. Nothing else goes to the standard output. For example

	go test -exec "$PWD/build/vit exec" ./mm/...

The arguments reach the program as os.Args[1:]. The kernel command line is

	console=test panic=exit -- arg1 arg2 ...

where a byte of an argument that is a blank, a quote, a backslash, '%', a
control character or not ASCII is written as %XX, and an empty argument as "".

The flag -test.timeout of a test binary bounds the run: the binary gets it,
and the machine is stopped 20 s later at the latest. Flags that make the
program write or read a file of the host are refused: there is no such file.

Time in the machine is counted in instructions (--icount): runs repeat exactly,
and sleeping costs no time. A benchmark's ns/op, divided by 8, are instructions;
with --icount off they are time.

The boot stub is the file boot.elf next to vit; --stub names another.

` + exitCodes,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			m := machineFlags(f, machineDefaults{icount: "3", kvm: "off"})
			stub := f.String("stub", "", "the boot stub's `file` (default: boot.elf next to vit)")
			kernelArgs := f.String("append", "", "`words` for the kernel command line, before the program's arguments")
			return func(s streams, args []string) int {
				if len(args) == 0 {
					return fail(s, "exec", exitVit, errors.New("no program given"))
				}
				code, err := runProgram(s, m, *stub, *kernelArgs, args)
				if err != nil {
					return fail(s, "exec", code, err)
				}
				return code
			}
		},
	}
}

// runProgram boots args[0] with the arguments args[1:].
func runProgram(s streams, m *machineOptions, stub, words string, args []string) (int, error) {
	passed, limit, err := testFlags(args[1:])
	if err != nil {
		return exitVit, err
	}
	if stub == "" {
		if stub, err = besideVit("boot.elf"); err != nil {
			return exitVit, err
		}
	}
	kernel, err := programImage(stub, args[0])
	if err != nil {
		return exitVit, err
	}
	defer kernel.Close()
	c, err := m.config()
	if err != nil {
		return exitVit, err
	}
	if err := m.accelerate(s, &c); err != nil {
		return exitVit, err
	}
	if m.timeout > 0 {
		c.Timeout = m.timeout
	} else if limit > 0 {
		c.Timeout = limit + execGrace
	}
	c.KernelFile, c.DebugExit, c.SerialOut = kernel, true, s.out
	if c.Append, err = commandLine(words, passed); err != nil {
		return exitVit, err
	}
	return supervise(s, c, supervision{program: true, symbols: []string{args[0], stub}})
}

// commandLine returns the kernel command line for a program's arguments.
//
// Errors: it is longer than the kernel takes.
func commandLine(words string, args []string) (string, error) {
	line := []string{"console=test", "panic=exit"}
	if words != "" {
		line = append(line, words)
	}
	line = append(line, "--")
	for _, a := range args {
		line = append(line, encode(a))
	}
	out := strings.Join(line, " ")
	if len(out) > maxCommandLine {
		return "", fmt.Errorf("the arguments are too long: a command line of %d bytes, and the kernel takes %d", len(out), maxCommandLine)
	}
	return out, nil
}

// encode writes an argument as one word of printable ASCII.
func encode(arg string) string {
	if arg == "" {
		return `""`
	}
	var b strings.Builder
	for i := range len(arg) {
		if c := arg[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`%"'\\`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// besideVit returns the path of a file next to this program.
func besideVit(name string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(self), name)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("no %s: 'make build' makes it", path)
	}
	return path, nil
}

// programImage makes a bootable image of program in a file that has no name:
// it is gone when it is closed.
func programImage(stubFile, program string) (*os.File, error) {
	stub, err := os.ReadFile(stubFile)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	merged, _, err := image.Build(stub, data)
	if err != nil {
		return nil, fmt.Errorf("%s with %s: %w", program, stubFile, err)
	}
	return unnamedFile(merged)
}

// unnamedFile returns an open file with the given content and no name.
func unnamedFile(data []byte) (*os.File, error) {
	f, err := os.CreateTemp("", "vit-")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return nil, err
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, err
}
