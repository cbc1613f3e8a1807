// Package book keeps the book of docs/book true.
//
// Its chapters are Markdown that people write, with blocks that this package
// writes: pieces of the sources, sessions at the kernel's prompt, figures
// (package block says how a block looks). Update writes them anew; Check says
// where they no longer are what would be written, and what else is wrong: dead
// links, names that do not exist.
//
//	page -> block.Parse -> for each block: what it should be -> compare, or write
//	                                |
//	        source   (code)     <---+---> session (shell, gdb, host, broken)
//	        figure   (figure, screen)     exercise
//
// Where to start reading: Book.Do.
package book

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"vitrine/tools/book/block"
	"vitrine/tools/book/names"
)

// Dir is the book's folder.
const Dir = "docs/book"

// Book is the book of a repository.
type Book struct {
	Root  string
	Index *names.Index
}

// Problem is something that is wrong. Its text says what to do about it.
type Problem struct {
	File string
	Line int
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text) }

// Work is what to do with pages.
type Work struct {
	Files []string // from the top folder; none: the whole book
	Write bool     // write what differs; otherwise it is a problem
}

// Open reads the names of the repository at root. Commands are those of vit.
func Open(root string, commands []string) (*Book, error) {
	x, err := names.New(root, commands)
	if err != nil {
		return nil, err
	}
	return &Book{Root: root, Index: x}, nil
}

// Pages returns the book's pages in the order in which they are read: the
// contents, the chapters, the appendices.
func (b *Book) Pages() ([]string, error) {
	found, err := filepath.Glob(filepath.Join(b.Root, Dir, "*.md"))
	var pages []string
	for _, file := range found {
		pages = append(pages, path.Join(Dir, filepath.Base(file)))
	}
	slices.Sort(pages) // README, 01-..., a-...
	if i := slices.Index(pages, Dir+"/README.md"); i > 0 {
		pages = slices.Insert(slices.Delete(pages, i, i+1), 0, Dir+"/README.md")
	}
	return pages, err
}

// Do checks pages, or brings them up to date. Changed are the files that it
// has written.
//
// Errors: a page that cannot be read or written. What is wrong on pages are
// problems.
func (b *Book) Do(w Work) (changed []string, problems []Problem, err error) {
	pages := w.Files
	if len(pages) == 0 {
		if pages, err = b.Pages(); err != nil {
			return nil, nil, err
		}
	}
	for _, file := range pages {
		was, err := os.ReadFile(filepath.Join(b.Root, file))
		if err != nil {
			return changed, problems, err
		}
		now, found := b.page(file, string(was), w)
		problems = append(problems, found...)
		if w.Write && now != string(was) {
			if err := os.WriteFile(filepath.Join(b.Root, file), []byte(now), 0o644); err != nil {
				return changed, problems, err
			}
			changed = append(changed, file)
		}
	}
	if len(w.Files) == 0 {
		found, err := b.whole(pages)
		if err != nil {
			return changed, problems, err
		}
		problems = append(problems, found...)
	}
	return changed, problems, nil
}

// page checks one page. Now is its text with all blocks as they should be.
func (b *Book) page(file, text string, w Work) (now string, problems []Problem) {
	p, errs := block.Parse(text)
	for _, e := range errs {
		problems = append(problems, Problem{file, e.Line, e.Text})
	}
	for _, blk := range p.Blocks() {
		body, err := b.body(file, blk)
		switch {
		case err != nil:
			problems = append(problems, Problem{file, blk.Line, err.Error()})
			continue
		case !w.Write && !slices.Equal(body, blk.Body):
			problems = append(problems, Problem{
				file, blk.Line,
				fmt.Sprintf("%s is not what it should be: run 'build/vit book update %s'\n%s", blk.Describe(), file, Difference(blk.Body, body)),
			})
		}
		if w.Write {
			blk.Body = body
		}
	}
	now = p.String()
	for _, found := range b.Index.Page(file, now) {
		problems = append(problems, Problem{file, found.Line, found.Text})
	}
	return now, problems
}

// body returns what should stand in a block; what it has, if only a running
// machine knows.
func (b *Book) body(file string, blk *block.Block) ([]string, error) {
	switch blk.Kind {
	case "code":
		return b.code(file, blk)
	case "contents":
		return b.contents(blk)
	}
	return blk.Body, nil
}
