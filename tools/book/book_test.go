package book

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// open makes a small repository and opens its book.
func open(t *testing.T, files map[string]string) *Book {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	b, err := Open(root, []string{"run"})
	require.NoError(t, err)
	return b
}

// read returns a file of the book's repository.
func read(t *testing.T, b *Book, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(b.Root, name))
	require.NoError(t, err)
	return string(text)
}

// write writes a file of the book's repository.
func write(t *testing.T, b *Book, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(b.Root, name), []byte(text), 0o644))
}

// problems checks the whole book and returns what is wrong.
func problems(t *testing.T, b *Book) (all []string) {
	t.Helper()
	_, found, err := b.Do(t.Context(), Work{})
	require.NoError(t, err)
	for _, p := range found {
		all = append(all, p.String())
	}
	return all
}

// small is a repository with a chapter whose blocks are empty.
func small() map[string]string {
	return map[string]string{
		"go.mod":     "module vitrine\n",
		"mm/addr.go": "package mm\n\n// A is.\ntype A int\n\nfunc F() {\n\t// book:begin body\n\tprintln(1)\n\t// book:end body\n}\n",
		"docs/book/01-one.md": "# One\n\n<!-- code mm/addr.go#A+body -->\n<!-- end -->\n\nThe `mm.A` " +
			"([word](../glossary.md#word)).\n",
		"docs/book/README.md": "# Book\n\n<!-- contents -->\n<!-- end -->\n",
		"docs/book/a-add.md":  "# Appendix A: More\n",
		"docs/glossary.md":    "# B. Glossary\n\n<a id=\"word\"></a>**Word**: a word.\n",
	}
}

func TestUpdateWritesAndThenCheckIsContent(t *testing.T) {
	b := open(t, small())
	require.Len(t, problems(t, b), 2, "two blocks are empty")
	changed, found, err := b.Do(t.Context(), Work{Write: true})
	require.NoError(t, err)
	require.Empty(t, found)
	require.Equal(t, []string{"docs/book/README.md", "docs/book/01-one.md"}, changed)
	require.Equal(t, "# One\n\n<!-- code mm/addr.go#A+body -->\n```go\n// A is.\ntype A int\n\nprintln(1)\n```\n\n"+
		"*[mm/addr.go, line 3](../../mm/addr.go#L3), [line 8](../../mm/addr.go#L8)*\n<!-- end -->\n\nThe `mm.A` "+
		"([word](../glossary.md#word)).\n", read(t, b, "docs/book/01-one.md"))
	require.Contains(t, read(t, b, "docs/book/README.md"), "-->\n- [1. One](01-one.md)\n- [A. More](a-add.md)\n- [B. Glossary](../glossary.md)\n<!--")
	require.Empty(t, problems(t, b))
	changed, _, err = b.Do(t.Context(), Work{Write: true})
	require.NoError(t, err)
	require.Empty(t, changed, "there is nothing more to write")
}

func TestADriftIsFoundAndSaysWhatToDo(t *testing.T) {
	b := open(t, small())
	_, _, err := b.Do(t.Context(), Work{Write: true})
	require.NoError(t, err)
	file := filepath.Join(b.Root, "mm/addr.go")
	text := read(t, b, "mm/addr.go")
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(text, "println(1)", "println(2)", 1)), 0o644))
	found := problems(t, b)
	require.Len(t, found, 1)
	require.Equal(t, "docs/book/01-one.md:3: code mm/addr.go#A+body is not what it should be: run "+
		"'build/vit book update docs/book/01-one.md'\n\t \n\t-println(1)\n\t+println(2)", found[0])
}

func TestWhatIsWrongIsNamedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ name, file, old, now, says string }{
		{"a region that is gone", "mm/addr.go", "\t// book:begin body\n", "", `docs/book/01-one.md:3: mm/addr.go: line 8 ends the region "body"`},
		{"a declaration that is gone", "mm/addr.go", "type A", "type B", `docs/book/01-one.md:3: mm/addr.go: it declares no "A"`},
		{"an empty region", "mm/addr.go", "println(1)", "", `the region "body" is empty`},
		{"a region that is not shown", "docs/book/01-one.md", "A+body", "A", "mm/addr.go:7: the region body is shown nowhere"},
		{"an end that is nowhere shown", "mm/addr.go", "package mm\n", "package mm\n// book:end other\n", `mm/addr.go:2: this ends the region "other"`},
		{"a marker with a mistake", "mm/addr.go", "package mm\n", "package mm\n// book:start other\n", "mm/addr.go:2: this marks no region"},
		{"a dead link", "docs/book/01-one.md", "glossary.md#", "glosary.md#", "docs/book/01-one.md:14: the link ../glosary.md#word"},
		{"a dead anchor", "docs/book/01-one.md", "#word", "#ward", "docs/glossary.md has neither a heading nor an anchor #ward"},
		{"a name that is not there", "docs/book/01-one.md", "`mm.A`", "`mm.AB`", "docs/book/01-one.md:14: package mm declares no AB"},
		{"a term without an anchor", "docs/glossary.md", `<a id="word"></a>`, "", `docs/glossary.md:3: write <a id="word"></a>`},
		{"a word that is no option", "docs/book/01-one.md", "A+body", "A+body cow", `what is "cow"?`},
		{"a chapter that the contents lack", "docs/book/a-add.md", "More", "Less", "docs/book/README.md:3: contents is not what"},
		{"a block without an end", "docs/book/README.md", "<!-- end -->", "", "docs/book/README.md:3: the block contents has no end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, small())
			_, _, err := b.Do(t.Context(), Work{Write: true})
			require.NoError(t, err)
			text := read(t, b, c.file)
			require.Contains(t, text, c.old)
			require.NoError(t, os.WriteFile(filepath.Join(b.Root, c.file), []byte(strings.Replace(text, c.old, c.now, 1)), 0o644))
			b, err = Open(b.Root, nil)
			require.NoError(t, err)
			require.Contains(t, strings.Join(problems(t, b), "\n"), c.says)
		})
	}
}

func TestAMistakeInOneBlockKeepsNoOtherFromBeingWritten(t *testing.T) {
	files := small()
	files["docs/book/01-one.md"] = "# One\n<!-- code mm/addr.go#None -->\nkept\n<!-- end -->\n<!-- code mm/addr.go#A -->\n<!-- end -->\n"
	b := open(t, files)
	_, found, err := b.Do(t.Context(), Work{Files: []string{"docs/book/01-one.md"}, Write: true})
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Contains(t, read(t, b, "docs/book/01-one.md"), "kept\n<!-- end -->")
	require.Contains(t, read(t, b, "docs/book/01-one.md"), "type A int")
}
