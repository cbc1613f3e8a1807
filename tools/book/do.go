package book

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"vitrine/tools/book/block"
)

// Work is what to do with pages.
type Work struct {
	Files []string // from the top folder; none: the whole book
	Write bool     // write what differs; otherwise it is a problem
	Run   bool     // also have the conversations and take the pictures
	// Again has also those that have not changed since they were verified.
	Again bool
	// Mark puts … for what differs in conversations, rather than what came.
	Mark bool
	// At is called before each conversation, with its block's place.
	At func(place string)
}

// workers is how many conversations are had at a time.
const workers = 2

// page is a page at work.
type page struct {
	file, was string
	parsed    *block.Page
	problems  []Problem
}

// Do checks pages, or brings them up to date. Changed are the files that it
// has written.
//
// Errors: a page that cannot be read or written. What is wrong on pages are
// problems.
func (b *Book) Do(ctx context.Context, w Work) (changed []string, problems []Problem, err error) {
	files := w.Files
	if len(files) == 0 {
		if files, err = b.Pages(); err != nil {
			return nil, nil, err
		}
	}
	var pages []*page
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(b.Root, file))
		if err != nil {
			return nil, nil, err
		}
		p := &page{file: file, was: string(text)}
		b.static(p, w)
		pages = append(pages, p)
	}
	if w.Run {
		b.runAll(ctx, pages, w)
	}
	for _, p := range pages {
		now := p.parsed.String()
		for _, found := range b.Index.Page(p.file, now) {
			p.problems = append(p.problems, Problem{p.file, found.Line, found.Text})
		}
		slices.SortStableFunc(p.problems, func(a, b Problem) int { return a.Line - b.Line })
		problems = append(problems, p.problems...)
		if w.Write && now != p.was {
			if err := os.WriteFile(filepath.Join(b.Root, p.file), []byte(now), 0o644); err != nil {
				return changed, problems, err
			}
			changed = append(changed, p.file)
		}
	}
	if len(w.Files) == 0 {
		found, err := b.whole(files)
		if err != nil {
			return changed, problems, err
		}
		problems = append(problems, found...)
	}
	return changed, problems, nil
}

// static does what needs no machine.
func (b *Book) static(p *page, w Work) {
	var errs []block.Error
	p.parsed, errs = block.Parse(p.was)
	for _, e := range errs {
		p.problems = append(p.problems, Problem{p.file, e.Line, e.Text})
	}
	for _, blk := range p.parsed.Blocks() {
		body, err := b.body(p.file, blk, w)
		p.settle(blk, body, err, w)
	}
}

// settle puts body into a block, or finds that it is not what is there.
func (p *page) settle(blk *block.Block, body []string, err error, w Work) {
	switch {
	case err != nil:
		p.problems = append(p.problems, Problem{p.file, blk.Line, err.Error()})
	case w.Write:
		blk.Body = body
	case !slices.Equal(body, blk.Body):
		p.problems = append(p.problems, Problem{
			p.file, blk.Line,
			fmt.Sprintf("%s is not what it should be: run 'build/vit book update %s'\n%s", blk.Describe(), p.file, Difference(blk.Body, body)),
		})
	}
}

// body returns what should stand in a block; what it has, if only a running
// machine knows.
func (b *Book) body(file string, blk *block.Block, w Work) ([]string, error) {
	switch blk.Kind {
	case "broken":
		return b.brokenBody(file, blk)
	case "code":
		return b.code(file, blk)
	case "contents":
		return b.contents(blk)
	case "figure":
		return b.figureBody(blk, w)
	case "screen":
		return screenBody(blk)
	}
	return blk.Body, form(blk)
}

// runAll has all conversations of pages.
func (b *Book) runAll(ctx context.Context, pages []*page, w Work) {
	type task struct {
		*job
		*page
		key string
	}
	var tasks []task
	for _, p := range pages {
		for _, j := range jobsOf(p.file, p.parsed) {
			if key := b.key(j); w.Again || !b.known(key) {
				tasks = append(tasks, task{j, p, key})
			}
		}
	}
	next := make(chan task)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for t := range next {
				if w.At != nil {
					w.At(fmt.Sprintf("%s:%d: %s", t.job.file, t.blocks[0].Line, t.blocks[0].Describe()))
				}
				t.write, t.mark = w.Write, w.Mark
				b.run(ctx, t.job)
			}
		})
	}
	for _, t := range tasks {
		next <- t
	}
	close(next)
	group.Wait()
	for _, t := range tasks {
		before, whole := len(t.problems), true
		for i, blk := range t.blocks {
			if t.errs[i] == nil && t.bodies[i] == nil {
				whole = false // a block above has failed
				continue
			}
			t.settle(blk, t.bodies[i], t.errs[i], w)
		}
		if whole && len(t.problems) == before {
			b.remember(b.key(t.job))
		}
	}
}
