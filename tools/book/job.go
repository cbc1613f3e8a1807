package book

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"vitrine/tools/book/block"
	"vitrine/tools/book/figure"
	"vitrine/tools/book/session"
)

// job is a conversation that a machine has, for one block or for several of a
// page that share the machine.
type job struct {
	file   string
	kind   string
	blocks []*block.Block
	bodies [][]string // what should stand in them
	errs   []error
	write  bool // write files, too, that the page shows
	mark   bool // mark what differs, rather than write it anew
	uneven bool // it differs in the number of lines
}

// merge returns what should stand on the page for what came.
func (j *job) merge(page, came []string) []string {
	if !j.mark {
		return session.Merge(page, came)
	}
	time.Sleep(rand.N(slowest)) // the host comes to it when it likes
	lines, ok := session.Mark(page, came)
	j.uneven = j.uneven || !ok
	return lines
}

// slowest is how long the host makes the machine wait, when it looks for what
// that changes.
const slowest = 300 * time.Millisecond

// jobsOf returns the conversations of a page, in order.
func jobsOf(file string, p *block.Page) (jobs []*job) {
	open := map[string]*job{}
	for _, b := range p.Blocks() {
		switch b.Kind {
		case "shell", "gdb":
			key := signature(b)
			if j := open[key]; j != nil && !b.Has("fresh") {
				j.blocks = append(j.blocks, b)
				continue
			}
			open[key] = &job{file: file, kind: b.Kind, blocks: []*block.Block{b}}
			jobs = append(jobs, open[key])
		case "host":
			if !b.Has("norun") {
				jobs = append(jobs, &job{file: file, kind: b.Kind, blocks: []*block.Block{b}})
			}
		case "figure":
			if f, err := figure.Lookup(b.Word(0)); err != nil || !f.Live {
				continue
			}
			if j := open["figures"]; j != nil {
				j.blocks = append(j.blocks, b)
				continue
			}
			open["figures"] = &job{file: file, kind: "figure", blocks: []*block.Block{b}}
			jobs = append(jobs, open["figures"])
		case "broken", "screen":
			jobs = append(jobs, &job{file: file, kind: b.Kind, blocks: []*block.Block{b}})
		}
	}
	return jobs
}

// signature is the same for blocks that share a machine.
func signature(b *block.Block) string {
	var parts []string
	for key, value := range b.Options {
		parts = append(parts, key+"="+value)
	}
	slices.Sort(parts)
	return b.Kind + " " + strings.Join(parts, " ")
}

// run has the conversation.
func (b *Book) run(ctx context.Context, j *job) {
	j.bodies, j.errs = make([][]string, len(j.blocks)), make([]error, len(j.blocks))
	for _, blk := range j.blocks {
		if blk.Kind != "figure" && form(blk) != nil {
			return // that has been said before
		}
	}
	var err error
	switch j.kind {
	case "shell":
		err = b.shell(ctx, j)
	case "gdb":
		err = b.gdb(ctx, j)
	case "host":
		err = b.host(ctx, j)
	case "broken":
		err = b.broken(ctx, j)
	case "figure":
		err = b.live(ctx, j)
	case "screen":
		err = b.screen(ctx, j)
	}
	if j.uneven {
		err = errors.Join(err, errors.New("what comes differs from run to run, in its number of lines: put a line with only … there by hand"))
	}
	if err != nil {
		j.errs[0] = errors.Join(j.errs[0], err)
	}
}
