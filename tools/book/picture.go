package book

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
)

// cell is the size of a character on the VGA text screen, in pixels. On a
// framebuffer it is one pixel narrower.
var cell = image.Pt(9, 16)

// difference is how two pictures differ.
type difference struct {
	pixels int
	within image.Rectangle
}

func (d difference) String() string {
	return fmt.Sprintf("%d pixels, all within %v of the picture", d.pixels, d.within)
}

// none tells whether the pictures show the same: what blinks is the cursor, a
// solid bar as wide as a character.
func (d difference) none() bool {
	size := d.within.Size()
	bar := size.X*size.Y == d.pixels && (size.X == cell.X || size.X == cell.X-1) && size.Y < cell.Y/2
	return d.pixels == 0 || bar && d.within.Min.X%size.X == 0
}

// differ compares two pictures, but for rectangles that are left out.
func differ(a, b image.Image, but []image.Rectangle) (d difference) {
	size := a.Bounds().Size()
	if size != b.Bounds().Size() {
		return difference{size.X * size.Y, image.Rectangle{Max: size}}
	}
	da, db := a.Bounds().Min, b.Bounds().Min
	for y := range size.Y {
		for x := range size.X {
			ar, ag, ab, _ := a.At(da.X+x, da.Y+y).RGBA()
			br, bg, bb, _ := b.At(db.X+x, db.Y+y).RGBA()
			if ar>>8 == br>>8 && ag>>8 == bg>>8 && ab>>8 == bb>>8 {
				continue
			}
			p := image.Pt(x, y)
			if !slices.ContainsFunc(but, p.In) {
				d.pixels++
				d.within = d.within.Union(image.Rectangle{p, p.Add(image.Pt(1, 1))})
			}
		}
	}
	return d
}

func readPicture(file string) (image.Image, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(text))
}

func writePicture(file string, picture image.Image) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&text, picture); err != nil {
		return err
	}
	return os.WriteFile(file, text.Bytes(), 0o644)
}
