package names

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// Problem is something wrong on a page.
type Problem struct {
	Line int // from 1
	Text string
}

// Page checks the links, the words in backticks and the headings of a page,
// whose path from the root is name.
func (x *Index) Page(name, markdown string) (all []Problem) {
	source := []byte(markdown)
	doc := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(source))
	line := 1
	report := func(err error) {
		if err != nil {
			all = append(all, Problem{Line: line, Text: err.Error()})
		}
	}
	level := 0
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if at := offset(n); at >= 0 {
			line = 1 + strings.Count(markdown[:at], "\n")
		}
		switch n := n.(type) {
		case *ast.Heading:
			report(headingLevel(level, n.Level))
			level = n.Level
		case *ast.Link:
			report(x.Link(name, markdown, string(n.Destination)))
		case *ast.Image:
			report(x.Link(name, markdown, string(n.Destination)))
			if len(strings.TrimSpace(plain(n, source))) == 0 {
				report(fmt.Errorf("the picture %s has no text for those who cannot see it: ![text](file)", n.Destination))
			}
		case *ast.CodeSpan:
			report(x.Word(name, plain(n, source)))
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	if strings.Count("\n"+withoutFences(markdown), "\n# ") != 1 {
		all = append(all, Problem{Line: 1, Text: "a page has one heading of the first level (# Title), and no more"})
	}
	return all
}

// headingLevel refuses a heading that leaves a level out.
func headingLevel(above, level int) error {
	if level > above+1 {
		return fmt.Errorf("a heading of level %d follows one of level %d: leave no level out", level, above)
	}
	return nil
}

// offset returns where a node begins in the source; -1 if it does not say.
func offset(n ast.Node) int {
	for n != nil {
		if t, ok := n.(*ast.Text); ok {
			return t.Segment.Start
		}
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			return n.Lines().At(0).Start
		}
		n = n.FirstChild()
	}
	return -1
}

// plain returns the text of a node.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

var lineAnchor = regexp.MustCompile(`^L(\d+)(?:-L(\d+))?$`)

// Link checks where a link on a page leads: to a file of the repository, and
// to a heading, an anchor or a line in it. Links to other sites are not followed.
func (x *Index) Link(page, markdown, to string) error {
	u, err := url.Parse(to)
	if err != nil {
		return fmt.Errorf("the link %s is no link: %w", to, err)
	}
	if u.Scheme != "" {
		if u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "mailto" {
			return fmt.Errorf("the link %s leads to a %s", to, u.Scheme)
		}
		return nil
	}
	target := page
	if u.Path != "" {
		target = path.Join(path.Dir(page), u.Path)
		data, err := os.Stat(filepath.Join(x.Root, target))
		if err != nil || strings.HasPrefix(target, "..") || strings.HasPrefix(target, "build/") {
			return fmt.Errorf("the link %s leads to %s, which is not there", to, target)
		}
		if data.IsDir() || u.Fragment == "" {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(x.Root, target))
		if err != nil {
			return err
		}
		markdown = string(text)
	}
	if u.Fragment == "" {
		return nil
	}
	if path.Ext(target) != ".md" {
		return lines(target, markdown, u.Fragment)
	}
	if !x.anchors(target, markdown)[u.Fragment] {
		return fmt.Errorf("%s has neither a heading nor an anchor #%s", target, u.Fragment)
	}
	return nil
}

// lines checks an anchor of the form L12 or L12-L20.
func lines(target, text, anchor string) error {
	m := lineAnchor.FindStringSubmatch(anchor)
	if m == nil {
		return fmt.Errorf("%s#%s: anchors in sources are lines: #L12", target, anchor)
	}
	for _, digits := range m[1:] {
		if n, _ := strconv.Atoi(digits); n > strings.Count(text, "\n") {
			return fmt.Errorf("%s has no line %d", target, n)
		}
	}
	return nil
}

// anchors returns the anchors of a page that is unchanged while x is in use.
func (x *Index) anchors(target, markdown string) map[string]bool {
	if a, ok := x.headings.Load(target); ok {
		return a.(map[string]bool)
	}
	a := Anchors(markdown)
	x.headings.Store(target, a)
	return a
}

var (
	notSlug  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	named    = regexp.MustCompile(`<a (?:id|name)="([^"]+)">`)
	linkText = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// Slug is the anchor that code-hosting sites make of a heading.
func Slug(heading string) string {
	heading = linkText.ReplaceAllString(heading, "$1")
	h := strings.ToLower(strings.TrimSpace(heading))
	return strings.ReplaceAll(notSlug.ReplaceAllString(h, ""), " ", "-")
}

// Anchors returns the anchors of a page: its headings', where one that is
// there again is counted, and those that stand in it as <a id="...">.
func Anchors(markdown string) map[string]bool {
	all := map[string]bool{}
	prose := withoutFences(markdown)
	for line := range strings.Lines(prose) {
		if title := strings.TrimLeft(line, "#"); title != line && strings.HasPrefix(title, " ") {
			slug := Slug(title)
			for n := 1; all[slug]; n++ {
				slug = fmt.Sprintf("%s-%d", Slug(title), n)
			}
			all[slug] = true
		}
	}
	for _, m := range named.FindAllStringSubmatch(prose, -1) {
		all[m[1]] = true
	}
	return all
}

// withoutFences returns a page without its blocks of code.
func withoutFences(markdown string) string {
	var out strings.Builder
	fence := ""
	for line := range strings.Lines(markdown) {
		trimmed := strings.TrimSpace(line)
		mark := trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "`"))]
		switch {
		case fence != "":
			if len(mark) >= len(fence) && trimmed == mark {
				fence = ""
			}
			out.WriteString("\n")
		case len(mark) >= 3:
			fence = mark
			out.WriteString("\n")
		default:
			out.WriteString(line)
		}
	}
	return out.String()
}
