package bench

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// WriteTable writes the report for people; with columns for the base, if it was
// compared with one.
func (r Report) WriteTable(w io.Writer) {
	compared := slices.ContainsFunc(r.Measurements, func(m Measurement) bool { return m.Base != 0 })
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	head := "NAME\tVALUE\tTARGET\tINSTRUCTIONS\t99.9 %\tWORST"
	if compared {
		head += "\tBASE\tBASE'S INSTRUCTIONS\tCHANGE"
	}
	fmt.Fprint(t, head+"\t  WHAT\n")
	for _, m := range r.Measurements {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s", m.Name, format(m.Value, m.Unit), m.target(),
			count(m.Instructions), count(m.P999Instructions), count(m.WorstInstructions))
		if compared {
			base := ""
			if m.Base != 0 {
				base = format(m.Base, m.Unit)
			}
			fmt.Fprintf(t, "\t%s\t%s\t%s", base, count(m.BaseInstructions), m.change())
		}
		fmt.Fprintf(t, "\t  %s\n", m.What)
	}
	t.Flush()
	if r.Base != "" && !compared {
		fmt.Fprintf(w, "\n%s has none of these\n", r.Base)
	}
	fmt.Fprintf(w, "\n%s, %d cores, load %s\n%s, %s\n", r.Host.CPU, r.Host.Cores, r.Host.Load, r.Host.QEMU, r.Host.Go)
}

// target describes the target, and whether it is missed.
func (m Measurement) target() (text string) {
	switch {
	case m.Target != 0:
		text = "≤ " + format(m.Target, m.Unit)
	case m.InstructionTarget != 0:
		text = "≤ " + digits(m.InstructionTarget) + " instr"
	}
	if m.Missed {
		text += " MISSED"
	}
	return text
}

// change says how m differs from its base: in instructions, if both are known.
func (m Measurement) change() string {
	now, base := m.Value, m.Base
	if m.Instructions != 0 && m.BaseInstructions != 0 {
		now, base = m.Instructions, m.BaseInstructions
	}
	if base == 0 {
		return ""
	}
	return fmt.Sprintf("%+.1f %%", 100*(now-base)/base)
}

// count formats a number of instructions; 0 is not known.
func count(n float64) string {
	if n == 0 {
		return ""
	}
	return digits(n)
}

// Marks between which UpdateDocument writes.
const (
	documentBegin = "<!-- bench -->\n"
	documentEnd   = "<!-- end bench -->"
)

// UpdateDocument returns the text of a Markdown document with the report's table
// in place of the one that it has: what the guest's instructions say, which are
// the same on every host, and the targets.
//
// Errors: the document has no place for it.
func (r Report) UpdateDocument(text string) (string, error) {
	before, rest, ok := strings.Cut(text, documentBegin)
	_, after, ok2 := strings.Cut(rest, documentEnd)
	if !ok || !ok2 {
		return "", fmt.Errorf("the document has no lines %q and %q", strings.TrimSpace(documentBegin), documentEnd)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s.\n\n", r.Host.QEMU, r.Host.Go)
	b.WriteString("| Name | Instructions | 99.9 % | Worst | Target | What |\n|---|---:|---:|---:|---:|---|\n")
	for _, m := range r.Measurements {
		took := grouped(m.Instructions)
		if m.Guest {
			took = format(m.Value, m.Unit)
		}
		if took == "" {
			continue
		}
		target := strings.TrimSuffix(m.target(), " instr")
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", m.Name, took,
			grouped(m.P999Instructions), grouped(m.WorstInstructions), target, m.What)
	}
	return before + documentBegin + b.String() + documentEnd + after, nil
}

// grouped is count with a comma between thousands.
func grouped(n float64) string {
	text := count(n)
	if strings.Contains(text, ".") {
		return text
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
