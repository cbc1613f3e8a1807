package main

import (
	"errors"
	"flag"

	"vitrine/tools/iso"
)

// isoCommand is 'vit iso'.
func isoCommand() command {
	return command{
		name:    "iso",
		args:    "[image]",
		summary: "make an ISO that boots on BIOS and UEFI, with GRUB",
		help: `
The ISO starts image (default ` + defaultImage + `) in one of three ways, which its
menu offers:

	0  Multiboot 2, framebuffer   graphics set up by the boot loader
	1  Multiboot 2, text          the VGA text screen
	2  Multiboot 1, text          as QEMU's -kernel does it

Without a choice it starts 0 on UEFI, which has no text screen, and 1 on BIOS.

Exit codes: 0 done; 1 GRUB's tools are missing or failed; 2 wrong command line.`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			var m iso.Menu
			var out string
			f.StringVar(&out, "o", defaultISO, "write the ISO to `file`")
			f.StringVar(&m.Append, "append", "", "the kernel command line: `words`")
			f.IntVar(&m.Timeout, "timeout", 2, "how long the menu waits, in `seconds`; 0: no menu")
			f.IntVar(&m.Entry, "default", iso.ByFirmware, "what is started without a choice: 0, 1 or 2 (`entry`)")
			return func(s streams, args []string) int {
				image := defaultImage
				switch {
				case len(args) > 1:
					return fail(s, "iso", exitUsage, errors.New("more than one image given"))
				case len(args) == 1:
					image = args[0]
				}
				if err := m.Check(); err != nil {
					return fail(s, "iso", exitUsage, err)
				}
				if err := iso.Make(image, out, m); err != nil {
					return fail(s, "iso", exitFailed, err)
				}
				return exitOK
			}
		},
	}
}
