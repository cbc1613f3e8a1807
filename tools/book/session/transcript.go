package session

import (
	"strings"

	"vitrine/tools/qemu"
)

// Prompts of the conversations.
const (
	Prompt     = qemu.Prompt
	GDBPrompt  = "(gdb) "
	HostPrompt = "$ "
)

// Step is something typed, and what came back.
type Step struct {
	Typed  []string // lines, without the prompt
	Output []string
}

// Transcript is a conversation as it stands on a page.
type Transcript struct {
	Before []string // what came before anything was typed
	Steps  []Step
}

// Read reads a conversation. A typed line that ends in a backslash goes on in
// the next; and at GDB's prompt, so does what is followed by lines with >.
func Read(lines []string, prompt string) (t Transcript) {
	goesOn := false
	for _, line := range lines {
		typed, is := strings.CutPrefix(line, prompt)
		if line == strings.TrimRight(prompt, " ") {
			typed, is = "", true
		}
		n := len(t.Steps)
		switch {
		case is:
			t.Steps = append(t.Steps, Step{Typed: []string{typed}})
		case n == 0:
			t.Before = append(t.Before, line)
			continue
		case goesOn || prompt == GDBPrompt && len(t.Steps[n-1].Output) == 0 && strings.HasPrefix(line, ">"):
			typed = line
			t.Steps[n-1].Typed = append(t.Steps[n-1].Typed, line)
		default:
			t.Steps[n-1].Output = append(t.Steps[n-1].Output, line)
			continue
		}
		goesOn = strings.HasSuffix(typed, `\`) && prompt == HostPrompt
	}
	return t
}

// Lines writes a conversation.
func (t *Transcript) Lines(prompt string) (lines []string) {
	lines = append(lines, t.Before...)
	for _, s := range t.Steps {
		for i, typed := range s.Typed {
			if i == 0 {
				typed = strings.TrimRight(prompt+typed, " ")
			}
			lines = append(lines, typed)
		}
		lines = append(lines, s.Output...)
	}
	return lines
}

// Clean returns text as lines: without colours, carriage returns and blanks at
// the ends, and without the places where things lie on this computer.
func Clean(text string, places ...string) []string {
	text = strings.ToValidUTF8(strings.ReplaceAll(controls.ReplaceAllString(text, ""), "\r", ""), "\ufffd")
	for _, place := range places {
		if place != "" {
			text = strings.ReplaceAll(text, place+"/", "…/")
		}
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return trimmed(lines)
}

// trimmed returns lines without empty ones at the end.
func trimmed(lines []string) []string {
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
