package main

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

//go:embed plan.txt
var planText string

// plan is what plan.txt says: a word, a package, and the rest of the line.
//
//	skip os TestHostname  why it cannot pass
//	skip? os TestNew      the same, for a test that not every release of Go has
//	skip os/exec *        why nothing of the package is run
//	files time lib/time   what the tests read besides the package's own files
//	unix os etc/group     files that Unix has, whatever is in them
//
// The test is a pattern as for -test.skip, for the whole of the name.
type plan struct {
	skips []skip
	files map[string][]string // by package; below GOROOT
	unix  map[string][]string // by package; below /
}

// skip is a test that is not run.
type skip struct {
	Package string `json:"package"`
	Test    string `json:"test"` // "*": the whole package
	Reason  string `json:"reason"`

	maybe bool // not every release has the test
}

// whole tells whether nothing of the package is run.
func (s skip) whole() bool { return s.Test == "*" }

// readPlan takes the text of a plan apart.
func readPlan(text string) (*plan, error) {
	p := &plan{files: map[string][]string{}, unix: map[string][]string{}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case (words[0] == "skip" || words[0] == "skip?") && len(words) >= 4:
			s := skip{words[1], words[2], strings.Join(words[3:], " "), words[0] == "skip?"}
			if _, err := regexp.Compile(s.Test); err != nil && s.Test != "*" {
				return nil, fmt.Errorf("plan.txt:%d: %w", n, err)
			}
			p.skips = append(p.skips, s)
		case words[0] == "files" && len(words) >= 3:
			p.files[words[1]] = append(p.files[words[1]], words[2:]...)
		case words[0] == "unix" && len(words) >= 3:
			p.unix[words[1]] = append(p.unix[words[1]], words[2:]...)
		default:
			return nil, fmt.Errorf("plan.txt:%d: none of skip PACKAGE TEST REASON, files PACKAGE FILE, unix PACKAGE FILE", n)
		}
	}
	return p, nil
}

// of returns what is left out of a package.
func (p *plan) of(pkg string) (skips []skip) {
	for _, s := range p.skips {
		if s.Package == pkg {
			skips = append(skips, s)
		}
	}
	return skips
}

// skipFlag returns the value of -test.skip for a package.
func (p *plan) skipFlag(pkg string) string {
	var patterns []string
	for _, s := range p.of(pkg) {
		var levels []string
		for level := range strings.SplitSeq(s.Test, "/") {
			levels = append(levels, "^("+level+")$")
		}
		patterns = append(patterns, strings.Join(levels, "/"))
	}
	return strings.Join(patterns, "|")
}

// known looks whether each of the packages that somebody wants is one of those
// that have tests, or is left out. Results of others would stay in the page.
//
// Errors: one is not.
func (p *plan) known(wanted, packages []string) error {
	for _, name := range wanted {
		if !slices.Contains(packages, name) && !slices.ContainsFunc(p.of(name), skip.whole) {
			return fmt.Errorf("the standard library has no package %s with tests; give packages such as sync or encoding/json", name)
		}
	}
	return nil
}

// split returns those of packages that are run. What is left out of each goes to
// the results; src is where the tests are.
//
// Errors: of expand.
func (p *plan) split(src string, packages []string, r *results) (runnable []string, err error) {
	for _, pkg := range packages {
		skips := p.of(pkg)
		if i := slices.IndexFunc(skips, skip.whole); i >= 0 {
			r.Packages[pkg] = &outcome{Skips: skips[i : i+1]}
			continue
		}
		names, err := testNames(filepath.Join(src, pkg))
		if err != nil {
			return nil, err
		}
		if skips, err = expand(skips, names); err != nil {
			return nil, err
		}
		r.Packages[pkg] = &outcome{Skips: skips, output: map[string]string{}}
		runnable = append(runnable, pkg)
	}
	return runnable, nil
}
