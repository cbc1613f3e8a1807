package book

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"sync"

	"vitrine/tools/book/block"
	"vitrine/tools/book/kernel"
	"vitrine/tools/book/patch"
	"vitrine/tools/book/session"
)

// brokenFile is the diff that takes a line out, for a block.
func brokenFile(b *block.Block) string { return path.Join(Dir, "broken", b.Word(0)+".patch") }

// broken shows a diff, and how the kernel fares with it.
func (b *Book) broken(ctx context.Context, j *job) error {
	blk := j.blocks[0]
	file := brokenFile(blk)
	text, err := os.ReadFile(filepath.Join(b.Root, file))
	if err != nil {
		return fmt.Errorf("there is no %s: change the sources, 'git diff > %s', and change them back", file, file)
	}
	ours, err := kernel.Ours(b.Root)
	if err != nil {
		return err
	}
	lock, _ := b.building.LoadOrStore(blk.Word(0), &sync.Mutex{}) // another block may show the same kernel
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()
	overlay := kernel.NewOverlay(filepath.Join(b.Root, kernel.Cache, blk.Word(0)))
	if err := overlay.Apply(b.Root, string(text)); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	k, err := kernel.Build(b.Root, kernel.Hash(b.version, kernel.HashFiles(ours.Image, ours.Debug), string(text)), overlay)
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
	body := append(block.Fenced("diff", patch.Text(string(text))), "")
	j.bodies[0] = append(body, talk...)
	return nil
}
