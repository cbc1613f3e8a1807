package book

import (
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/book/block"
)

func TestPicturesDifferByPixels(t *testing.T) {
	a, b := image.NewRGBA(image.Rect(0, 0, 20, 20)), image.NewNRGBA(image.Rect(5, 5, 25, 25))
	for y := range 20 {
		for x := range 20 {
			a.Set(x, y, color.Gray{7})
			b.Set(x+5, y+5, color.Gray{7})
		}
	}
	require.Zero(t, differ(a, b))
	b.Set(5, 6, color.White)
	b.Set(24, 24, color.White)
	require.Equal(t, 2, differ(a, b))
	require.Greater(t, differ(a, image.NewRGBA(image.Rect(0, 0, 20, 21))), tolerance, "another size")
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
