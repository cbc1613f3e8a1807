package site

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	rendererhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"vitrine/tools/book/names"
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

func (p *page) link(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	to := p.resolve(string(n.(*ast.Link).Destination))
	if to == "" {
		return ast.WalkContinue, nil // only its text
	}
	if !entering {
		w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	class := ""
	if strings.Contains(to, "://") {
		class = ` class="outside"`
	}
	fmt.Fprintf(w, "<a href=\"%s\"%s>", html.EscapeString(to), class)
	return ast.WalkContinue, nil
}

func (p *page) image(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	image := n.(*ast.Image)
	file := path.Join(path.Dir(p.file), string(image.Destination))
	if _, err := os.Stat(filepath.Join(p.site.root, file)); err != nil {
		p.problems = append(p.problems, fmt.Errorf("there is no picture %s", file))
		return ast.WalkSkipChildren, nil
	}
	p.site.need(file)
	// Within a paragraph: hence a span. On a narrow screen it scrolls sideways.
	fmt.Fprintf(w, "<span class=\"picture\" tabindex=\"0\" role=\"region\" aria-label=\"Picture\"><img src=\"%s\" alt=\"%s\" loading=\"lazy\"></span>", html.EscapeString(p.up()+p.site.address(file)), html.EscapeString(plain(n, source)))
	return ast.WalkSkipChildren, nil
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

// up is the way from this page to the site's top.
func (p *page) up() string { return strings.Repeat("../", strings.Count(p.address, "/")) }

// resolve returns where a link of this page leads on the site; "" if on paper
// there is no such place.
func (p *page) resolve(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" {
		return to
	}
	file := p.file
	if u.Path != "" {
		file = path.Join(path.Dir(p.file), u.Path)
	}
	fragment := u.Fragment
	if p.paper {
		for _, c := range p.site.chapters {
			if c.File == file {
				name := chapterName(file)
				if fragment != "" {
					name += "--" + fragment
				}
				return "#" + name
			}
		}
		return ""
	}
	if file == p.file && u.Path == "" {
		return "#" + fragment
	}
	if _, err := os.Stat(filepath.Join(p.site.root, file)); err != nil {
		p.problems = append(p.problems, fmt.Errorf("the link %s leads to %s, which is not there", to, file))
		return to
	}
	p.site.need(file)
	address := p.up() + p.site.address(file)
	if fragment != "" {
		fragment, _, _ = strings.Cut(fragment, "-L") // lines L3-L9: the first
		address += "#" + fragment
	}
	return address
}

// collect gives the headings their anchors and cuts the page into sections.
func (p *page) collect(doc ast.Node, source []byte) {
	current := section{}
	flush := func() {
		if current.text != "" || current.title != "" {
			p.sections = append(p.sections, current)
		}
	}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			current.text += words(n, source) + " "
			continue
		}
		flush()
		title := plain(n, source)
		slug := names.Slug(title)
		for i := 1; p.slugs[slug]; i++ {
			slug = fmt.Sprintf("%s-%d", names.Slug(title), i)
		}
		p.slugs[slug] = true
		n.SetAttributeString("slug", slug)
		p.headings = append(p.headings, heading{h.Level, title, slug})
		current = section{title: title, slug: slug}
	}
	flush()
}

// plain returns the text of inline nodes.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(n.Segment.Value(source))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// words returns the text of a block, code included.
func words(n ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindFencedCodeBlock, ast.KindCodeBlock:
			for i := range n.Lines().Len() {
				s := n.Lines().At(i)
				b.Write(s.Value(source))
			}
			return ast.WalkSkipChildren, nil
		case ast.KindParagraph, ast.KindTextBlock, extast.KindTableCell:
			b.WriteString(plain(n, source) + " ")
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
