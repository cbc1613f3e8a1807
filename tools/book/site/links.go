package site

import (
	"fmt"
	"html"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

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
