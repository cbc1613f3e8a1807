package archtest

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const references = "docs/references.md"

var (
	// A comment's line break, with the marks that begin the next line.
	lineBreak = regexp.MustCompile(`\n[ \t]*(//|#|\*)?[ \t]*`)

	// SDM Vol. 3A, "Title"[ and "Title", the figure "Title"]...
	citation = regexp.MustCompile(`SDM Vol\. (\d[A-D]?)((?:(?:,| and)(?: chapter| the figure| the table)? "[^"]+")*)`)
	title    = regexp.MustCompile(`"([^"]+)"`)
)

// The manual's sections move between editions and their numbers with them, so
// that the sources cite titles. Each title that they cite is in the list of
// docs/references.md, where it has been looked up once, in the pinned edition.
func TestSectionsOfTheManualAreCitedByTheSameTitle(t *testing.T) {
	known := map[string]bool{}
	for _, row := range table(t, references, "sdm") {
		known[row[0]+" "+row[1]] = false
	}
	for _, p := range files(t, func(p string) bool {
		switch path.Ext(p) {
		case ".go", ".s", ".S", ".md", ".py":
			return !strings.HasPrefix(p, "tools/archtest/")
		}
		return false
	}) {
		text := lineBreak.ReplaceAllString(read(t, p), " ")
		for _, m := range citation.FindAllStringSubmatch(text, -1) {
			titles := title.FindAllStringSubmatch(m[2], -1)
			if len(titles) == 0 {
				t.Errorf("%s: SDM Vol. %s is cited without a section's title", p, m[1])
			}
			for _, section := range titles {
				key := m[1] + " " + section[1]
				if _, ok := known[key]; !ok {
					t.Errorf("%s: %s does not list SDM Vol. %s, %q", p, references, m[1], section[1])
				}
				known[key] = true
			}
		}
	}
	for key, cited := range known {
		require.True(t, cited, "%s lists Vol. %s, which nobody cites", references, key)
	}
}
