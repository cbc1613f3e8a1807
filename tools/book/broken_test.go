package book

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// missing is a repository whose chapter takes a line away.
func missing() map[string]string {
	files := small()
	files["Makefile"] = "SMP ?= 1\nAPPEND ?=\nrun:\n"
	files["docs/book/broken/no-line.patch"] = "diff --git a/mm/addr.go b/mm/addr.go\n" +
		"--- a/mm/addr.go\n+++ b/mm/addr.go\n@@ -6,5 +6,4 @@\n func F() {\n \t// book:begin body\n-\tprintln(1)\n \t// book:end body\n }\n"
	files["docs/book/01-one.md"] += "\n<!-- broken no-line smp=2 append=\"layout=de nosmp\" -->\n```console\nvitrine> fault nil\nit panics\n```\n<!-- end -->\n"
	return files
}

func TestABlockOfALineThatIsMissingSaysHowToTryIt(t *testing.T) {
	b := open(t, missing())
	_, found, err := b.Do(t.Context(), Work{Write: true})
	require.NoError(t, err)
	require.Empty(t, found)
	require.Contains(t, read(t, b, "docs/book/01-one.md"), "-\tprintln(1)\n \t// book:end body\n }\n```\n\n"+
		"*[no-line.patch](broken/no-line.patch): to try it, "+
		"`git apply docs/book/broken/no-line.patch && make run SMP=2 APPEND='layout=de nosmp'`*\n\n"+
		"```console\nvitrine> fault nil\nit panics\n```\n<!-- end -->")
	require.Empty(t, problems(t, b))
}

func TestALineThatCannotBeTakenAwayIsFoundWithoutAMachine(t *testing.T) {
	for _, c := range []change{
		{"its lines have changed", "mm/addr.go", "println(1)", "println(2)", ":16: docs/book/broken/no-line.patch: piece 1 no longer fits mm/addr.go: its lines are not there"},
		{"its file is gone", "docs/book/broken/no-line.patch", "+++ b/mm/addr.go", "+++ b/mm/adr.go", ":16: docs/book/broken/no-line.patch: there is no mm/adr.go"},
		{"it is another than the page shows", "docs/book/broken/no-line.patch", "@@ -6,5 +6,4 @@", "@@ -6,5 +6,4 @@ func F", ":16: broken no-line is not what it should be"},
		{"it is no diff", "docs/book/broken/no-line.patch", "--- a", "", "it is no unified diff"},
		{"there is none", "docs/book/01-one.md", "broken no-line", "broken no-lime", "there is no docs/book/broken/no-lime.patch"},
	} {
		t.Run(c.name, func(t *testing.T) { requireFound(t, missing(), c) })
	}
}

// change is one in a book that is up to date, and what is said of it then.
type change struct{ name, file, old, now, says string }

// requireFound requires that a change in a book of the given files is found.
func requireFound(t *testing.T, files map[string]string, c change) {
	t.Helper()
	b := open(t, files)
	_, _, err := b.Do(t.Context(), Work{Write: true})
	require.NoError(t, err)
	text := read(t, b, c.file)
	require.Contains(t, text, c.old)
	write(t, b, c.file, strings.Replace(text, c.old, c.now, 1))
	require.Contains(t, strings.Join(problems(t, b), "\n"), c.says)
}

func TestALiveFigureThatSomebodyHasEditedIsFoundWithoutAMachine(t *testing.T) {
	files := small()
	svg, err := os.ReadFile("../../docs/book/figures/page-walk.svg")
	require.NoError(t, err)
	files["docs/book/figures/page-walk.svg"] = string(svg)
	files["docs/book/01-one.md"] += "\n<!-- figure page-walk -->\n<!-- end -->\n"
	b := open(t, files)
	_, found, err := b.Do(t.Context(), Work{Write: true})
	require.NoError(t, err)
	require.Empty(t, found)
	write(t, b, "docs/book/figures/page-walk.svg", strings.Replace(string(svg), "</text>", "0</text>", 1))
	require.Equal(t, []string{"docs/book/01-one.md:16: docs/book/figures/page-walk.svg is not as it was drawn: run 'build/vit book update'"}, problems(t, b))
}
