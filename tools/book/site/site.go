// Package site makes a web site of the book: static files that need no server
// and ask nobody on the network for anything.
//
//	docs/book/README.md        index.html
//	docs/book/07-x.md          07-x.html
//	docs/glossary.md           glossary.html
//	docs/book/figures/x.svg    figures/x.svg
//	docs/HACKING.md            docs/HACKING.html      what chapters link to
//	mm/frame/tree.go           src/mm/frame/tree.go.html
//	                           assets/                style, search and its index
//	                           print.html             all chapters, for paper
//
// Where to start reading: Build, then page.render in markdown.go.
package site

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

//go:embed assets
var assets embed.FS

// Chapter is a page of the book, in the order in which it is read.
type Chapter struct {
	File  string // from the top folder
	Title string
}

// site is a site in the making.
type site struct {
	root, out string
	chapters  []Chapter
	layout    *template.Template
	done      map[string]bool // files that have a page, or wait for one
	waiting   []string
	index     index
}

// Build makes the site of the repository at root in the folder out.
//
// Errors: a file that cannot be read or written, or that a chapter links to and
// that is not there.
func Build(root, out string, chapters []Chapter) error {
	if len(chapters) == 0 {
		return errors.New("the book has no chapters")
	}
	layout, err := template.ParseFS(assets, "assets/*.html")
	if err != nil {
		return err
	}
	s := &site{root: root, out: out, chapters: chapters, layout: layout, done: map[string]bool{}}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	for _, c := range chapters {
		s.done[c.File] = true
	}
	var whole []printed
	for i, c := range chapters {
		p, err := s.chapter(i, c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		whole = append(whole, p)
	}
	if err := s.print(whole); err != nil {
		return err
	}
	for len(s.waiting) > 0 {
		file := s.waiting[0]
		s.waiting = s.waiting[1:]
		if err := s.other(file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if err := s.write("assets/index.js", s.index.script()); err != nil {
		return err
	}
	for _, name := range []string{"style.css", "code.css", "book.js"} {
		text, err := fs.ReadFile(assets, "assets/"+name)
		if err != nil {
			return err
		}
		if err := s.write("assets/"+name, text); err != nil {
			return err
		}
	}
	return nil
}

// address returns where a file's page is on the site, from its top.
func (s *site) address(file string) string {
	for _, c := range s.chapters {
		if c.File == file {
			return chapterAddress(file)
		}
	}
	switch {
	case strings.HasPrefix(file, bookDir+"/") && path.Ext(file) != ".md" && isPicture(file):
		return strings.TrimPrefix(file, bookDir+"/")
	case isPicture(file):
		return file
	case path.Ext(file) == ".md":
		return strings.TrimSuffix(file, ".md") + ".html"
	}
	return "src/" + file + ".html"
}

const bookDir = "docs/book"

func chapterAddress(file string) string {
	name := strings.TrimSuffix(path.Base(file), ".md")
	if name == "README" {
		name = "index"
	}
	return name + ".html"
}

func isPicture(file string) bool {
	switch path.Ext(file) {
	case ".svg", ".png":
		return true
	}
	return false
}

// need makes sure that a file will be on the site.
func (s *site) need(file string) {
	if !s.done[file] {
		s.done[file] = true
		s.waiting = append(s.waiting, file)
	}
}

// other makes the page of something that another page links to.
func (s *site) other(file string) error {
	info, err := os.Stat(filepath.Join(s.root, file))
	if err != nil {
		return err
	}
	if info.IsDir() {
		return s.folder(file)
	}
	text, err := os.ReadFile(filepath.Join(s.root, file))
	switch {
	case err != nil:
		return err
	case isPicture(file):
		return s.write(s.address(file), text)
	case path.Ext(file) == ".md":
		return s.document(file, string(text))
	}
	return s.source(file, string(text))
}

// view is what a page's layout shows.
type view struct {
	Title      string
	Up         string // from the page to the site's top: "" or "../../"
	Chapters   []entry
	Headings   []heading
	Body       template.HTML
	Prev, Next *entry
	Kind       string // chapter, document or source
}

// entry is a chapter in the contents.
type entry struct {
	Title, Address string
	Here           bool
}

// show writes a page.
func (s *site) show(address string, v view) error {
	v.Up = strings.Repeat("../", strings.Count(address, "/"))
	for _, c := range s.chapters {
		e := entry{Title: c.Title, Address: v.Up + chapterAddress(c.File), Here: chapterAddress(c.File) == address}
		v.Chapters = append(v.Chapters, e)
	}
	var b bytes.Buffer
	if err := s.layout.ExecuteTemplate(&b, "page.html", v); err != nil {
		return err
	}
	return s.write(address, b.Bytes())
}

// write writes a file of the site.
func (s *site) write(address string, text []byte) error {
	file := filepath.Join(s.out, filepath.FromSlash(address))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}
