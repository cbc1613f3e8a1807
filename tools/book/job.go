package book

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vitrine/tools/book/block"
	"vitrine/tools/book/figure"
	"vitrine/tools/book/kernel"
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

// form checks how a block that a machine fills is written.
func form(b *block.Block) error {
	options := session.MachineOptions
	words := []string{"fresh", "boot", "hangs"}
	language, prompt := "console", session.Prompt
	named := 0
	switch b.Kind {
	case "gdb":
		options, language, prompt, words = append(slices.Clone(options), "at"), "gdb", session.GDBPrompt, []string{"fresh"}
	case "host":
		options, prompt, words = nil, session.HostPrompt, []string{"norun"}
	case "broken":
		named = 1
	case "screen":
		options, named, language = append(slices.Clone(options), "keys", "alt", "loader", "vary"), 1, ""
	}
	for i, word := range b.Words {
		if i >= named && !slices.Contains(words, word) {
			return fmt.Errorf("what is %q? There are %s", word, strings.Join(words, ", "))
		}
	}
	if len(b.Words) < named {
		return fmt.Errorf("%s needs a name", b.Kind)
	}
	if err := b.Only(len(b.Words), options...); err != nil {
		return err
	}
	if language == "" || b.Kind == "broken" {
		return nil
	}
	if f := spoken(b, language); len(session.Read(f, prompt).Steps) == 0 && !b.Has("boot") {
		return fmt.Errorf("nothing is typed: write a block ```%s with lines that begin with %q into it", language, prompt)
	}
	return nil
}

// spoken returns the conversation in a block: its last fenced block of a
// language.
func spoken(b *block.Block, language string) []string {
	fences := b.Fences()
	for i := len(fences) - 1; i >= 0; i-- {
		if fences[i].Language == language {
			return fences[i].Lines
		}
	}
	return nil
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

// key says what the conversation depends on: while it is the same, so is the
// conversation. "": it is to be had each time.
func (b *Book) key(j *job) string {
	if j.kind == "host" {
		return ""
	}
	k, err := kernel.Ours(b.Root)
	if err != nil {
		return ""
	}
	texts := []string{b.version, kernel.HashFiles(k.Image, k.Debug), j.kind}
	for _, blk := range j.blocks {
		texts = append(texts, signature(blk), strings.Join(blk.Words, " "), strings.Join(blk.Body, "\n"))
		switch blk.Kind {
		case "broken":
			texts = append(texts, kernel.HashFiles(filepath.Join(b.Root, brokenFile(blk))))
		case "figure":
			texts = append(texts, kernel.HashFiles(filepath.Join(b.Root, figureFile(blk))))
		case "screen":
			texts = append(texts, kernel.HashFiles(filepath.Join(b.Root, screenFile(blk))))
		}
	}
	if j.kind == "gdb" {
		scripts, _ := filepath.Glob(filepath.Join(b.Root, "scripts/gdb/*.py"))
		for _, depth := range []string{"*", "*/*"} {
			more, _ := filepath.Glob(filepath.Join(b.Root, "scripts/gdb/vitrine", depth+".py"))
			scripts = append(scripts, more...)
		}
		texts = append(texts, kernel.HashFiles(scripts...))
	}
	return kernel.Hash(texts...)
}

// verified is where the keys of conversations are kept that are as the page has
// them.
const verified = "build/.book/verified"

// known tells whether a conversation was as the page has it, last time.
func (b *Book) known(key string) bool {
	_, err := os.Stat(filepath.Join(b.Root, verified, key))
	return key != "" && err == nil
}

// remember keeps the key of a conversation that is as the page has it.
func (b *Book) remember(key string) {
	if key == "" {
		return
	}
	dir := filepath.Join(b.Root, verified)
	if os.MkdirAll(dir, 0o755) == nil {
		os.WriteFile(filepath.Join(dir, key), nil, 0o644)
	}
}
