package book

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"

	"vitrine/tools/book/block"
	"vitrine/tools/book/kernel"
	"vitrine/tools/book/session"
	"vitrine/tools/iso"
)

// screens is the folder of screenshots, below the book's.
const screens = "screens"

// screenFile is the picture of a block, from the top folder.
func screenFile(b *block.Block) string { return path.Join(Dir, screens, b.Word(0)+".png") }

// screenBody returns what stands in a block of a picture of the screen.
func screenBody(b *block.Block) ([]string, error) {
	if err := form(b); err != nil {
		return nil, err
	}
	if b.Options["alt"] == "" {
		return nil, errors.New(`alt="..." is missing: what is to be seen, for those who do not see it`)
	}
	if loader, ok := b.Options["loader"]; ok && loader != "grub" {
		return nil, fmt.Errorf("loader=%s: there is only loader=grub, which sets up a framebuffer", loader)
	}
	if _, err := varying(b); err != nil {
		return nil, err
	}
	return []string{fmt.Sprintf("![%s](%s/%s.png)", b.Options["alt"], screens, b.Word(0))}, nil
}

// varying returns the expression for what differs from kernel to kernel in a
// block's picture; nil for nothing.
func varying(b *block.Block) (*regexp.Regexp, error) {
	text := b.Options["vary"]
	if text == "" {
		return nil, nil
	}
	if b.Options["loader"] != "" {
		return nil, errors.New("vary: on a framebuffer there is no text to look for it; let the picture show what does not vary")
	}
	vary, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("vary: %w", err)
	}
	if vary.MatchString("") {
		return nil, fmt.Errorf("vary: %s matches no text at all", text)
	}
	return vary, nil
}

// screen boots a machine, types keys on its keyboard and compares the screen
// with the block's picture, or takes that.
func (b *Book) screen(ctx context.Context, j *job) error {
	blk := j.blocks[0]
	vary, err := varying(blk)
	if err != nil {
		return err
	}
	shell, err := b.bootScreen(ctx, blk)
	if err != nil {
		return err
	}
	defer shell.Close()
	v := &view{shell.Machine().QMP(), vary}
	if err := shell.Press(blk.Options["keys"]); err != nil {
		return err
	}
	j.bodies[0] = blk.Body
	file := screenFile(blk)
	was, err := readPicture(filepath.Join(b.Root, file))
	switch {
	case err == nil:
		err = v.wait(was, screenLimit)
		if err == nil || !j.write {
			return b.explain(v, blk, err)
		}
	case !j.write:
		return fmt.Errorf("there is no %s: run 'build/vit book update'", file)
	}
	now, err := v.still(screenLimit)
	if err != nil {
		return err
	}
	return writePicture(filepath.Join(b.Root, file), now)
}

// bootScreen boots the kernel of a block's picture up to its prompt.
func (b *Book) bootScreen(ctx context.Context, blk *block.Block) (*session.Shell, error) {
	k, c, err := b.asked(blk)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "screen")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) // QEMU has opened the files
	if k, err = kernel.Placeless(k, folder); err != nil {
		return nil, err
	}
	if blk.Options["loader"] != "" {
		k.ISO = filepath.Join(folder, "vitrine.iso")
		if err := iso.Make(k.Image, k.ISO, iso.Menu{Append: c.Append, Entry: iso.Framebuffer}); err != nil {
			return nil, err
		}
	}
	return session.Boot(ctx, k, c, 0)
}

// explain says what to do about a screen that is not as its picture. What the
// machine showed is kept beside the build.
func (b *Book) explain(v *view, blk *block.Block, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w; if the screen is right, remove the file and run 'build/vit book update'", screenFile(blk), err)
	came := path.Join("build/.book", screens, blk.Word(0)+".png")
	if now, e := v.Screen(); e == nil && writePicture(filepath.Join(b.Root, came), now) == nil {
		err = fmt.Errorf("%w (%s has the screen)", err, came)
	}
	return err
}
