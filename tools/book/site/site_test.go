package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>`

// repository writes a small book, and files that it links to.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"docs/book/README.md": "# Book\n\n<!-- contents -->\n- [1. One](01-one.md)\n<!-- end -->\n",
		"docs/book/01-one.md": "# One\n\nA [frame](../glossary.md#frame), [a line](../../mm/a.go#L2), [two](02-two.md#two-words), [mm](../../mm).\n\n" +
			"```console\nvitrine> echo a\na\nvitrine> uptime\nup 1s\n```\n\n```go\npackage mm\n```\n\n```gdb\n(gdb) commands\n> bt\n> end\n```\n\n" +
			"## A `code` heading\n\n![A figure](figures/f.svg)\n\n| a | b |\n|---|---|\n| c | d |\n",
		"docs/book/02-two.md":     "# Two\n\n## Two words\n\nSee [one](01-one.md) and [Go](https://go.dev). <b>raw</b>\n\n## Two words\n\nThe zebra.\n",
		"docs/book/figures/f.svg": svg,
		"docs/glossary.md":        "# D. Glossary\n\nAs in [chapter 2](book/02-two.md).\n\n<a id=\"frame\"></a>**Frame**: 4 KiB of memory.\n",
		"mm/a.go":                 "package mm\n\nconst A = 1\n",
		"mm/deep/b.go":            "package deep\n",
	} {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	return root
}

var chapters = []Chapter{
	{"docs/book/README.md", "Book"},
	{"docs/book/01-one.md", "1. One"},
	{"docs/book/02-two.md", "2. Two"},
	{"docs/glossary.md", "D. Glossary"},
}

// small makes the site of a small book.
func small(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "site")
	require.NoError(t, Build(repository(t), out, chapters))
	return out
}

func read(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(t, err)
	return string(text)
}

func TestLinksLeadToPagesOfTheSite(t *testing.T) {
	out := small(t)
	one := read(t, out, "01-one.html")
	for _, want := range []string{
		`<a href="glossary.html#frame">frame</a>`, `<a href="src/mm/a.go.html#L2">a line</a>`, `<a href="02-two.html#two-words">two</a>`,
		`<a href="src/mm.html">mm</a>`, `<img src="figures/f.svg" alt="A figure"`, `<link rel="prev" href="index.html">`, `<link rel="next" href="02-two.html">`,
		`<h2 id="a-code-heading">`, `aria-current="page"`,
	} {
		require.Contains(t, one, want)
	}
	require.Contains(t, read(t, out, "src/mm/a.go.html"), `id="L2"`)
	require.Contains(t, read(t, out, "src/mm.html"), `<a href="../src/mm/a.go.html"><code>a.go</code></a>`)
	require.Contains(t, read(t, out, "glossary.html"), `<a id="frame"></a>`, "the last appendix")
	require.FileExists(t, filepath.Join(out, "figures/f.svg"))
	require.Contains(t, read(t, out, "glossary.html"), `<a href="02-two.html">chapter 2</a>`)
	two := read(t, out, "02-two.html")
	require.Contains(t, two, `<link rel="next" href="glossary.html">`)
	require.Contains(t, two, `id="two-words-1"`)
	require.NotContains(t, two, "<b>", "tags in Markdown are not passed on")
	require.NotContains(t, read(t, out, "index.html"), "<!-- contents", "nor are the tool's comments")
}

func TestPaperHasAllChaptersWithLinksAmongThem(t *testing.T) {
	paper := read(t, small(t), "print.html")
	require.Contains(t, paper, `<h1 id="02-two">`)
	require.Contains(t, paper, `<a href="#02-two--two-words">two</a>`)
	require.Contains(t, paper, `<a href="#glossary--frame">frame</a>`)
	require.Contains(t, paper, `<a id="glossary--frame">`)
	require.Contains(t, paper, "a line", "a link to a source is its text")
	require.NotContains(t, paper, "src/mm")
	require.NotContains(t, paper, "<ol", "the contents are the first chapter's, and stand there once")
}

func TestADeadLinkMakesNoSite(t *testing.T) {
	root := repository(t)
	require.NoError(t, os.Remove(filepath.Join(root, "mm/a.go")))
	require.ErrorContains(t, Build(root, filepath.Join(t.TempDir(), "site"), chapters),
		"docs/book/01-one.md: the link ../../mm/a.go#L2 leads to mm/a.go, which is not there")
}

func TestTheIndexKnowsEveryWord(t *testing.T) {
	index := read(t, small(t), "assets/index.js")
	require.True(t, strings.HasPrefix(index, "window.bookIndex = {"))
	require.Contains(t, index, `"zebra":[`)
	require.Contains(t, index, `"address":"02-two.html#two-words-1"`)
	require.Equal(t, []string{"mm.physaddr", "mm", "physaddr", "is", "0x10"}, split("mm.PhysAddr() is 0x10."))
}

func TestTheSameBookGivesTheSameSite(t *testing.T) {
	root := repository(t)
	var texts []string
	for range 2 {
		out := filepath.Join(t.TempDir(), "site")
		require.NoError(t, Build(root, out, chapters))
		texts = append(texts, read(t, out, "01-one.html")+read(t, out, "assets/index.js"))
	}
	require.Equal(t, texts[0], texts[1])
}

func TestOnlyCommentsOfAssemblerLookLikeComments(t *testing.T) {
	var b strings.Builder
	require.NoError(t, highlight(&b, "gas", "TEXT ·f(SB),NOSPLIT|NOFRAME,$0 // it is\n\tNOP; NOP\n"))
	text := b.String()
	require.Contains(t, text, "|NOFRAME,$0 <span class=\"c1\">// it is\n</span>")
	require.Equal(t, 1, strings.Count(text, `class="c`))
	require.Contains(t, text, "; NOP\n")
}
