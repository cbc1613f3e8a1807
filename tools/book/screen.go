package book

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path"
	"path/filepath"
	"time"

	"vitrine/tools/book/block"
	"vitrine/tools/qemu"
)

// screens is the folder of screenshots, below the book's.
const screens = "screens"

// How a picture of the screen is taken and compared.
const (
	screenLimit = time.Minute            // until the screen shows what it should
	stillFor    = 800 * time.Millisecond // and when it has come to rest
	look        = 50 * time.Millisecond  // between two looks
	// tolerance is how many pixels may differ: those of a blinking cursor.
	tolerance = 9 * 16
)

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
	return []string{fmt.Sprintf("![%s](%s/%s.png)", b.Options["alt"], screens, b.Word(0))}, nil
}

// screen boots a machine, types keys on its keyboard and compares the screen
// with the block's picture, or takes that.
func (b *Book) screen(ctx context.Context, j *job) error {
	blk := j.blocks[0]
	_, shell, err := b.boot(ctx, blk)
	if err != nil {
		return err
	}
	defer shell.Close()
	qmp := shell.Machine().QMP()
	if err := qmp.Type(blk.Options["keys"]); err != nil {
		return err
	}
	j.bodies[0] = blk.Body
	file := filepath.Join(b.Root, screenFile(blk))
	was, err := readPicture(file)
	switch {
	case err == nil:
		err = waitPicture(qmp, was, screenLimit)
		if err == nil || !j.write {
			return wrap(screenFile(blk), err)
		}
	case !j.write:
		return fmt.Errorf("there is no %s: run 'build/vit book update'", screenFile(blk))
	}
	now, err := still(qmp)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&text, now); err != nil {
		return err
	}
	return os.WriteFile(file, text.Bytes(), 0o644)
}

func wrap(file string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w; if the screen is right, remove the file and run 'build/vit book update'", file, err)
	}
	return nil
}

func readPicture(file string) (image.Image, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(text))
}

// waitPicture waits until the screen is like a picture.
func waitPicture(qmp *qemu.QMP, want image.Image, limit time.Duration) error {
	least := -1
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(look) {
		have, err := qmp.Screen()
		if err != nil {
			return err
		}
		n := differ(want, have)
		if n <= tolerance {
			return nil
		}
		if least < 0 || n < least {
			least = n
		}
	}
	return fmt.Errorf("the screen differs from it in %d pixels", least)
}

// still waits until the screen has come to rest.
func still(qmp *qemu.QMP) (image.Image, error) {
	var last image.Image
	since := time.Now()
	for end := time.Now().Add(screenLimit); time.Now().Before(end); time.Sleep(look) {
		now, err := qmp.Screen()
		if err != nil {
			return nil, err
		}
		if last == nil || differ(last, now) > tolerance {
			last, since = now, time.Now()
		} else if time.Since(since) > stillFor {
			return now, nil
		}
	}
	return nil, errors.New("the screen does not come to rest")
}

// differ returns how many pixels of two pictures differ.
func differ(a, b image.Image) (n int) {
	if a.Bounds().Size() != b.Bounds().Size() {
		return max(a.Bounds().Dx()*a.Bounds().Dy(), tolerance+1)
	}
	da, db := a.Bounds().Min, b.Bounds().Min
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			ar, ag, ab, _ := a.At(da.X+x, da.Y+y).RGBA()
			br, bg, bb, _ := b.At(db.X+x, db.Y+y).RGBA()
			if ar>>8 != br>>8 || ag>>8 != bg>>8 || ab>>8 != bb>>8 {
				n++
			}
		}
	}
	return n
}
