package figure

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Figure is a figure of the book.
type Figure struct {
	Name  string
	Title string
	// Alt says in a sentence or two what is to be seen.
	Alt string
	// Live figures show a running kernel, whose numbers differ from build to
	// build; the others show sources.
	Live bool
	draw func(c *canvas, s *Sources) (height int, err error)
}

// Sources is what figures are made of.
type Sources struct {
	Root string
	// Ask types a command at the kernel's prompt, on a machine that is the same
	// for all figures, and returns what it prints.
	Ask func(command string) ([]string, error)
	// Press presses and releases a key and the backspace key on that machine,
	// and returns what the trace point kbd has recorded.
	Press func() ([]string, error)
	// Image is the file of the built kernel.
	Image string

	constants *constants
}

// All returns all figures.
func All() []Figure {
	return slices.Concat(fieldFigures, memoryFigures, stackFigures, walkFigures, timeFigures, wayFigures)
}

// Lookup returns the figure called name.
//
// Errors: there is none.
func Lookup(name string) (Figure, error) {
	var names []string
	for _, f := range All() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Figure{}, fmt.Errorf("no figure is called %q; there are %s", name, strings.Join(names, ", "))
}

// Draw returns the figure as SVG.
//
// Errors: what it shows is not there any longer, or looks different.
func (f Figure) Draw(s *Sources) (string, error) {
	c := &canvas{}
	height, err := f.draw(c, s)
	if err != nil {
		return "", fmt.Errorf("figure %s: %w", f.Name, err)
	}
	return seal(c.svg(f.Title, f.Alt, height)), nil
}

// What differs from build to build in a live figure: numbers, and so the lengths
// of bars, and what colour stands for what is in use.
var (
	number = regexp.MustCompile(`\b[ML]?(0x)?[0-9a-f]*[0-9][0-9a-f]*\b`) // M and L: a path's points
	unit   = regexp.MustCompile(`N ([numk]?s|[KMG]iB)\b`)
	colour = regexp.MustCompile(`<rect class="\w+"`)
)

// Same tells whether a figure is what it was. A live one may have other numbers,
// but not other words or shapes.
func (f Figure) Same(was, now string) bool {
	if f.Live {
		was, now = general(was), general(now)
	}
	return was == now
}

// general returns a figure without what differs from build to build.
func general(svg string) string {
	svg = number.ReplaceAllString(unsealed(svg), "N")
	return colour.ReplaceAllString(unit.ReplaceAllString(svg, "N U"), "<rect")
}

// match returns the groups of the first line that matches.
func match(lines []string, pattern string) ([]string, error) {
	re := regexp.MustCompile(pattern)
	for _, line := range lines {
		if m := re.FindStringSubmatch(line); m != nil {
			return m[1:], nil
		}
	}
	return nil, fmt.Errorf("no line is like %q in:\n%s", pattern, strings.Join(lines, "\n"))
}

// matches returns the groups of all lines that match.
func matches(lines []string, pattern string) (all [][]string, err error) {
	re := regexp.MustCompile(pattern)
	for _, line := range lines {
		if m := re.FindStringSubmatch(line); m != nil {
			all = append(all, m[1:])
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no line is like %q in:\n%s", pattern, strings.Join(lines, "\n"))
	}
	return all, nil
}
