package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// testNames returns the names of the tests, examples and fuzz tests in a
// package's folder that take part in a build for the machine.
func testNames(dir string) (names []string, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	c := build.Default
	c.GOOS, c.GOARCH, c.CgoEnabled = "tamago", "amd64", false
	for _, file := range files {
		if match, err := c.MatchFile(filepath.Split(file)); err != nil || !match {
			continue
		}
		// A newer Go may write what this parser does not know; it skips that. If
		// it is an error for that Go, too, the tests do not compile.
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution|parser.AllErrors)
		if f == nil {
			return nil, err
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && testName.MatchString(fn.Name.Name) {
				names = append(names, fn.Name.Name)
			}
		}
	}
	slices.Sort(names)
	return names, nil
}

var testName = regexp.MustCompile(`^(Test|Example|Fuzz)([^a-z]|$)`)

// expand returns skips with the patterns replaced by the tests that they match.
//
// Errors: a pattern matches nothing, so the line is of no use.
func expand(skips []skip, names []string) (all []skip, err error) {
	for _, s := range skips {
		first, rest, below := strings.Cut(s.Test, "/")
		pattern, err := regexp.Compile("^(" + first + ")$")
		if err != nil {
			return nil, err
		}
		found := false
		for _, name := range names {
			if !pattern.MatchString(name) {
				continue
			}
			found = true
			if below {
				name += "/" + rest
			}
			all = append(all, skip{Package: s.Package, Test: name, Reason: s.Reason})
		}
		if !found && !s.maybe {
			return nil, fmt.Errorf("plan.txt: %s has no test %s", s.Package, s.Test)
		}
	}
	return all, nil
}
