package book

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vitrine/tools/book/browser"
)

// PDF prints the site in a folder into a file.
//
// Errors: there is no site, or no Chromium.
func PDF(ctx context.Context, site, file string) error {
	return onPage(ctx, site, "print.html", 1000, 1400, func(t *browser.Tab) error {
		text, err := t.PDF()
		if err != nil {
			return err
		}
		return os.WriteFile(file, text, 0o644)
	})
}

// Picture takes a picture of the first chapter with a figure, of the site in a
// folder, where the figure is.
//
// Errors: there is no site, or no Chromium.
func Picture(ctx context.Context, site, file string) error {
	found, err := filepath.Glob(filepath.Join(site, "[0-9]*-*.html"))
	if err != nil || len(found) == 0 {
		return errors.New("there is no site with chapters: 'make book' makes it")
	}
	page := found[0]
	for _, file := range slices.Backward(found) {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), "<img ") {
			page = file
		}
	}
	return onPage(ctx, site, filepath.Base(page), 1280, 860, func(t *browser.Tab) error {
		err := t.Eval(`(document.querySelector("article img") ?? document.querySelector("article .code"))?.scrollIntoView({ block: "center" })`, nil)
		if err != nil {
			return err
		}
		if err := t.Wait(`[...document.images].every((i) => i.complete || i.loading === "lazy")`); err != nil {
			return err
		}
		text, err := t.Picture()
		if err != nil {
			return err
		}
		return os.WriteFile(file, text, 0o644)
	})
}

// onPage opens a page of a site.
func onPage(ctx context.Context, site, page string, width, height int, do func(t *browser.Tab) error) error {
	if _, err := os.Stat(filepath.Join(site, page)); err != nil {
		return errors.New("there is no site: 'make book' makes it")
	}
	b, err := browser.Start(ctx, func(string, string, json.RawMessage) {})
	if err != nil {
		return err
	}
	defer b.Close()
	t, err := b.Open(width, height, false)
	if err != nil {
		return err
	}
	if err := t.Go("file://" + filepath.Join(site, page)); err != nil {
		return err
	}
	if err := t.Eval(`Promise.all([...document.images].map((i) => { i.loading = "eager"; return i.decode(); }))`, nil); err != nil {
		return err
	}
	return do(t)
}
