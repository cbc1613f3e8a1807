package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const goFile = `// Package x is for tests.
package x

// A and B.
const (
	A = 1 // one
	B = 2
)

// T is a type.
//
// book:begin type
type T[E any] struct{ e E }

// Get gets.
func (t *T[E]) Get() E {
	// book:begin body
	if true {
		return t.e
	}
	// book:end body
	return t.e
}

// book:end type

// book:begin empty

// book:end empty
// book:begin open
func f() {}
`

const asmFile = `// one counts.
TEXT ·one(SB), 0, $0
	RET

// two is
// longer.
TEXT ·two(SB), 0, $0
	NOP
	RET
`

// tree writes files into a folder.
func tree(t *testing.T) string {
	root := t.TempDir()
	for name, text := range map[string]string{
		"x.go": goFile, "x.s": asmFile, "boot.ld": "/* book:begin a */\n  x = 1;\n    y = 2;\n/* book:end a */\n",
		"b.go": "package broken(",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o644))
	}
	return root
}

func TestMarkersThatMarkNothingAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"// book:begin a\nx\n// book:end a\n# book:begin b\n# book:end b": "",
		"/* book:begin a */\n":                                       `1: the region "a" does not end`,
		"\n# book:end a":                                             `2: this ends the region "a"`,
		"# book:begin a\n# book:begin a\n# book:end a":               `2: the region "a" begins for the second time`,
		"# book:begin a\n# book:end a\n# book:begin a\n# book:end a": `3: the region "a" begins for the second time`,
		"# book:begin a\n# book:end a\n# book:end a":                 `3: this ends the region "a"`,
		"x // book:begin a":                                          "1: this marks no region",
		"// book:begin":                                              "1: this marks no region",
		"// book:begin a b":                                          "1: this marks no region",
		"// book:stop a":                                             "1: this marks no region",
		"book: book.mk # the book: a":                                "",
	} {
		found := Mistakes(text)
		if want == "" {
			require.Empty(t, found, text)
			continue
		}
		require.Len(t, found, 1, text)
		require.Contains(t, fmt.Sprintf("%d: %s", found[0].Line, found[0].Text), want)
	}
}

func TestPiecesOfSources(t *testing.T) {
	root := tree(t)
	for _, c := range []struct {
		place string
		nodoc bool
		line  int
		want  string
	}{
		{place: "x.go#A", line: 4, want: "// A and B.\nconst (\n\tA = 1 // one\n\tB = 2\n)"},
		{place: "x.go#A", nodoc: true, line: 5, want: "const (\n\tA = 1 // one\n\tB = 2\n)"},
		{place: "x.go#T", line: 10, want: "// T is a type.\n//\ntype T[E any] struct{ e E }"},
		{place: "x.go#T.Get", nodoc: true, line: 16, want: "func (t *T[E]) Get() E {\n\tif true {\n\t\treturn t.e\n\t}\n\treturn t.e\n}"},
		{place: "x.go#body", line: 18, want: "if true {\n\treturn t.e\n}"},
		{place: "x.s#one", line: 1, want: "// one counts.\nTEXT ·one(SB), 0, $0\n\tRET"},
		{place: "x.s#two", nodoc: true, line: 7, want: "TEXT ·two(SB), 0, $0\n\tNOP\n\tRET"},
		{place: "boot.ld#a", line: 2, want: "x = 1;\n  y = 2;"},
		{place: "boot.ld", line: 2, want: "  x = 1;\n    y = 2;"},
	} {
		t.Run(c.place, func(t *testing.T) {
			e, err := Read(root, c.place, !c.nodoc)
			require.NoError(t, err)
			require.Len(t, e.Pieces, 1)
			require.Equal(t, c.line, e.Pieces[0].Line)
			if c.place == "boot.ld" {
				c.want = strings.TrimPrefix(strings.ReplaceAll(c.want, "\n  ", "\n"), "  ")
			}
			require.Equal(t, c.want, strings.Join(e.Pieces[0].Lines, "\n"))
		})
	}
}

func TestSeveralNamesGiveSeveralPieces(t *testing.T) {
	e, err := Read(tree(t), "x.go#A+B+T.Get", true)
	require.NoError(t, err)
	require.Len(t, e.Pieces, 2, "A and B are one group")
	require.Equal(t, "go", e.Language)
}

func TestWhatIsNotThereIsAnErrorThatHelps(t *testing.T) {
	root := tree(t)
	for place, says := range map[string]string{
		"y.go#A":      "no file y.go",
		"../x.go#A":   "not a file in the repository",
		"x.go#C":      "it declares A, B, T, T.Get, f",
		"x.go#empty":  `region "empty" is empty`,
		"x.go#open":   "does not end: add book:end open",
		"x.s#three":   "functions are one, two",
		"boot.ld#b":   "book:begin b",
		"b.go#A":      "expected",
		"x.go#A+nope": `no "nope"`,
	} {
		_, err := Read(root, place, true)
		require.ErrorContains(t, err, says, place)
	}
}

func TestRegionsAreListed(t *testing.T) {
	require.Equal(t, map[string]int{"type": 12, "body": 17, "empty": 27, "open": 30}, Regions(goFile))
}
