// Package book keeps the book of docs/book true.
//
// Its chapters are Markdown that people write, with blocks that this package
// writes: pieces of the sources, sessions at the kernel's prompt, figures
// (package block says how a block looks). Do either writes them anew, or says
// where they no longer are what would be written, and what else is wrong: dead
// links, names that do not exist.
//
//	page -> block.Parse -> for each block: what it should be -> compare, or write
//	                                |
//	        source   (code)     <---+---> session (shell, gdb, host, broken)
//	        figure   (figure)             screen  (screen)
//
// Where to start reading: Book.Do in do.go, then jobsOf in job.go: which blocks
// share a machine. What the machines do is in converse.go, broken.go, figures.go
// and screen.go; what needs none, in static.go.
package book

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"vitrine/tools/book/kernel"
	"vitrine/tools/book/names"
)

// Dir is the book's folder.
const Dir = "docs/book"

// Book is the book of a repository.
type Book struct {
	Root  string
	Index *names.Index

	version  string   // of this program: what another one verified is not known
	building sync.Map // name of a broken kernel -> its lock
}

// Problem is something that is wrong. Its text says what to do about it.
type Problem struct {
	File string
	Line int
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text) }

// Open reads the names of the repository at root. Commands are those of vit.
func Open(root string, commands []string) (*Book, error) {
	x, err := names.New(root, commands)
	if err != nil {
		return nil, err
	}
	b := &Book{Root: root, Index: x}
	if self, err := os.Executable(); err == nil {
		b.version = kernel.HashFiles(self)
	}
	return b, nil
}

// Pages returns the book's pages in the order in which they are read: the
// contents, the chapters, the appendices, of which the glossary is the last. That
// is in docs, since it is there for those who read no book, too.
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
	if _, missing := os.Stat(filepath.Join(b.Root, glossaryFile)); missing == nil {
		pages = append(pages, glossaryFile)
	}
	return pages, err
}
