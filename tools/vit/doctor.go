package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"vitrine/tools/vit/doctor"
)

// doctorCommand is 'vit doctor'.
func doctorCommand() command {
	return command{
		name:    "doctor",
		summary: "say what this host lacks, and the command that installs it",
		help: `
Looks for the programs and files that a purpose needs:

	build  Go, make, the GNU assembler and linker
	run    and QEMU
	debug  and GDB
	iso    GRUB with its modules for BIOS and UEFI, xorriso, mtools
	test   all of these, and UEFI firmware
	all    the same

With --install, what is missing is installed with apt-get, dnf or pacman,
through sudo unless this is root.

Exit codes: 0 nothing is missing (any more); 1 something is, or the
installation failed; 2 wrong command line.`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			purpose := f.String("for", "all", "the `purpose`: build, run, debug, iso, test or all")
			install := f.Bool("install", false, "install what is missing")
			asJSON := f.Bool("json", false, "print the findings as JSON")
			quiet := f.Bool("quiet", false, "print nothing if nothing is missing")
			stamp := f.String("stamp", "", "if nothing is missing, write the names of the files found to `file`")
			return func(s streams, args []string) int {
				if len(args) > 0 {
					return fail(s, "doctor", exitUsage, errors.New("takes no arguments"))
				}
				needs, err := doctor.For(*purpose)
				if err != nil {
					return fail(s, "doctor", exitUsage, err)
				}
				report := doctor.Examine(*purpose, needs)
				if *install && !report.OK {
					if err := installMissing(s, report); err != nil {
						return fail(s, "doctor", exitFailed, err)
					}
					report = doctor.Examine(*purpose, needs)
				}
				if report.OK && *stamp != "" {
					if err := os.WriteFile(*stamp, []byte(strings.Join(report.Files(), "\n")+"\n"), 0o644); err != nil {
						return fail(s, "doctor", exitFailed, err)
					}
				}
				switch {
				case *asJSON:
					e := json.NewEncoder(s.out)
					e.SetIndent("", "  ")
					e.Encode(report)
				case !*quiet || !report.OK:
					report.Print(s.out)
				}
				if !report.OK {
					return exitFailed
				}
				return exitOK
			}
		},
	}
}

// installMissing installs what the report lacks and shows how.
func installMissing(s streams, r doctor.Report) error {
	command, err := r.InstallCommand()
	if err != nil {
		r.Print(s.err)
		return err
	}
	fmt.Fprintf(s.err, "vit: %s: missing %s; installing:\n", r.Purpose, strings.Join(r.Missing(), ", "))
	for _, c := range command {
		fmt.Fprintln(s.err, "  "+strings.Join(c, " "))
	}
	return doctor.Install(command, s.in, s.err)
}
