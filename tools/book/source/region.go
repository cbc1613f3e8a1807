package source

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// region returns the lines between the markers of a region; 0, 0 if there is
// none.
func region(lines []string, name string) (from, to int, err error) {
	for i, line := range lines {
		m := marker.FindStringSubmatch(line)
		switch {
		case m == nil || m[2] != name:
		case m[1] == "begin" && from != 0:
			return 0, 0, fmt.Errorf("the region %q begins twice, in lines %d and %d", name, from-1, i+1)
		case m[1] == "begin":
			from = i + 2
		case from == 0:
			return 0, 0, fmt.Errorf("line %d ends the region %q, which does not begin", i+1, name)
		case to == 0:
			to = i
		}
	}
	if from != 0 && to == 0 {
		return 0, 0, fmt.Errorf("the region %q begins in line %d and does not end: add book:end %s", name, from-1, name)
	}
	return from, to, nil
}

// Regions returns the names of the regions that a file marks, with the line of
// each beginning.
func Regions(text string) map[string]int {
	all := map[string]int{}
	for i, line := range strings.Split(text, "\n") {
		if m := marker.FindStringSubmatch(line); m != nil && m[1] == "begin" {
			all[m[2]] = i + 1
		}
	}
	return all
}

// like is what looks as if it marked a region.
var like = regexp.MustCompile(`(?://|#|/\*)\s*book:\w`)

// Mistake is a line that marks no region, and should.
type Mistake struct {
	Line int // from 1
	Text string
}

// Mistakes returns what is wrong with the markers of a file, whether or not
// somebody shows its regions.
func Mistakes(text string) (all []Mistake) {
	open := map[string]int{}
	for i, line := range strings.Split(text, "\n") {
		fail := func(format string, args ...any) {
			all = append(all, Mistake{i + 1, fmt.Sprintf(format, args...)})
		}
		m := marker.FindStringSubmatch(line)
		switch {
		case m == nil && like.MatchString(line):
			fail("this marks no region: a line with nothing but a comment, book:begin NAME or book:end NAME")
		case m == nil:
		case m[1] == "begin":
			if first := open[m[2]]; first != 0 {
				fail("the region %q begins for the second time: first in line %d", m[2], max(first, -first))
			}
			open[m[2]] = i + 1
		case open[m[2]] <= 0:
			fail("this ends the region %q, which does not begin above, or has ended", m[2])
		default:
			open[m[2]] = -open[m[2]] // it has ended, and does not begin again
		}
	}
	for name, line := range open {
		if line > 0 {
			all = append(all, Mistake{line, fmt.Sprintf("the region %q does not end: add book:end %s", name, name)})
		}
	}
	slices.SortFunc(all, func(a, b Mistake) int { return a.Line - b.Line })
	return all
}

// declaration returns the lines of a declaration of Go: "Name", or
// "Type.Method". Of a group in parentheses it is the whole group.
func declaration(text []byte, name string, doc bool) (from, to int, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return 0, 0, err
	}
	var all []string
	for _, d := range f.Decls {
		names, comment := declared(d)
		all = append(all, names...)
		if !slices.Contains(names, name) {
			continue
		}
		start := d.Pos()
		if doc && comment != nil {
			start = comment.Pos()
		}
		return fset.Position(start).Line, fset.Position(d.End()).Line, nil
	}
	return 0, 0, fmt.Errorf("it declares no %q and has no region of that name; it declares %s", name, strings.Join(all, ", "))
}

// declared returns the names that a declaration declares, and its comment.
func declared(d ast.Decl) (names []string, doc *ast.CommentGroup) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			return []string{receiver(d.Recv.List[0].Type) + "." + d.Name.Name}, d.Doc
		}
		return []string{d.Name.Name}, d.Doc
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					names = append(names, n.Name)
				}
			}
		}
		return names, d.Doc
	}
	return nil, nil
}

// receiver returns the name of a method's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

var text = regexp.MustCompile(`^TEXT\s+(?:\w+)?·(\w+)`)

// function returns the lines of a function of Go's assembler, with the comment
// right above it if doc says so.
func function(lines []string, name string, doc bool) (from, to int, err error) {
	var all []string
	start := 0
	for i, line := range lines {
		m := text.FindStringSubmatch(line)
		switch {
		case m == nil:
		case start == 0 && m[1] == name:
			start = i + 1
		case start != 0 && to == 0:
			to = i - len(above(lines[:i]))
		}
		if m != nil {
			all = append(all, m[1])
		}
	}
	if start == 0 {
		return 0, 0, fmt.Errorf("no function and no region is called %q; functions are %s", name, strings.Join(all, ", "))
	}
	if to == 0 {
		to = len(lines)
	}
	if doc {
		start -= len(above(lines[:start-1]))
	}
	return start, to, nil
}

// above returns the comment at the end of lines.
func above(lines []string) []string {
	i := len(lines)
	for i > 0 && strings.HasPrefix(lines[i-1], "//") {
		i--
	}
	return lines[i:]
}
