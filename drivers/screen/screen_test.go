package screen_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/screen"
)

func TestAttrHoldsBothColours(t *testing.T) {
	a := screen.Colors(screen.BrightYellow, screen.Blue)
	require.Equal(t, screen.Attr(0x4b), a)
	require.Equal(t, screen.BrightYellow, a.Foreground())
	require.Equal(t, screen.Blue, a.Background())
	require.Equal(t, screen.Colors(screen.White, screen.Black), screen.Normal)
}

func TestNearestFindsEachColourAndItsNeighbours(t *testing.T) {
	for c := screen.Black; c <= screen.BrightWhite; c++ {
		r, g, b := c.RGB()
		require.Equal(t, c, screen.Nearest(r, g, b))
	}
	for _, tt := range []struct {
		r, g, b uint8
		want    screen.Color
	}{
		{10, 10, 10, screen.Black},
		{200, 0, 10, screen.Red},
		{255, 255, 0, screen.BrightYellow},
		{100, 90, 80, screen.BrightBlack},
		{0, 0, 255, screen.Blue},
		{250, 250, 250, screen.BrightWhite},
	} {
		require.Equal(t, tt.want, screen.Nearest(tt.r, tt.g, tt.b), tt)
	}
}

func TestBoxTellsTheArms(t *testing.T) {
	for r, want := range map[rune]screen.Arms{
		'─': {screen.NoArm, screen.Light, screen.NoArm, screen.Light},
		'┃': {screen.Heavy, screen.NoArm, screen.Heavy, screen.NoArm},
		'├': {screen.Light, screen.Light, screen.Light, screen.NoArm},
		'╭': {screen.NoArm, screen.Light, screen.Light, screen.NoArm},
		'╆': {screen.Light, screen.Heavy, screen.Heavy, screen.Light},
		'╤': {screen.NoArm, screen.Double, screen.Light, screen.Double},
		'╿': {screen.Heavy, screen.NoArm, screen.Light, screen.NoArm},
	} {
		got, ok := screen.Box(r)
		require.True(t, ok, string(r))
		require.Equal(t, want, got, string(r))
	}
	for _, r := range "a╱\u24ff\u2580" {
		_, ok := screen.Box(r)
		require.False(t, ok, string(r))
	}
}

func TestFallbackKeepsTheMeaning(t *testing.T) {
	for from, want := range map[rune]rune{
		'’': '\'', '“': '"', '–': '-', '—': '-', '…': '.', '€': 'E', '\u00a0': ' ', '•': '·',
		'é': 'e', 'Č': 'C', 'ł': 'l', 'ß': 'B', 'Ω': 'O', '✓': '√', '→': '>',
		'━': '─', '╋': '┼', '╭': '┌', '╴': '─', '╹': '│', '┄': '─', '╢': '+', '║': '|', '═': '-',
		'╱': '/', '▛': '█', '▁': '▄',
	} {
		got, ok := screen.Fallback(from)
		require.True(t, ok, string(from))
		require.Equal(t, string(want), string(got), "for %c", from)
	}
	for _, r := range "aA~\t漢\U0001f600" {
		_, ok := screen.Fallback(r)
		require.False(t, ok, string(r))
	}
}

func TestFallbacksEndAfterFourSteps(t *testing.T) {
	for r := rune(0); r < 0x3400; r++ {
		c, steps := r, 0
		for ok := true; ok && steps < 6; steps++ {
			c, ok = screen.Fallback(c)
		}
		require.LessOrEqual(t, steps, 5, "%U", r)
	}
}

func TestFallbackDoesNotAllocate(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(10, func() {
		screen.Fallback('é')
		screen.Fallback('╿')
		screen.Fallback('漢')
	}))
}
