package term_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/screen"
)

func TestColours(t *testing.T) {
	for _, tt := range []struct {
		name, sgr              string
		foreground, background screen.Color
	}{
		{"none", "", screen.White, screen.Black},
		{"red", "\x1b[31m", screen.Red, screen.Black},
		{"on blue", "\x1b[44m", screen.White, screen.Blue},
		{"both", "\x1b[33;46m", screen.Yellow, screen.Cyan},
		{"bright", "\x1b[91;102m", screen.BrightRed, screen.BrightGreen},
		{"bold is bright", "\x1b[1;34m", screen.BrightBlue, screen.Black},
		{"bold and then a colour", "\x1b[34;1m", screen.BrightBlue, screen.Black},
		{"not bold any more", "\x1b[1;34;22m", screen.Blue, screen.Black},
		{"reverse", "\x1b[31;7m", screen.Black, screen.Red},
		{"reverse and back", "\x1b[31;7;27m", screen.Red, screen.Black},
		{"hidden", "\x1b[31;42;8m", screen.Green, screen.Green},
		{"visible again", "\x1b[8;28m", screen.White, screen.Black},
		{"default colours", "\x1b[31;42;39;49m", screen.White, screen.Black},
		{"reset", "\x1b[1;7;31;42m\x1b[m", screen.White, screen.Black},
		{"reset in the middle", "\x1b[1;31;0;42m", screen.White, screen.Green},
		{"an empty number is a reset", "\x1b[31m\x1b[;42m", screen.White, screen.Green},
		{"unknown ones are skipped", "\x1b[3;4;31;53m", screen.Red, screen.Black},
		{"one of 256: the sixteen", "\x1b[38;5;9;48;5;4m", screen.BrightRed, screen.Blue},
		{"one of 256: the cube", "\x1b[38;5;46m", screen.Green, screen.Black},
		{"one of 256: the cube, white", "\x1b[38;5;231m", screen.BrightWhite, screen.Black},
		{"one of 256: the greys", "\x1b[38;5;240;48;5;232m", screen.BrightBlack, screen.Black},
		{"one of 256: too large", "\x1b[38;5;999m", screen.BrightWhite, screen.Black},
		{"true colour", "\x1b[38;2;250;80;90;48;2;0;0;160m", screen.BrightRed, screen.Blue},
		{"true colour with colons", "\x1b[38:2::250:80:90;42m", screen.BrightRed, screen.Green},
		{"true colour with fewer colons", "\x1b[38:2:250:80:90;42m", screen.BrightRed, screen.Green},
		{"one of 256 with colons", "\x1b[48:5:12;31m", screen.Red, screen.BrightBlue},
		{"cut off", "\x1b[31;38;5m", screen.Red, screen.Black},
		{"cut off earlier", "\x1b[31;38m", screen.Red, screen.Black},
		{"an unknown kind", "\x1b[38;7;31m", screen.Red, screen.Black},
		{"underline with colons is not 4 and 3", "\x1b[31;4:3m", screen.Red, screen.Black},
	} {
		g := show(t, 4, 2, tt.sgr+"x")
		require.Equal(t, screen.Colors(tt.foreground, tt.background), g.attr(0, 0), tt.name)
	}
}

func TestErasedCellsKeepTheBackground(t *testing.T) {
	g := show(t, 4, 2, "\x1b[41mab\x1b[K\r\n\n\x1b[0mc")
	require.Equal(t, screen.Red, g.attr(1, 1).Background(), "scrolled in")
	require.Equal(t, screen.Black, g.attr(0, 1).Background())
	require.Equal(t, screen.Black, g.attr(0, 0).Background())

	g = show(t, 4, 2, "\x1b[44;7m\x1b[2J")
	require.Equal(t, screen.Colors(screen.White, screen.Blue), g.attr(2, 1), "reverse does not count")
}

func TestColoursAreSavedWithTheCursor(t *testing.T) {
	g := show(t, 4, 2, "\x1b[32m\x1b7\x1b[31ma\x1b8b")
	require.Equal(t, screen.Green, g.attr(0, 0).Foreground())
}
