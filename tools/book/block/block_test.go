package block

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const page = `# Title

Text.

<!-- code mm/addr.go#PhysAddr+VirtAddr nodoc -->
` + "```go\ntype PhysAddr uint64\n```" + `
<!-- end -->

More text.
<!-- shell smp=4 append="layout=de \"x\"" fresh -->
<!-- end -->
`

func TestAPageIsCutIntoTextAndBlocks(t *testing.T) {
	p, errs := Parse(page)
	require.Empty(t, errs)
	require.Len(t, p.Parts, 5)
	code := p.Parts[1].Block
	require.Equal(t, "code", code.Kind)
	require.Equal(t, []string{"mm/addr.go#PhysAddr+VirtAddr", "nodoc"}, code.Words)
	require.Equal(t, 5, code.Line)
	require.Equal(t, []Fence{{Language: "go", Lines: []string{"type PhysAddr uint64"}, At: 1}}, code.Fences())
	shell := p.Parts[3].Block
	require.Equal(t, map[string]string{"smp": "4", "append": `layout=de "x"`}, shell.Options)
	require.True(t, shell.Has("fresh"))
	require.Empty(t, shell.Body)
	require.Equal(t, page, p.String())
}

func TestABodyCanBeReplaced(t *testing.T) {
	p, errs := Parse(page)
	require.Empty(t, errs)
	p.Blocks()[1].Body = Fenced("console", []string{"vitrine> echo"})
	require.Equal(t, strings.Replace(page, "fresh -->\n", "fresh -->\n```console\nvitrine> echo\n```\n", 1), p.String())
}

func TestAFenceIsLongerThanWhatIsInIt(t *testing.T) {
	require.Equal(t, []string{"````md", "```", "````"}, Fenced("md", []string{"```"}))
}

func TestMistakesAreNamedWithTheirLine(t *testing.T) {
	for _, c := range []struct {
		name, page string
		line       int
		says       string
	}{
		{"no end", "\n<!-- code a.go#B -->\ntext", 2, "has no end"},
		{"the next block begins first", "<!-- code a.go#B -->\n<!-- host -->\n<!-- end -->", 1, "has no end"},
		{"an end too many", "a\n\n<!-- end -->", 3, "without a block"},
		{"an unknown kind", "<!-- cod a.go#B -->", 1, `called "cod"; there are broken, code`},
		{"an option twice", "<!-- shell smp=1 smp=2 -->\n<!-- end -->", 1, "twice"},
		{"a fence that is not closed", "text\n~~~go\nfunc\n", 2, "has no end: add a line ~~~"},
		{"a comment in a line", "see <!-- code a.go#B -->", 1, "on a line of its own"},
		{"an end that is none", "\n<!--end-->", 2, "on a line of its own"},
		{"a kind in capitals", "<!-- SHELL -->", 1, "in small letters"},
		{"a comment over lines", "<!-- code\na.go#B -->", 1, "on a line of its own"},
		{"a quote that is not closed", "<!-- shell append=\"x -->\n", 1, "not closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, errs := Parse(c.page)
			require.NotEmpty(t, errs)
			require.Equal(t, c.line, errs[0].Line)
			require.Contains(t, errs[0].Error(), c.says)
			require.Equal(t, c.page, p.String())
		})
	}
}

func TestCommentsInCodeAreCode(t *testing.T) {
	text := "```md\n<!-- code a.go#B -->\n```\n<!-- shell -->\n```console\n<!-- end -->\n```\n<!-- end -->"
	p, errs := Parse(text)
	require.Empty(t, errs)
	require.Len(t, p.Blocks(), 1)
	require.Equal(t, []string{"<!-- end -->"}, p.Blocks()[0].Fences()[0].Lines)
}

func TestWordsAndOptionsThatNobodyKnowsAreRefused(t *testing.T) {
	p, _ := Parse("<!-- shell smp=2 cow=1 fresh -->\n<!-- end -->")
	b := p.Blocks()[0]
	require.ErrorContains(t, b.Only(1, "smp"), `no option "cow"; there are smp`)
	require.ErrorContains(t, b.Only(0, "smp", "cow"), `"fresh"`)
	require.NoError(t, b.Only(1, "smp", "cow"))
}

// Whatever the page: nothing of it is lost, and what was written is read again.
func FuzzParse(f *testing.F) {
	f.Add(page)
	f.Add("<!-- code x -->\n~~~\n<!-- end -->\n~~~~\n<!-- end -->\r\n")
	f.Add("<!-- shell a=\"\\x41\" b -->\n<!-- end -->\n<!-- host -->")
	f.Fuzz(func(t *testing.T, text string) {
		p, _ := Parse(text)
		require.Equal(t, text, p.String())
		again, _ := Parse(p.String())
		require.Equal(t, p, again)
		for _, b := range p.Blocks() {
			for _, fence := range b.Fences() {
				require.LessOrEqual(t, fence.At+len(fence.Lines), len(b.Body))
			}
		}
	})
}
