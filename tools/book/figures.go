package book

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"vitrine/tools/book/block"
	"vitrine/tools/book/figure"
	"vitrine/tools/book/session"
	"vitrine/tools/qemu"
)

// figures is the folder of the figures, below the book's.
const figures = "figures"

// figureFile is the file of a block's figure, from the top folder.
func figureFile(b *block.Block) string { return path.Join(Dir, figures, b.Word(0)+".svg") }

// figureBody returns what stands in a figure's block. A figure that is made of
// sources alone is drawn and compared, or written, as well.
func (b *Book) figureBody(blk *block.Block, w Work) ([]string, error) {
	if err := blk.Only(1); err != nil {
		return nil, err
	}
	f, err := figure.Lookup(blk.Word(0))
	if err != nil {
		return nil, err
	}
	body := []string{fmt.Sprintf("![%s](%s/%s.svg)", f.Alt, figures, f.Name)}
	if f.Live {
		if w.Write && w.Run {
			return body, nil // it is drawn anew
		}
		return body, b.untouched(blk)
	}
	return body, b.drawn(f, &figure.Sources{Root: b.Root}, w.Write)
}

// untouched makes sure that nobody has edited a block's figure. That there is one
// is for the check of the page's links.
func (b *Book) untouched(blk *block.Block) error {
	svg, err := os.ReadFile(filepath.Join(b.Root, figureFile(blk)))
	if err != nil || figure.Untouched(string(svg)) {
		return nil
	}
	return fmt.Errorf("%s is not as it was drawn: run 'build/vit book update'", figureFile(blk))
}

// drawn draws a figure and compares it with its file, or writes that.
func (b *Book) drawn(f figure.Figure, s *figure.Sources, write bool) error {
	now, err := f.Draw(s)
	if err != nil {
		return err
	}
	name := path.Join(Dir, figures, f.Name+".svg")
	file := filepath.Join(b.Root, name)
	was, err := os.ReadFile(file)
	switch {
	case err == nil && f.Same(string(was), now) && (!write || figure.Untouched(string(was))):
		return nil
	case write:
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, []byte(now), 0o644)
	case err != nil:
		return fmt.Errorf("there is no %s: run 'build/vit book update'", name)
	}
	return fmt.Errorf("%s is not what it should be: run 'build/vit book update'\n%s", name,
		Difference(strings.Split(string(was), "\n"), strings.Split(now, "\n")))
}

// live draws the figures of a page that show a running kernel.
func (b *Book) live(ctx context.Context, j *job) error {
	k, shell, err := b.boot(ctx, j.blocks[0])
	if err != nil {
		return err
	}
	defer shell.Close()
	s := &figure.Sources{
		Root: b.Root, Image: k.Image,
		Ask:   func(command string) ([]string, error) { return shell.Do(command, 0) },
		Press: func() ([]string, error) { return press(shell) },
	}
	for i, blk := range j.blocks {
		f, err := figure.Lookup(blk.Word(0))
		if err == nil {
			err = b.drawn(f, s, j.write)
		}
		j.bodies[i], j.errs[i] = blk.Body, err
	}
	return nil
}

// press presses a key and takes it back, and returns what the trace recorded.
func press(shell *session.Shell) ([]string, error) {
	if _, err := shell.Do("trace kbd on", 0); err != nil {
		return nil, err
	}
	qmp := shell.Machine().QMP()
	for _, key := range []string{"a", "backspace"} {
		if err := qmp.Press(key); err != nil {
			return nil, err
		}
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(qemu.KeyGap) {
		lines, err := shell.Do("trace dump 20", 0)
		if err != nil {
			return nil, err
		}
		// The backspace key has gone up: everything else is there, too.
		if strings.Contains(strings.Join(lines, "\n"), "byte      8e") {
			_, err := shell.Do("trace kbd off", 0)
			return traced(lines), err
		}
	}
	return nil, errors.New("the trace does not show the keys that were pressed")
}

var record = regexp.MustCompile(`^\[ *\d+\.\d+\] kbd `)

// traced returns what lines have of the trace, in order of time. A record that the
// machine has told by itself, when the command to show all had been typed already, is
// there twice and comes too early.
func traced(lines []string) (records []string) {
	for _, line := range lines {
		if record.MatchString(line) {
			records = append(records, line)
		}
	}
	slices.Sort(records) // they begin with the time, in as many characters each
	return slices.Compact(records)
}
