// Package patch applies unified diffs, as git diff writes them, to files in
// memory. A piece is found by its lines; where it is now may differ from where
// it was.
package patch

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// File is what a diff changes in one file.
type File struct {
	Name  string // from the top folder
	New   bool   // the diff makes the file
	Hunks []Hunk
}

// Hunk is one piece: lines that are there, and lines that will be.
type Hunk struct {
	Line     int // where it was, from 1
	Old, New []string
}

var (
	hunkHead = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@`)
	fileHead = regexp.MustCompile(`^\+\+\+ (?:b/)?([^\t]+)`)
)

// Parse reads a diff.
//
// Errors: it is none, it deletes a file, or a line does not begin with +, - or a
// blank.
func Parse(text string) (files []File, err error) {
	var open *Hunk        // the piece that is being read
	var before, after int // how many of its lines are to come, of each side
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		n := len(files)
		head := hunkHead.FindStringSubmatch(line)
		switch {
		case open != nil && (before > 0 || after > 0):
			if err := open.line(line); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
			before, after = before-len(open.Old), after-len(open.New)
			hunks := files[n-1].Hunks
			last := &hunks[len(hunks)-1]
			last.Old, last.New = append(last.Old, open.Old...), append(last.New, open.New...)
			*open = Hunk{}
		case strings.HasPrefix(line, "--- "):
			files = append(files, File{New: strings.HasPrefix(line, "--- /dev/null")})
		case n > 0 && files[n-1].Name == "" && fileHead.MatchString(line):
			files[n-1].Name = fileHead.FindStringSubmatch(line)[1]
			if files[n-1].Name == "/dev/null" {
				return nil, fmt.Errorf("line %d: it deletes a file", i+1)
			}
		case n > 0 && head != nil:
			files[n-1].Hunks = append(files[n-1].Hunks, Hunk{Line: number(head[1], 0)})
			open, before, after = &Hunk{}, number(head[2], 1), number(head[3], 1)
		}
	}
	if len(files) == 0 {
		return nil, errors.New("it is no unified diff: 'git diff' writes one")
	}
	for _, f := range files {
		if f.Name == "" || len(f.Hunks) == 0 {
			return nil, errors.New("a file without a name or without changes")
		}
	}
	return files, nil
}

// number returns the number that digits are; if there are none, otherwise.
func number(digits string, otherwise int) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return otherwise
	}
	return n
}

// line adds a line of a diff.
func (h *Hunk) line(line string) error {
	if line == "" {
		line = " " // an editor has removed the blank at the end
	}
	switch text := line[1:]; line[0] {
	case ' ':
		h.Old, h.New = append(h.Old, text), append(h.New, text)
	case '-':
		h.Old = append(h.Old, text)
	case '+':
		h.New = append(h.New, text)
	case '\\': // No newline at end of file
	default:
		return fmt.Errorf("%q begins with neither a blank nor + nor -", line)
	}
	return nil
}

// Apply returns text as the diff makes it.
//
// Errors: a piece's old lines are not there, or they are there at several
// places and none is where it was.
func (f *File) Apply(text string) (string, error) {
	var lines []string
	if text != "" {
		lines = strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	}
	if f.New && text != "" {
		return "", fmt.Errorf("%s is there already", f.Name)
	}
	moved := 0 // by earlier pieces
	for i, h := range f.Hunks {
		at, err := h.find(lines, max(0, h.Line-1+moved))
		if err != nil {
			return "", fmt.Errorf("piece %d no longer fits %s: %w; make the diff anew", i+1, f.Name, err)
		}
		lines = slices.Replace(slices.Clone(lines), at, at+len(h.Old), h.New...)
		moved += at - (h.Line - 1 + moved) + len(h.New) - len(h.Old)
	}
	return strings.Join(lines, "\n") + "\n", nil
}

// find returns where the old lines are: at the place expected, or at the only
// other one.
func (h *Hunk) find(lines []string, expected int) (int, error) {
	var found []int
	for at := 0; at+len(h.Old) <= len(lines); at++ {
		if slices.Equal(lines[at:at+len(h.Old)], h.Old) {
			found = append(found, at)
		}
	}
	switch {
	case len(h.Old) == 0:
		return min(expected, len(lines)), nil
	case len(found) == 0:
		return 0, errors.New("its lines are not there")
	case slices.Contains(found, expected):
		return expected, nil
	case len(found) > 1:
		return 0, fmt.Errorf("its lines are there %d times", len(found))
	}
	return found[0], nil
}

// Changes returns the files that a diff changes or makes, as they are then, by
// their names. Read reads one as it is now.
//
// Errors: those of Parse and Apply, and a file that is not there.
func Changes(diff string, read func(name string) ([]byte, error)) (map[string]string, error) {
	files, err := Parse(diff)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, f := range files {
		was, err := read(f.Name)
		if err != nil && !f.New {
			return nil, fmt.Errorf("there is no %s", f.Name)
		}
		if all[f.Name], err = f.Apply(string(was)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Text returns the diff as a reader wants it: without what git writes above.
func Text(text string) (lines []string) {
	shown := false
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if strings.HasPrefix(line, "diff ") {
			shown = false
		}
		if shown = shown || strings.HasPrefix(line, "--- "); shown {
			lines = append(lines, strings.TrimRight(line, " \t\r"))
		}
	}
	return lines
}
