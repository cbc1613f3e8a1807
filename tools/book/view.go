package book

import (
	"errors"
	"fmt"
	"image"
	"regexp"
	"time"
	"unicode/utf8"

	"vitrine/tools/qemu"
)

// How a picture of the screen is taken and compared.
const (
	screenLimit = time.Minute            // until the screen shows what it should
	stillFor    = 800 * time.Millisecond // and when it has come to rest
	look        = 50 * time.Millisecond  // between two looks
)

// display is what a machine shows: qemu.QMP.
type display interface {
	Screen() (image.Image, error)
	Cells() ([qemu.TextRows][qemu.TextColumns]qemu.Cell, error) // of the text screen
}

// view is how a machine's screen is looked at.
type view struct {
	display
	vary *regexp.Regexp // text that is left out; nil: none
}

// wait waits until the screen is like a picture.
//
// Errors: it is not within the limit; the machine has ended.
func (v *view) wait(want image.Image, limit time.Duration) error {
	var d difference
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(look) {
		have, err := v.Screen()
		if err != nil {
			return err
		}
		loose, err := v.loose(have.Bounds().Size())
		if err != nil {
			return err
		}
		if d = differ(want, have, loose); d.none() {
			return nil
		}
	}
	return fmt.Errorf("the screen differs from it in %v", d)
}

// still waits until the screen has come to rest.
//
// Errors: it does not within the limit; the machine has ended.
func (v *view) still(limit time.Duration) (image.Image, error) {
	last, err := v.Screen()
	since := time.Now()
	for end := since.Add(limit); err == nil && time.Now().Before(end); {
		time.Sleep(look)
		var now image.Image
		if now, err = v.Screen(); err != nil {
			break
		}
		switch {
		case !differ(last, now, nil).none():
			last, since = now, time.Now()
		case time.Since(since) > stillFor:
			return now, nil
		}
	}
	if err == nil {
		err = errors.New("the screen does not come to rest")
	}
	return nil, err
}

// loose returns where the text stands that varies, on a text screen.
func (v *view) loose(size image.Point) ([]image.Rectangle, error) {
	if v.vary == nil {
		return nil, nil
	}
	if size != image.Pt(qemu.TextColumns*cell.X, qemu.TextRows*cell.Y) {
		return nil, nil // not yet in this mode
	}
	cells, err := v.Cells()
	if err != nil {
		return nil, err
	}
	rows := make([]string, len(cells))
	for i, row := range cells {
		for _, c := range row {
			rows[i] += string(c.Char)
		}
	}
	return found(rows, v.vary), nil
}

// found returns where text in rows of characters is like an expression, in
// pixels.
func found(rows []string, vary *regexp.Regexp) (all []image.Rectangle) {
	for y, row := range rows {
		for _, at := range vary.FindAllStringIndex(row, -1) {
			from, to := utf8.RuneCountInString(row[:at[0]]), utf8.RuneCountInString(row[:at[1]])
			all = append(all, image.Rect(from*cell.X, y*cell.Y, to*cell.X, (y+1)*cell.Y))
		}
	}
	return all
}
