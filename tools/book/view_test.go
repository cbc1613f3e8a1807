package book

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
)

// grey returns a grey picture with white rectangles.
func grey(bounds image.Rectangle, white ...image.Rectangle) *image.NRGBA {
	p := image.NewNRGBA(bounds)
	draw.Draw(p, bounds, image.NewUniform(color.Gray{7}), image.Point{}, draw.Src)
	for _, r := range white {
		draw.Draw(p, r.Add(bounds.Min), image.White, image.Point{}, draw.Src)
	}
	return p
}

func TestPicturesDifferByPixels(t *testing.T) {
	size := image.Rect(0, 0, 90, 64)
	a, moved := grey(size), image.Rect(5, 5, 95, 69)
	require.True(t, differ(a, grey(moved), nil).none())
	two := grey(moved, image.Rect(1, 2, 2, 3), image.Rect(20, 30, 21, 31))
	require.Equal(t, difference{2, image.Rect(1, 2, 21, 31)}, differ(a, two, nil))
	require.Equal(t, "2 pixels, all within (1,2)-(21,31) of the picture", differ(a, two, nil).String())
	require.False(t, differ(a, two, nil).none())
	require.False(t, differ(a, grey(image.Rect(0, 0, 90, 65)), nil).none(), "another size")
	left := []image.Rectangle{image.Rect(0, 0, 9, 16), image.Rect(18, 16, 27, 32)}
	require.True(t, differ(a, two, left).none(), "where they differ is left out")
	require.Equal(t, 1, differ(a, two, left[:1]).pixels)
}

func TestOnlyACursorMayBlink(t *testing.T) {
	size := image.Rect(0, 0, 90, 64)
	for what, c := range map[string]struct {
		white []image.Rectangle
		same  bool
	}{
		"the text screen's cursor":      {[]image.Rectangle{image.Rect(18, 30, 27, 32)}, true},
		"the framebuffer's":             {[]image.Rectangle{image.Rect(16, 29, 24, 31)}, true},
		"two cursors":                   {[]image.Rectangle{image.Rect(18, 30, 27, 32), image.Rect(18, 62, 27, 64)}, false},
		"between two characters":        {[]image.Rectangle{image.Rect(19, 30, 28, 32)}, false},
		"a letter's stroke":             {[]image.Rectangle{image.Rect(18, 17, 20, 32)}, false},
		"a whole cell":                  {[]image.Rectangle{image.Rect(18, 16, 27, 32)}, false},
		"a bar with something above it": {[]image.Rectangle{image.Rect(18, 30, 27, 32), image.Rect(20, 29, 22, 30)}, false},
	} {
		t.Run(what, func(t *testing.T) {
			require.Equal(t, c.same, differ(grey(size), grey(size, c.white...), nil).none())
		})
	}
}

func TestTextThatVariesIsFoundByItsCharacters(t *testing.T) {
	rows := []string{"┌ at ffffffff80340440 main.go:162    ", "nothing", "RAX ffffffff80200000"}
	require.Equal(t, []image.Rectangle{
		image.Rect(5*9, 0, 21*9, 16), image.Rect(29*9, 0, 37*9, 16), image.Rect(4*9, 32, 20*9, 48),
	}, found(rows, regexp.MustCompile("[0-9a-f]{16}|:[0-9]+ *")))
}

func TestPicturesAreKept(t *testing.T) {
	file, p := filepath.Join(t.TempDir(), "new", "a.png"), grey(image.Rect(0, 0, 3, 4), image.Rect(1, 1, 2, 2))
	_, err := readPicture(file)
	require.ErrorContains(t, err, "no such file")
	require.NoError(t, writePicture(file, p))
	back, err := readPicture(file)
	require.NoError(t, err)
	require.Zero(t, differ(p, back, nil).pixels)
}

// shown is a display that shows one picture after the other, and then the last
// one for ever.
type shown struct {
	pictures []image.Image
	cells    [qemu.TextRows][qemu.TextColumns]qemu.Cell
}

func (s *shown) Screen() (image.Image, error) {
	if len(s.pictures) == 0 {
		return nil, errors.New("it has gone")
	}
	now := s.pictures[0]
	if len(s.pictures) > 1 {
		s.pictures = s.pictures[1:]
	}
	return now, nil
}

func (s *shown) Cells() ([qemu.TextRows][qemu.TextColumns]qemu.Cell, error) { return s.cells, nil }

// Two pictures of a text screen: with the letter-like thing at one place, or not.
var (
	textScreen = image.Rect(0, 0, qemu.TextColumns*9, qemu.TextRows*16)
	empty      = grey(textScreen)
	drawn      = grey(textScreen, image.Rect(20, 36, 23, 44)) // column 2, row 2
)

func TestAViewWaitsForItsPicture(t *testing.T) {
	v := &view{display: &shown{pictures: []image.Image{grey(image.Rect(0, 0, 3, 3)), empty, empty, drawn}}}
	require.NoError(t, v.wait(drawn, time.Minute))
	v = &view{display: &shown{pictures: []image.Image{empty}}}
	require.EqualError(t, v.wait(drawn, time.Millisecond), "the screen differs from it in 24 pixels, all within (20,36)-(23,44) of the picture")
	require.EqualError(t, (&view{display: &shown{}}).wait(drawn, time.Minute), "it has gone")
}

func TestAViewLeavesOutTheTextThatVaries(t *testing.T) {
	s := &shown{pictures: []image.Image{drawn}}
	for i, c := range "  :7" {
		s.cells[2][i].Char = c
	}
	require.Error(t, (&view{s, nil}).wait(empty, time.Millisecond))
	require.Error(t, (&view{s, regexp.MustCompile("[8-9]+")}).wait(empty, time.Millisecond))
	require.NoError(t, (&view{s, regexp.MustCompile(":[0-9]+")}).wait(empty, time.Minute))
	other := &shown{pictures: []image.Image{grey(image.Rect(0, 0, 3, 3))}, cells: s.cells}
	require.Error(t, (&view{other, regexp.MustCompile(":[0-9]+")}).wait(empty, time.Millisecond), "that is no text screen")
}

func TestAPictureIsTakenWhenTheScreenRests(t *testing.T) {
	v := &view{display: &shown{pictures: []image.Image{empty, drawn, empty, drawn}}}
	picture, err := v.still(time.Minute)
	require.NoError(t, err)
	require.Zero(t, differ(drawn, picture, nil).pixels)

	restless := &shown{}
	for range 100 {
		restless.pictures = append(restless.pictures, empty, drawn)
	}
	_, err = (&view{display: restless}).still(stillFor / 2)
	require.EqualError(t, err, "the screen does not come to rest")
	_, err = (&view{display: &shown{}}).still(time.Minute)
	require.EqualError(t, err, "it has gone")
}
