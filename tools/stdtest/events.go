package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// event is a line of go test -json.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build events
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
}

// outcome is what became of a package.
type outcome struct {
	Passed int     `json:"passed"` // tests, not counting subtests
	Failed int     `json:"failed"`
	Ok     bool    `json:"ok"` // all that was run has passed, and the machine ended well
	Skips  []skip  `json:"skips,omitempty"`
	Time   float64 `json:"seconds"` // host's time

	output map[string]string // of what has not ended yet, by test
	failed []string
}

// results are a run's, or several runs' with the same Go.
type results struct {
	Go       string              `json:"go"`
	Packages map[string]*outcome `json:"packages"`

	builds map[string]string // what the compiler said
}

func newResults(release string) *results {
	return &results{Go: release, Packages: map[string]*outcome{}, builds: map[string]string{}}
}

// read takes the events of go test and tells of each package as it ends.
func (r *results) read(in io.Reader, out io.Writer, verbose bool) {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		var e event
		if json.Unmarshal([]byte(line), &e) == nil {
			r.event(e, out, verbose)
		} else if line != "" {
			fmt.Fprint(out, line) // the go command itself
		}
		if err != nil {
			return
		}
	}
}

func (r *results) event(e event, out io.Writer, verbose bool) {
	if e.Action == "build-output" {
		r.builds[e.ImportPath] += e.Output
		return
	}
	o := r.Packages[e.Package]
	if o == nil {
		return
	}
	if e.Action == "output" {
		o.output[e.Test] += e.Output
		if verbose {
			fmt.Fprint(out, e.Output)
		}
		return
	}
	if e.Test == "" {
		if e.Action == "pass" || e.Action == "fail" || e.Action == "skip" {
			o.Ok, o.Time = e.Action != "fail", e.Elapsed
			r.tell(e, o, out)
		}
		return
	}
	top := !strings.Contains(e.Test, "/")
	switch e.Action {
	case "pass":
		if top {
			o.Passed++
		}
		delete(o.output, e.Test)
	case "fail":
		if top {
			o.Failed++
		}
		o.failed = append(o.failed, e.Test)
	case "skip":
		if top {
			o.Skips = append(o.Skips, skip{Package: e.Package, Test: e.Test, Reason: skipReason(o.output[e.Test])})
		}
		delete(o.output, e.Test)
	}
}

// tell writes a package's line, and what there is to say about a failure.
func (r *results) tell(e event, o *outcome, out io.Writer) {
	if o.Ok {
		fmt.Fprintf(out, "ok    %-40s %4d passed %3d skipped %6.1f s\n", e.Package, o.Passed, len(o.Skips), o.Time)
		return
	}
	fmt.Fprintf(out, "FAIL  %-40s %4d passed %3d failed\n", e.Package, o.Passed, o.Failed)
	fmt.Fprint(out, r.builds[e.FailedBuild])
	for _, test := range slices.Sorted(maps.Keys(o.output)) {
		// What has not ended well, and what was said outside of tests.
		fmt.Fprint(out, o.output[test])
	}
}

// tellLeftOut writes a line for each package of which nothing is run, with the reason.
func (r *results) tellLeftOut(out io.Writer) {
	for _, name := range slices.Sorted(maps.Keys(r.Packages)) {
		if o := r.Packages[name]; o.leftOut() {
			fmt.Fprintf(out, "--    %-40s left out: %s\n", name, o.Skips[0].Reason)
		}
	}
}

var (
	skipLine  = regexp.MustCompile(`(?m)^ *\S+_test\.go:\d+: (.*)$|^ *\w+\.go:\d+: (.*)$`)
	markLines = regexp.MustCompile(`(?m)^ *(=== |--- ).*\n?`)
)

// skipReason finds in the output of a test that has skipped itself what it said.
func skipReason(output string) string {
	if m := skipLine.FindAllStringSubmatch(output, -1); m != nil {
		last := m[len(m)-1]
		return strings.TrimSpace(last[1] + last[2])
	}
	return strings.Join(strings.Fields(markLines.ReplaceAllString(output, "")), " ")
}

func (r *results) failed() bool {
	for _, o := range r.Packages {
		if !o.Ok && !o.leftOut() {
			return true
		}
	}
	return false
}

// empty tells whether the package has only benchmarks.
func (o *outcome) empty() bool { return o.Ok && o.Passed == 0 && len(o.Skips) == 0 }

// leftOut tells whether nothing of the package is run.
func (o *outcome) leftOut() bool { return len(o.Skips) == 1 && o.Skips[0].whole() }

// count is a run in numbers.
type count struct {
	ok, bad, out            int // packages
	passed, failed, skipped int // tests
}

func (r *results) count() (c count) {
	for _, o := range r.Packages {
		switch {
		case o.leftOut():
			c.out++
			continue
		case o.empty():
			continue
		case o.Ok:
			c.ok++
		default:
			c.bad++
		}
		c.passed += o.Passed
		c.failed += o.Failed
		c.skipped += len(o.Skips)
	}
	return c
}

// summary is a run in one line.
func (r *results) summary() string {
	c := r.count()
	return fmt.Sprintf("%s: %d packages passed, %d failed, %d left out; %d tests passed, %d failed, %d skipped",
		r.Go, c.ok, c.bad, c.out, c.passed, c.failed, c.skipped)
}

// save adds the results to those in a file, if they are of the same Go; those of a
// run of all packages take their place.
func (r *results) save(file string, complete bool) error {
	all, err := load(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err != nil || all.Go != r.Go || complete {
		all = newResults(r.Go)
	}
	maps.Copy(all.Packages, r.Packages)
	js, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return err
	}
	return writeFile(file, string(js)+"\n")
}

// load reads what save has written.
func load(file string) (*results, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := newResults("")
	return r, json.Unmarshal(b, r)
}
