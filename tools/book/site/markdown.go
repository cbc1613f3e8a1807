package site

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	rendererhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// page is a page of Markdown on its way to HTML.
type page struct {
	site     *site
	file     string // from the top folder
	address  string // on the site
	paper    bool   // on print.html, with other chapters
	headings []heading
	sections []section
	slugs    map[string]bool
	problems []error
}

// heading is a heading of a page.
type heading struct {
	Level      int
	Text, Slug string
}

// ownComment is a comment of the book's tool, or of archtest.
var ownComment = regexp.MustCompile(`(?m)^<!--.*-->[ \t]*\n`)

// render returns a page as HTML.
//
// Errors: a link to what is not there.
func (p *page) render(markdown string) (string, error) {
	p.slugs = map[string]bool{}
	source := []byte(ownComment.ReplaceAllString(markdown, ""))
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough),
		goldmark.WithRendererOptions(
			rendererhtml.WithUnsafe(), // anchors: <a id="...">
			renderer.WithNodeRenderers(util.Prioritized(p, 100)),
		),
	)
	doc := md.Parser().Parse(text.NewReader(source))
	p.collect(doc, source)
	var b bytes.Buffer
	if err := md.Renderer().Render(&b, source, doc); err != nil {
		return "", err
	}
	return b.String(), errors.Join(p.problems...)
}

// RegisterFuncs tells goldmark what this package renders in its own way.
func (p *page) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHeading, p.heading)
	r.Register(ast.KindLink, p.link)
	r.Register(ast.KindImage, p.image)
	r.Register(ast.KindFencedCodeBlock, p.fenced)
	r.Register(extast.KindTable, p.table)
	r.Register(ast.KindRawHTML, p.raw)
}

// anchor returns a name on this page as it is on the site's.
func (p *page) anchor(name string) string {
	if p.paper {
		return chapterName(p.file) + "--" + name
	}
	return name
}

func (p *page) heading(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	h := n.(*ast.Heading)
	if !entering {
		fmt.Fprintf(w, "</h%d>\n", h.Level)
		return ast.WalkContinue, nil
	}
	slug := p.slug(n, source)
	if p.paper && h.Level == 1 {
		fmt.Fprintf(w, "<h1 id=%q>", chapterName(p.file))
		return ast.WalkContinue, nil
	}
	fmt.Fprintf(w, "<h%d id=%q>", h.Level, p.anchor(slug))
	if !p.paper && h.Level > 1 {
		fmt.Fprintf(w, "<a class=\"here\" href=\"#%s\" aria-label=\"Link to this section\">#</a>", slug)
	}
	return ast.WalkContinue, nil
}

// slug returns a heading's anchor, which collect has given it.
func (p *page) slug(n ast.Node, source []byte) string {
	v, _ := n.AttributeString("slug")
	s, _ := v.(string)
	return s
}

func (p *page) table(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>\n")
	} else {
		w.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

var idAttribute = regexp.MustCompile(`<a (?:id|name)="([^"]+)">`)

// raw passes anchors, and nothing else.
func (p *page) raw(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	segments := n.(*ast.RawHTML).Segments
	for i := range segments.Len() {
		s := segments.At(i)
		tag := string(s.Value(source))
		if m := idAttribute.FindStringSubmatch(tag); m != nil {
			fmt.Fprintf(w, "<a id=%q>", p.anchor(m[1]))
		} else if tag == "</a>" {
			w.WriteString(tag)
		}
	}
	return ast.WalkSkipChildren, nil
}
