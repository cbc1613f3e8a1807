package main

import (
	"errors"
	"flag"
)

// runCommand is 'vit run'.
func runCommand() command {
	return command{
		name:    "run",
		args:    "[vitrine.elf]",
		summary: "boot an image in QEMU, with its serial line on this terminal",
		usage:   exitVit,
		help:    exitCodes,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			m := machineFlags(f, machineDefaults{kvm: "off"})
			words := f.String("append", "", "the kernel command line: `words`")
			debugExit := f.Bool("debug-exit", true, "let the kernel end QEMU with an exit code (isa-debug-exit)")
			return func(s streams, args []string) int {
				if len(args) > 1 {
					return fail(s, "run", exitVit, errors.New("more than one image given"))
				}
				c, err := m.config(s)
				if err != nil {
					return fail(s, "run", exitVit, err)
				}
				c.Kernel = "build/vitrine.elf"
				if len(args) == 1 {
					c.Kernel = args[0]
				}
				c.Append, c.DebugExit, c.SerialOut, c.Reboot = *words, *debugExit, s.out, true
				code, err := supervise(s, c, supervision{symbols: []string{c.Kernel}})
				if err != nil {
					return fail(s, "run", code, err)
				}
				return code
			}
		},
	}
}
