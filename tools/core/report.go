package core

import (
	"regexp"
	"strings"
)

const (
	reportTitle = "*** KERNEL STOPPED"
	firstLines  = 4
)

// colours are the escape sequences in a report.
var colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// panics are the lines with which the runtime says why it panics.
var panics = regexp.MustCompile(`(?m)^(panic|fatal error|runtime): .*$`)

// reportLines returns the lines that say what has happened, less colours: of a
// panic what the runtime has said before the report, and the report's first.
func reportLines(text string) (lines []string) {
	before, report, found := strings.Cut(colours.ReplaceAllString(text, ""), reportTitle)
	if !found {
		return nil
	}
	if said := panics.FindAllString(before, -1); said != nil {
		lines = append(lines, said[len(said)-1])
	}
	for line := range strings.Lines(reportTitle + report) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
		if len(lines) == firstLines {
			break
		}
	}
	return lines
}
