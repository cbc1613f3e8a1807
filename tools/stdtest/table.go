package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const tableIntro = `# The standard library as witness

Go's own tests of its standard library, run on the bare machine: each package's test binary is a kernel, in a machine of its own, under
QEMU. This page is written by

` + "```" + `
make test-std
` + "```" + `

which takes long, and fails if a test fails that is not named here. ` + "`make test`" + ` runs some of the packages.
[HACKING](HACKING.md#the-standard-librarys-tests) says how to run one, [decision 17](decisions/0017-witness.md) how it works.

The tests are run with -short. Numbers are tests, examples and seeds of fuzz tests; subtests are not counted.

`

// writeTable writes the page of some runs, each with another Go.
func writeTable(out string, files []string) error {
	if out == "" || len(files) == 0 {
		return errors.New("table: no -o, or no results")
	}
	var runs []*results
	for _, f := range files {
		r, err := load(f)
		if err != nil {
			return err
		}
		runs = append(runs, r)
	}
	return writeFile(out, page(runs))
}

// page is the page's text.
func page(runs []*results) string {
	var b strings.Builder
	b.WriteString(tableIntro)
	row(&b, "Go", "packages passed", "failed", "left out", "tests passed", "failed", "skipped")
	row(&b, "---", "---", "---", "---", "---", "---", "---")
	for _, r := range runs {
		c := r.count()
		row(&b, r.Go, c.ok, c.bad, c.out, c.passed, c.failed, c.skipped)
	}
	writePackages(&b, runs)
	b.WriteString("\n## Left out\n\nOf these packages nothing is run.\n\n")
	writeSkips(&b, runs, skip.whole)
	b.WriteString("\n## Skipped\n\nTests that cannot pass, and those that skip themselves, with what they say.\n\n")
	writeSkips(&b, runs, func(s skip) bool { return !s.whole() })
	return b.String()
}

// row writes a row of a table.
func row(b *strings.Builder, cells ...any) {
	for _, c := range cells {
		text := strings.ReplaceAll(fmt.Sprint(c), "|", `\|`)
		fmt.Fprintf(b, "| %s ", strings.NewReplacer("<", "&lt;", "*", `\*`, "`", "").Replace(text))
	}
	b.WriteString("|\n")
}

// names returns the packages of all runs.
func names(runs []*results) []string {
	all := map[string]bool{}
	for _, r := range runs {
		for name := range r.Packages {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// writePackages writes how each package fared with each Go.
func writePackages(b *strings.Builder, runs []*results) {
	b.WriteString("\n## Packages\n\n")
	head, line := []any{"Package"}, []any{"---"}
	for _, r := range runs {
		head, line = append(head, r.Go), append(line, "---")
	}
	row(b, head...)
	row(b, line...)
	for _, name := range names(runs) {
		cells := []any{name}
		run := false
		for _, r := range runs {
			o := r.Packages[name]
			cells = append(cells, o.String())
			run = run || o != nil && !o.leftOut() && !o.empty()
		}
		if run {
			row(b, cells...)
		}
	}
}

// String is an outcome in a few words.
func (o *outcome) String() string {
	switch {
	case o == nil:
		return "not run"
	case o.leftOut():
		return "left out"
	case !o.Ok && o.Failed == 0:
		return "FAILED"
	}
	words := []string{fmt.Sprintf("%d passed", o.Passed)}
	if o.Failed > 0 {
		words = append(words, fmt.Sprintf("%d FAILED", o.Failed))
	}
	if len(o.Skips) > 0 {
		words = append(words, fmt.Sprintf("%d skipped", len(o.Skips)))
	}
	return strings.Join(words, ", ")
}

// writeSkips writes the tests that were not run and that wanted accepts, those
// of a package with the same reason together.
func writeSkips(b *strings.Builder, runs []*results, wanted func(skip) bool) {
	row(b, "Package", "Tests", "Why", "With")
	row(b, "---", "---", "---", "---")
	for _, name := range names(runs) {
		with := map[skip][]string{} // by which Go a test is skipped
		for _, r := range runs {
			if o := r.Packages[name]; o != nil {
				for _, s := range o.Skips {
					with[s] = append(with[s], r.Go)
				}
			}
		}
		type group struct{ reason, releases string }
		tests := map[group][]string{}
		for s, releases := range with {
			if wanted(s) {
				g := group{s.Reason, strings.Join(releases, ", ")}
				if len(releases) == len(runs) {
					g.releases = ""
				}
				tests[g] = append(tests[g], s.Test)
			}
		}
		groups := slices.SortedFunc(maps.Keys(tests), func(a, b group) int {
			return cmp.Or(cmp.Compare(a.reason, b.reason), cmp.Compare(a.releases, b.releases))
		})
		for _, g := range groups {
			slices.Sort(tests[g])
			row(b, name, strings.Join(tests[g], " "), g.reason, g.releases)
		}
	}
}
