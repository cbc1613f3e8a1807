package site

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"vitrine/tools/book/names"
)

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
