package archtest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const architecture = "docs/ARCHITECTURE.md"

// table returns the rows of the table that a document marks with the comment
// <!-- archtest: name -->, without the head; each row as its cells.
func table(t *testing.T, document, name string) (rows [][]string) {
	mark := "<!-- archtest: " + name + " -->"
	_, rest, found := strings.Cut(read(t, document), mark)
	require.True(t, found, "%s has no line %s", document, mark)
	for line := range strings.Lines(strings.TrimLeft(rest, "\n")) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	require.Greater(t, len(rows), 2, "the table %s of %s is empty", name, document)
	return rows[2:] // after the head and the line below it
}

var codeSpan = regexp.MustCompile("`([^`]+)`")

// code returns what stands between backticks in a cell.
func code(cell string) (words []string) {
	for _, m := range codeSpan.FindAllStringSubmatch(cell, -1) {
		words = append(words, m[1])
	}
	return words
}

// column returns the code words of the first cells of a table: its keys.
func column(t *testing.T, name string) []string {
	var keys []string
	for _, row := range table(t, architecture, name) {
		keys = append(keys, code(row[0])...)
	}
	return keys
}
