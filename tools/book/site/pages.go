package site

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// chapter makes the page of a chapter, and returns it for paper.
func (s *site) chapter(i int, c Chapter) (printed, error) {
	text, err := os.ReadFile(filepath.Join(s.root, c.File))
	if err != nil {
		return printed{}, err
	}
	address := chapterAddress(c.File)
	p := page{site: s, file: c.File, address: address}
	body, err := p.render(string(text))
	if err != nil {
		return printed{}, err
	}
	v := view{Title: c.Title, Body: template.HTML(body), Headings: p.headings, Kind: "chapter"}
	if i > 0 {
		v.Prev = &entry{Title: s.chapters[i-1].Title, Address: chapterAddress(s.chapters[i-1].File)}
	}
	if i+1 < len(s.chapters) {
		v.Next = &entry{Title: s.chapters[i+1].Title, Address: chapterAddress(s.chapters[i+1].File)}
	}
	if err := s.show(address, v); err != nil {
		return printed{}, err
	}
	s.index.add(c.Title, address, p.sections)
	paper := page{site: s, file: c.File, address: "print.html", paper: true}
	body, err = paper.render(string(text))
	return printed{Name: chapterName(c.File), Body: template.HTML(body)}, err
}

// document makes the page of another page of Markdown.
func (s *site) document(file, text string) error {
	p := page{site: s, file: file, address: s.address(file)}
	body, err := p.render(text)
	if err != nil {
		return err
	}
	title := file
	if len(p.headings) > 0 {
		title = p.headings[0].Text
	}
	return s.show(p.address, view{Title: title, Body: template.HTML(body), Headings: p.headings, Kind: "document"})
}

// source makes the page of a source: its lines, with numbers to link to.
func (s *site) source(file, text string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<h1>%s</h1>\n", html.EscapeString(file))
	if err := numbered(&b, file, text); err != nil {
		return err
	}
	return s.show(s.address(file), view{Title: file, Body: template.HTML(b.String()), Kind: "source"})
}

// folder makes the page of a folder of sources: its files.
func (s *site) folder(dir string) error {
	entries, err := os.ReadDir(filepath.Join(s.root, dir))
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<h1>%s</h1>\n<ul>\n", html.EscapeString(dir))
	for _, e := range entries {
		file := path.Join(dir, e.Name())
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") || !readable(file) {
			continue
		}
		s.need(file)
		up := strings.Repeat("../", strings.Count(s.address(dir), "/"))
		fmt.Fprintf(&b, "<li><a href=\"%s\"><code>%s</code></a></li>\n", html.EscapeString(up+s.address(file)), html.EscapeString(e.Name()))
	}
	b.WriteString("</ul>\n")
	return s.show(s.address(dir), view{Title: dir, Body: template.HTML(b.String()), Kind: "source"})
}

// readable tells whether a file is text that people read.
func readable(file string) bool {
	switch path.Ext(file) {
	case ".go", ".s", ".S", ".ld", ".md", ".py", ".sh", ".mk", ".patch", ".txtar", ".mod":
		return true
	}
	return path.Base(file) == "Makefile"
}

// printed is a chapter on paper.
type printed struct {
	Name string
	Body template.HTML
}

// print writes all chapters on one page. The first has the contents.
func (s *site) print(chapters []printed) error {
	var b bytes.Buffer
	err := s.layout.ExecuteTemplate(&b, "print.html", map[string]any{
		"Title": s.chapters[0].Title, "Chapters": chapters,
	})
	if err != nil {
		return err
	}
	return s.write("print.html", b.Bytes())
}

// chapterName is a chapter's anchor on paper.
func chapterName(file string) string { return strings.TrimSuffix(chapterAddress(file), ".html") }
