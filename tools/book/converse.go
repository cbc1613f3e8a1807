package book

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"vitrine/tools/book/block"
	"vitrine/tools/book/kernel"
	"vitrine/tools/book/session"
	"vitrine/tools/qemu"
)

// hangs is how long a machine says nothing that is taken to hang. The host may
// be busy with something else for a while.
const hangs = 8 * time.Second

// quiet returns after what silence the machine of a block has come to its end,
// when so many of its commands are still to be typed: 0, never, before the last.
func quiet(b *block.Block, toType int) time.Duration {
	if b.Has("hangs") && toType == 0 {
		return hangs
	}
	return 0
}

// quietBoot is quiet for the time until the first prompt.
func quietBoot(b *block.Block) time.Duration {
	return quiet(b, len(session.Read(spoken(b, "console"), session.Prompt).Steps))
}

// asked returns the kernel, and the machine that a block asks for.
func (b *Book) asked(blk *block.Block) (session.Kernel, qemu.Config, error) {
	k, err := kernel.Ours(b.Root)
	if err != nil {
		return k, qemu.Config{}, err
	}
	c, err := session.Config(blk)
	return k, c, err
}

// boot boots the kernel, as a block's options say, up to its prompt.
func (b *Book) boot(ctx context.Context, blk *block.Block) (session.Kernel, *session.Shell, error) {
	k, c, err := b.asked(blk)
	if err != nil {
		return k, nil, err
	}
	shell, err := session.Boot(ctx, k, c, 0)
	return k, shell, err
}

// shell has the conversations of blocks with the kernel's shell.
func (b *Book) shell(ctx context.Context, j *job) error {
	k, err := kernel.Ours(b.Root)
	if err != nil {
		return err
	}
	var s *session.Shell
	defer func() {
		if s != nil {
			s.Close()
		}
	}()
	for i, blk := range j.blocks {
		if s != nil && s.Ended { // a report has ended it: go on with another
			s.Close()
			s = nil
		}
		started := s == nil
		if started {
			c, err := session.Config(blk)
			if err != nil {
				j.errs[i] = err
				return nil
			}
			if s, err = session.Boot(ctx, k, c, quietBoot(blk)); err != nil {
				j.errs[i] = err
				return nil
			}
		}
		j.bodies[i], err = said(blk, s, started, j.merge)
		if err != nil {
			j.errs[i] = err
			return nil
		}
	}
	return nil
}

// said types what a block says, and returns the body that it should have.
func said(blk *block.Block, s *session.Shell, started bool, merge func(page, came []string) []string) ([]string, error) {
	t := session.Read(spoken(blk, "console"), session.Prompt)
	switch {
	case blk.Has("boot") && !started:
		return nil, errors.New("boot: this machine has booted for a block above; add the word fresh")
	case blk.Has("boot") || blk.Kind == "broken" && (len(t.Before) > 0 || len(t.Steps) == 0):
		t.Before = merge(t.Before, s.Boot)
	case len(t.Before) > 0:
		return nil, errors.New("there are lines before the first prompt: with the word boot they are what the machine writes as it boots")
	}
	for i := range t.Steps {
		step := &t.Steps[i]
		if s.Ended {
			return nil, fmt.Errorf("the machine has stopped before %q is typed; it wrote at last:\n%s", step.Typed[0], strings.Join(lastOf(t.Steps[:i], s.Boot), "\n"))
		}
		came, err := s.Do(step.Typed[0], quiet(blk, len(t.Steps)-1-i))
		if err != nil {
			return nil, fmt.Errorf("%q: %w", step.Typed[0], err)
		}
		step.Output = merge(step.Output, came)
	}
	return block.Fenced("console", t.Lines(session.Prompt)), nil
}

// lastOf returns the last lines that came.
func lastOf(steps []session.Step, boot []string) []string {
	lines := boot
	if n := len(steps); n > 0 {
		lines = steps[n-1].Output
	}
	return lines[max(0, len(lines)-10):]
}

// gdb has the conversations of blocks with GDB.
func (b *Book) gdb(ctx context.Context, j *job) error {
	k, c, err := b.asked(j.blocks[0])
	if err != nil {
		return err
	}
	g, err := session.Debug(ctx, b.Root, k, c, j.blocks[0].Options["at"])
	if err != nil {
		return err
	}
	defer g.Close()
	for i, blk := range j.blocks {
		t := session.Read(spoken(blk, "gdb"), session.GDBPrompt)
		if len(t.Before) > 0 {
			if i > 0 {
				j.errs[i] = errors.New("there are lines before the first prompt, and GDB has said nothing: it goes on from the block above")
				return nil
			}
			t.Before = j.merge(t.Before, g.Start)
		}
		for n := range t.Steps {
			came, err := g.Do(t.Steps[n].Typed)
			if err != nil {
				j.errs[i] = fmt.Errorf("%q: %w", t.Steps[n].Typed[0], err)
				return nil
			}
			t.Steps[n].Output = j.merge(t.Steps[n].Output, came)
		}
		j.bodies[i] = block.Fenced("gdb", t.Lines(session.GDBPrompt))
	}
	return nil
}

// host has a conversation with the host's shell.
func (b *Book) host(ctx context.Context, j *job) error {
	t := session.Read(spoken(j.blocks[0], "console"), session.HostPrompt)
	for i := range t.Steps {
		typed := append([]string{}, t.Steps[i].Typed...)
		for n := range typed {
			if n > 0 {
				typed[n] = strings.TrimPrefix(typed[n], "> ")
			}
		}
		came, err := session.Host(ctx, b.Root, strings.Join(typed, "\n"))
		if err != nil {
			return fmt.Errorf("%q: %w", typed[0], err)
		}
		t.Steps[i].Output = j.merge(t.Steps[i].Output, came)
	}
	j.bodies[0] = block.Fenced("console", t.Lines(session.HostPrompt))
	return nil
}
