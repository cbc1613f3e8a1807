package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"vitrine/tools/vit/bench"
)

// benchCommand is 'vit bench'.
func benchCommand() command {
	return command{
		name:    "bench",
		args:    "[name ...]",
		summary: "measure: build, boot, idle, keys, and the kernel's own benchmarks",
		help: `
Run it in the repository's top folder, after 'make build'. It prints a table,
and writes the same as JSON to the file of -o. Names select what begins with
them: derive, build, image, boot, idle, key, kernel.

Where the project has set itself a target, it is shown, and whether it is
missed. The column INSTRUCTIONS is the number of the guest's instructions: it
does not depend on the host, while times do, and on how busy it is.

Exit codes: 0 measured; 1 something could not be measured or, with --check, a
target is missed; 2 wrong command line.`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			o := bench.Options{}
			out := f.String("o", "build/bench.json", "write JSON to `file`; empty: do not")
			f.StringVar(&o.Image, "image", defaultImage, "the bootable image (`file`)")
			f.BoolVar(&o.Quick, "quick", false, "leave out what takes long: toolchain, builds")
			f.StringVar(&o.Binary, "qemu", os.Getenv("VIT_QEMU"), "QEMU's `program` (environment: VIT_QEMU)")
			check := f.Bool("check", false, "fail if a target is missed")
			asJSON := f.Bool("json", false, "print JSON in place of the table")
			return func(s streams, args []string) int {
				o.Names = args
				o.Progress = func(name string) {
					fmt.Fprintf(s.err, "measuring %s\n", strings.TrimSuffix(name, "."))
				}
				if err := runBench(s, o, *out, *asJSON, *check); err != nil {
					return fail(s, "bench", exitFailed, err)
				}
				return exitOK
			}
		},
	}
}

// runBench measures, prints and stores.
func runBench(s streams, o bench.Options, out string, asJSON, check bool) error {
	var err error
	if o.Root, err = os.Getwd(); err != nil {
		return err
	}
	if o.Image, err = filepath.Abs(o.Image); err != nil {
		return err
	}
	if _, err := os.Stat(o.Image); err != nil {
		return fmt.Errorf("no image %s: 'make build' makes it", o.Image)
	}
	report, failed := bench.Run(o)
	if asJSON {
		report.WriteJSON(s.out)
	} else {
		report.WriteTable(s.out)
	}
	if failed != nil {
		return failed
	}
	if out != "" {
		var b strings.Builder
		if err := report.WriteJSON(&b); err != nil {
			return err
		}
		if err := writeFile(out, []byte(b.String())); err != nil {
			return err
		}
	}
	if missed := report.Missed(); check && len(missed) > 0 {
		return fmt.Errorf("%d targets are missed, the first is %s", len(missed), missed[0].Name)
	}
	return nil
}
