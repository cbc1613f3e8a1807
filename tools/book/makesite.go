package book

import (
	"os"
	"path/filepath"

	"vitrine/tools/book/site"
)

// Site makes the book's web site in the folder out, which is emptied first.
//
// Errors: a page that cannot be read, a link to what is not there.
func (b *Book) Site(out string) error {
	pages, err := b.Pages()
	if err != nil {
		return err
	}
	var chapters []site.Chapter
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(b.Root, page))
		if err != nil {
			return err
		}
		chapters = append(chapters, site.Chapter{File: page, Title: Title(page, string(text))})
	}
	return site.Build(b.Root, out, chapters)
}
