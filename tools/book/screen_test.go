package book

import (
	"image"
	"image/color"
	"image/draw"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/book/block"
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

func TestAPictureOfTheScreenNeedsAText(t *testing.T) {
	p, errs := block.Parse("<!-- screen help keys=\"help\\n\" alt=\"The list\" -->\n<!-- end -->\n<!-- screen help -->\n<!-- end -->")
	require.Empty(t, errs)
	body, err := screenBody(p.Blocks()[0])
	require.NoError(t, err)
	require.Equal(t, []string{"![The list](screens/help.png)"}, body)
	_, err = screenBody(p.Blocks()[1])
	require.ErrorContains(t, err, `alt="..." is missing`)
}

func TestWhatAPictureTakesIsChecked(t *testing.T) {
	for options, says := range map[string]string{
		`loader=grub`:            "",
		`vary=":[0-9]+"`:         "",
		`loader=lilo`:            "there is only loader=grub",
		`vary="["`:               "vary: error parsing regexp",
		`vary="x*"`:              "matches no text at all",
		`loader=grub vary="[0]"`: "on a framebuffer there is no text",
		`lader=grub`:             `screen has no option "lader"`,
	} {
		p, errs := block.Parse(`<!-- screen name alt="a" ` + options + " -->\n<!-- end -->")
		require.Empty(t, errs)
		_, err := screenBody(p.Blocks()[0])
		if says == "" {
			require.NoError(t, err, options)
		} else {
			require.ErrorContains(t, err, says, options)
		}
	}
}
