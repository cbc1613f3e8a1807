// Vit is Vitrine's host tool: it builds the bootable image, runs it in QEMU,
// runs Go tests on the bare machine, talks to a running machine, measures, and
// says what the host lacks.
//
//	vit help            the list of commands
//	vit help COMMAND    what a command does, its flags, its exit codes
//
// This file has the list of commands; each has a file of its own.
package main

import (
	"fmt"
	"os"

	"vitrine/tools/vit/terminal"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == terminal.GuardCommand {
		if err := terminal.Guard(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "vit:", err)
			os.Exit(exitFailed)
		}
		return
	}
	os.Exit(dispatch(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// commands returns every command, in the order in which help lists them.
func commands() []command {
	return []command{
		imageCommand(),
		runCommand(),
		debugCommand(),
		autopsyCommand(),
		coreCommand(),
		execCommand(),
		isoCommand(),
		qmpCommand(),
		addr2lineCommand(),
		benchCommand(),
		bookCommand(),
		doctorCommand(),
	}
}
