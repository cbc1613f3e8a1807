package shell

import (
	"fmt"
	"strings"
)

// Style is how text is drawn: an SGR sequence (ECMA-48, "SGR - Select Graphic
// Rendition").
type Style string

// The styles that commands use, sparingly.
const (
	Bold   Style = "\x1b[1m"
	Dim    Style = "\x1b[90m"
	Red    Style = "\x1b[1;31m"
	Green  Style = "\x1b[32m"
	Yellow Style = "\x1b[33m"
	Cyan   Style = "\x1b[36m"
)

const reset = "\x1b[0m"

// Paint returns text in a style, if the output is a terminal.
func (e *Env) Paint(style Style, text string) string {
	if !e.Colour || text == "" {
		return text
	}
	return string(style) + text + reset
}

// Table prints rows with aligned columns.
type Table struct {
	sh    *Env
	right []bool
	rows  [][]string
}

// Table returns a table with these headings. The columns of headings that
// start with '>' are aligned to the right. Without any heading there is no
// heading row, and the first row counts.
func (e *Env) Table(headings ...string) *Table {
	t := &Table{sh: e}
	var row []string
	for _, h := range headings {
		text, right := strings.CutPrefix(h, ">")
		t.right = append(t.right, right)
		row = append(row, e.Paint(Bold, text))
	}
	if strings.TrimSpace(strings.Join(row, "")) != "" {
		t.rows = append(t.rows, row)
	}
	return t
}

// Row adds a row. The cells are formatted as by fmt.Sprint.
func (t *Table) Row(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = fmt.Sprint(c)
	}
	t.rows = append(t.rows, row)
}

// Print prints the table, two spaces between its columns.
func (t *Table) Print() {
	var widths []int
	for _, row := range t.rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Width(c))
		}
	}
	var b strings.Builder
	for _, row := range t.rows {
		line := ""
		for i, c := range row {
			pad := strings.Repeat(" ", widths[i]-Width(c))
			if i < len(t.right) && t.right[i] {
				line += pad + c + "  "
			} else {
				line += c + pad + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	fmt.Fprint(t.sh.Out, b.String())
}

// Width returns how many cells text takes on the screen: escape sequences take
// none.
func Width(text string) int {
	n, inSequence := 0, false
	for _, r := range text {
		switch {
		case inSequence:
			inSequence = r == '[' || r < '@'
		case r == 0x1b:
			inSequence = true
		default:
			n++
		}
	}
	return n
}

// Size returns a number of bytes as people read it: "4 KiB", "1.5 GiB".
func Size(bytes uint64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"}
	i, v := 0, float64(bytes)
	for v >= 1024 && i < len(units)-1 {
		v /= 1024
		i++
	}
	if v == float64(uint64(v)) || v >= 100 {
		return fmt.Sprintf("%.0f %s", v, units[i])
	}
	return fmt.Sprintf("%.1f %s", v, units[i])
}
