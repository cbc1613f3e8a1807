package book

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/book/block"
)

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
