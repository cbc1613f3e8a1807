package names

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
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
	known := parser.NewContext() // of the definitions of links
	doc := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(source), parser.WithContext(known))
	line := 1
	report := func(err error) {
		if err != nil {
			all = append(all, Problem{Line: line, Text: err.Error()})
		}
	}
	level, led := 0, map[string]bool{}
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
		case *ast.Paragraph, *ast.TextBlock, *extast.TableCell:
			report(notLinks(n, source))
		case *ast.RawHTML:
			report(ownHTML(n.Segments, source))
		case *ast.HTMLBlock:
			report(ownHTML(n.Lines(), source))
		case *ast.Link:
			led[string(n.Destination)] = true
			report(x.Link(name, markdown, string(n.Destination)))
		case *ast.Image:
			led[string(n.Destination)] = true
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
	for _, r := range known.References() {
		if to := string(r.Destination()); !led[to] {
			at, _, _ := strings.Cut(markdown, "["+string(r.Label())+"]:")
			line = 1 + strings.Count(at, "\n")
			report(x.Link(name, markdown, to))
		}
	}
	if strings.Count("\n"+withoutFences(markdown), "\n# ") != 1 {
		all = append(all, Problem{Line: 1, Text: "a page has one heading of the first level (# Title), and no more"})
	}
	return all
}

var (
	likeLink = regexp.MustCompile(`\[[^\[\]]*\](?:\([^)]*\)|\[[^\]]*\])`)
	comments = regexp.MustCompile(`(?s)<!--.*?-->`)
	anchor   = regexp.MustCompile(`^\s*(?:<a (?:id|name)="[^"]+">|</a>|\s)*$`)
)

// notLinks finds text that was to be a link, or a picture, and is none: without
// a definition for its name, or with a blank where it leads.
func notLinks(n ast.Node, source []byte) error {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(source))
		} else {
			b.WriteByte('\n') // code, links: nothing goes across them
		}
	}
	if found := likeLink.FindString(b.String()); found != "" {
		return fmt.Errorf("%s is no link: what is in the second brackets is not defined, or has a blank in it", found)
	}
	return nil
}

// ownHTML refuses HTML other than comments and anchors: the web site is made of
// Markdown.
func ownHTML(segments *text.Segments, source []byte) error {
	var b strings.Builder
	for i := range segments.Len() {
		s := segments.At(i)
		b.Write(s.Value(source))
	}
	if html := comments.ReplaceAllString(b.String(), ""); !anchor.MatchString(html) {
		return fmt.Errorf(`HTML is not for pages, but for anchors, <a id="..."></a>: write Markdown for %s`, strings.TrimSpace(html))
	}
	return nil
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
