// Package source takes pieces out of the repository's sources for the book:
// declarations of Go, functions of Go's assembler, and regions that a comment
// marks in any language:
//
//	// book:begin serve
//	...
//	// book:end serve
//
// (or # or /* */, as the language has it). Where to start reading: Read.
package source

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// Piece is a part of a file.
type Piece struct {
	Line  int      // of its first line in the file, from 1
	Lines []string // without line breaks, indentation that all share, and markers
}

// Excerpt is what a block shows of one file.
type Excerpt struct {
	File     string // from the top folder
	Language string // for a fenced block
	Pieces   []Piece
}

// Read takes pieces out of the file at root. The place is a file and, behind a
// #, names of declarations or regions, joined by +; without them it is the
// whole file. With doc, declarations keep their comments.
//
// Errors: no such file; nothing of that name, or two things; an empty region.
func Read(root, place string, doc bool) (Excerpt, error) {
	file, names, some := strings.Cut(place, "#")
	e := Excerpt{File: file, Language: Language(file)}
	if !filepath.IsLocal(file) {
		return e, fmt.Errorf("%q is not a file in the repository", file)
	}
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return e, fmt.Errorf("there is no file %s: name it from the top folder", file)
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	if !some {
		e.Pieces = []Piece{piece(lines, 1, len(lines))}
		return e, nil
	}
	for name := range strings.SplitSeq(names, "+") {
		p, err := find(file, text, lines, name, doc)
		if err != nil {
			return e, err
		}
		if n := len(e.Pieces); n > 0 && e.Pieces[n-1].Line == p.Line {
			continue // two names of one group
		}
		e.Pieces = append(e.Pieces, p)
	}
	return e, nil
}

// find takes what is called name out of a file.
func find(file string, text []byte, lines []string, name string, doc bool) (Piece, error) {
	from, to, err := region(lines, name)
	if err != nil {
		return Piece{}, fmt.Errorf("%s: %w", file, err)
	}
	if from == 0 {
		switch path.Ext(file) {
		case ".go":
			from, to, err = declaration(text, name, doc)
		case ".s":
			from, to, err = function(lines, name, doc)
		default:
			err = fmt.Errorf("no region %q: mark it with lines book:begin %s and book:end %s", name, name, name)
		}
		if err != nil {
			return Piece{}, fmt.Errorf("%s: %w", file, err)
		}
	}
	p := piece(lines, from, to)
	if strings.TrimSpace(strings.Join(p.Lines, "")) == "" {
		return p, fmt.Errorf("%s: the region %q is empty", file, name)
	}
	return p, nil
}

// piece returns the lines from..to, counted from 1.
func piece(lines []string, from, to int) Piece {
	p := Piece{}
	for i := from; i <= to; i++ {
		if marker.MatchString(lines[i-1]) {
			continue
		}
		if p.Line == 0 {
			if strings.TrimSpace(lines[i-1]) == "" {
				continue
			}
			p.Line = i
		}
		p.Lines = append(p.Lines, strings.TrimRight(lines[i-1], " \t\r"))
	}
	for len(p.Lines) > 0 && p.Lines[len(p.Lines)-1] == "" {
		p.Lines = p.Lines[:len(p.Lines)-1]
	}
	p.Lines = dedent(p.Lines)
	return p
}

// dedent removes the indentation that all lines share.
func dedent(lines []string) []string {
	indent, first := "", true
	for _, line := range lines {
		if line == "" {
			continue
		}
		own := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if first {
			indent, first = own, false
		}
		for !strings.HasPrefix(own, indent) {
			indent = indent[:len(indent)-1]
		}
	}
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], indent)
	}
	return lines
}

var languages = map[string]string{
	".go": "go", ".s": "gas", ".S": "gas", ".ld": "ld", ".py": "python", ".sh": "sh", ".mk": "make",
	".json": "json", ".md": "markdown", ".mod": "text", ".gdb": "gdb", ".cfg": "text", ".yml": "yaml", ".patch": "diff",
}

// Language returns the language of a file, as fenced blocks name it.
func Language(file string) string {
	if path.Base(file) == "Makefile" {
		return "make"
	}
	if l, ok := languages[path.Ext(file)]; ok {
		return l
	}
	return "text"
}

var marker = regexp.MustCompile(`^\s*(?://|#|/\*)\s*book:(begin|end)\s+([\w.-]+)\s*(?:\*/)?\s*$`)
