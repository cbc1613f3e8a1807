package book

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"vitrine/tools/book/block"
	"vitrine/tools/book/kernel"
	"vitrine/tools/book/patch"
	"vitrine/tools/book/session"
)

// brokenFile is the diff that takes a line out, for a block.
func brokenFile(b *block.Block) string { return path.Join(Dir, "broken", b.Word(0)+".patch") }

// brokenText reads that diff.
func (b *Book) brokenText(blk *block.Block) (string, error) {
	file := brokenFile(blk)
	text, err := os.ReadFile(filepath.Join(b.Root, file))
	if err != nil {
		return "", fmt.Errorf("there is no %s: change the sources, 'git diff > %s', and change them back", file, file)
	}
	return string(text), nil
}

// read reads a file of the repository.
func (b *Book) read(name string) ([]byte, error) { return os.ReadFile(filepath.Join(b.Root, name)) }

// makeVariables are the options of blocks that 'make run' has, too.
var makeVariables = []struct{ option, variable string }{
	{"smp", "SMP"}, {"memory", "MEMORY"}, {"machine", "MACHINE"}, {"cpu", "CPU"}, {"append", "APPEND"},
}

// brokenHead returns what stands above the conversation of a block, on a page:
// the diff, and a line that says how to try it.
//
// Errors: there is no diff, or it does not fit the sources.
func (b *Book) brokenHead(page string, blk *block.Block) ([]string, error) {
	file := brokenFile(blk)
	text, err := b.brokenText(blk)
	if err != nil {
		return nil, err
	}
	if _, err := patch.Changes(text, b.read); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	try := "git apply " + file + " && make run"
	for _, v := range makeVariables {
		if value := blk.Options[v.option]; strings.ContainsAny(value, " \"'$") {
			try += fmt.Sprintf(" %s='%s'", v.variable, value)
		} else if value != "" {
			try += " " + v.variable + "=" + value
		}
	}
	up, err := filepath.Rel(path.Dir(page), file)
	if err != nil {
		return nil, err
	}
	head := block.Fenced("diff", patch.Text(text))
	return append(head, "", fmt.Sprintf("*[%s](%s): to try it, `%s`*", path.Base(file), filepath.ToSlash(up), try)), nil
}

// brokenBody returns what should stand in a block, but for its conversation,
// which only a running machine knows.
func (b *Book) brokenBody(page string, blk *block.Block) ([]string, error) {
	if err := form(blk); err != nil {
		return nil, err
	}
	body, err := b.brokenHead(page, blk)
	if err != nil {
		return nil, err
	}
	for _, f := range blk.Fences() {
		if f.Language == "console" {
			return append(append(body, ""), blk.Body[f.At-1:]...), nil
		}
	}
	return body, nil
}

// broken shows a diff, and how the kernel fares with it.
func (b *Book) broken(ctx context.Context, j *job) error {
	blk := j.blocks[0]
	file := brokenFile(blk)
	head, err := b.brokenHead(j.file, blk)
	if err != nil {
		return err
	}
	text, err := b.brokenText(blk)
	if err != nil {
		return err
	}
	ours, err := kernel.Ours(b.Root)
	if err != nil {
		return err
	}
	lock, _ := b.building.LoadOrStore(blk.Word(0), &sync.Mutex{}) // another block may show the same kernel
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()
	overlay := kernel.NewOverlay(filepath.Join(b.Root, kernel.Cache, blk.Word(0)))
	if err := overlay.Apply(b.Root, text); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	k, err := kernel.Build(b.Root, kernel.Hash(b.version, kernel.HashFiles(ours.Image, ours.Debug), text), overlay)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	c, err := session.Config(blk)
	if err != nil {
		return err
	}
	s, err := session.Boot(ctx, k, c, quietBoot(blk))
	if err != nil {
		return err
	}
	defer s.Close()
	talk, err := said(blk, s, true, j.merge)
	if err != nil {
		return err
	}
	j.bodies[0] = append(append(head, ""), talk...)
	return nil
}
