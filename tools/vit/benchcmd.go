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
them: derive, build, image, boot, idle, key, kernel, cpus, console, gc;
more closely, as kernel.frame or boot.stage.apic.

Where the project has set itself a target, it is shown, and whether it is
missed. The column INSTRUCTIONS is the number of the guest's instructions: it
does not depend on the host, while times do, and on how busy it is. Where single
events are measured, VALUE and INSTRUCTIONS are of the median; two columns have
what 999 of 1000 keep to, and the worst.

With --base there are also the figures of another image, measured in turn with
this one, or of an earlier report. --doc writes the whole table into a document,
docs/benchmarks.md for one, and so goes with no names.

Exit codes: 0 measured; 1 something could not be measured or, with --check, a
target is missed; 2 wrong command line.`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			o := bench.Options{}
			out := f.String("o", "build/bench.json", "write JSON to `file`; empty: do not")
			f.StringVar(&o.Image, "image", defaultImage, "the bootable image (`file`)")
			f.StringVar(&o.ISO, "iso", "build/bench.iso", "an ISO that starts its menu's entry 0 at once, for the framebuffer (`file`); not there: without")
			f.StringVar(&o.Base, "base", "", "compare with another image, or with a report as JSON (`file`)")
			doc := f.String("doc", "", "write the table into this Markdown `file`")
			f.BoolVar(&o.Quick, "quick", false, "leave out what takes long: toolchain, builds")
			f.StringVar(&o.Binary, "qemu", os.Getenv("VIT_QEMU"), "QEMU's `program` (environment: VIT_QEMU)")
			check := f.Bool("check", false, "fail if a target is missed")
			asJSON := f.Bool("json", false, "print JSON in place of the table")
			return func(s streams, args []string) int {
				o.Names = args
				o.Progress = func(name string) {
					fmt.Fprintf(s.err, "measuring %s\n", strings.TrimSuffix(name, "."))
				}
				if err := runBench(s, o, *out, *doc, *asJSON, *check); err != nil {
					return fail(s, "bench", exitFailed, err)
				}
				return exitOK
			}
		},
	}
}

// checkDocument looks, before minutes have been spent, whether the table can be
// written into doc, which is to have all of it; "": there is none.
func checkDocument(o bench.Options, doc string) error {
	if doc == "" {
		return nil
	}
	if len(o.Names) > 0 || o.Quick {
		return fmt.Errorf("the table in %s is of all measurements: --doc goes neither with names nor with --quick", doc)
	}
	text, err := os.ReadFile(doc)
	if err != nil {
		return err
	}
	if _, err := (bench.Report{}).UpdateDocument(string(text)); err != nil {
		return fmt.Errorf("%s: %w", doc, err)
	}
	return nil
}

// runBench measures, prints and stores.
func runBench(s streams, o bench.Options, out, doc string, asJSON, check bool) error {
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
	if err := checkDocument(o, doc); err != nil {
		return err
	}
	report, failed := bench.Run(o)
	if failed != nil && len(report.Measurements) == 0 {
		return failed
	}
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
	if doc != "" {
		text, err := os.ReadFile(doc)
		if err != nil {
			return err
		}
		changed, err := report.UpdateDocument(string(text))
		if err != nil {
			return fmt.Errorf("%s: %w", doc, err)
		}
		if err := writeFile(doc, []byte(changed)); err != nil {
			return err
		}
	}
	if missed := report.Missed(); check && len(missed) > 0 {
		return fmt.Errorf("%d targets are missed, the first is %s", len(missed), missed[0].Name)
	}
	return nil
}
