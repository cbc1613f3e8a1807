package framebuffer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/screen"
)

// squares are the middles of box-drawing characters, six by five pixels.
var squares = map[rune]string{
	'─': "...... ...... ###### ...... ......",
	'│': "..#... ..#... ..#... ..#... ..#...",
	'┼': "..#... ..#... ###### ..#... ..#...",
	'└': "..#... ..#... ..#### ...... ......",
	'├': "..#... ..#... ..#### ..#... ..#...",
	'━': "...... ###### ###### ###### ......",
	'┏': "...... .##### .##### .##### .###..",
	'╋': ".###.. ###### ###### ###### .###..",
	'╹': ".###.. .###.. .###.. ...... ......",
	'┠': ".###.. .###.. .##### .###.. .###..",
	'┝': "..#... ..#### ..#### ..#### ..#...",
	'═': "...... ###### ...... ###### ......",
	'║': ".#.#.. .#.#.. .#.#.. .#.#.. .#.#..",
	'╔': "...... .##### .#.... .#.### .#.#..",
	'╝': ".#.#.. ##.#.. ...#.. ####.. ......",
	'╬': ".#.#.. ##.### ...... ##.### .#.#..",
	'╠': ".#.#.. .#.### .#.... .#.### .#.#..",
	'╤': "...... ###### ...... ###### ..#...",
	'╧': "..#... ###### ...... ###### ......",
	'╪': "..#... ###### ..#... ###### ..#...",
	'╫': ".#.#.. .#.#.. ###### .#.#.. .#.#..",
	'╟': ".#.#.. .#.#.. .#.### .#.#.. .#.#..",
	'╞': "..#... ..#### ..#... ..#### ..#...",
	'╒': "...... ..#### ..#... ..#### ..#...",
	'╓': "...... ...... .##### .#.#.. .#.#..",
}

func TestLinesMeetInTheMiddle(t *testing.T) {
	for r, want := range squares {
		var got []string
		for _, row := range picture(t, r)[6:11] {
			got = append(got, row[2:8])
		}
		require.Equal(t, strings.Fields(want), got, string(r))
	}
}

// Where two cells touch, an arm of one continues in the other.
func TestLinesReachTheEdges(t *testing.T) {
	across := map[screen.Arm]string{
		screen.NoArm: "...", screen.Light: ".#.", screen.Heavy: "###", screen.Double: "#.#",
	}
	for r := rune(0x2500); r < 0x2580; r++ {
		a, ok := screen.Box(r)
		if !ok {
			continue
		}
		p := picture(t, r)
		column := func(x int) string { return string([]byte{p[7][x], p[8][x], p[9][x]}) }
		require.Equal(t, across[a.Up], p[0][3:6], "%c up", r)
		require.Equal(t, across[a.Down], p[15][3:6], "%c down", r)
		require.Equal(t, across[a.Left], column(0), "%c left", r)
		require.Equal(t, across[a.Right], column(7), "%c right", r)
	}
}

func TestBlocksFillTheirPart(t *testing.T) {
	count := func(r rune, what string) int { return strings.Count(strings.Join(picture(t, r), ""), what) }
	for r, pixels := range map[rune]int{
		'█': 128, '▀': 64, '▄': 64, '▌': 64, '▐': 64, '▁': 16, '▇': 112, '▏': 16, '▉': 112, '▔': 16, '▕': 16,
		'▖': 32, '▗': 32, '▘': 32, '▝': 32, '▚': 64, '▞': 64, '▙': 96, '▛': 96, '▜': 96, '▟': 96,
	} {
		require.Equal(t, pixels, count(r, "#"), string(r))
	}
	for _, r := range "░▒▓" {
		require.Equal(t, 128, count(r, "+"), string(r))
	}
	require.Equal(t, "####....", picture(t, '▚')[0])
	require.Equal(t, "....####", picture(t, '▚')[15])
	require.Equal(t, "####....", picture(t, '▌')[7])
	require.Equal(t, "........", picture(t, '▂')[11])
	require.Equal(t, "########", picture(t, '▂')[12])
}

func TestMissingCharactersHaveAStandIn(t *testing.T) {
	require.Equal(t, picture(t, '>'), picture(t, '→'))
	require.Equal(t, picture(t, 'a'), picture(t, 'α'))
	require.Equal(t, picture(t, '┌'), picture(t, '╭'))
	frame := picture(t, '漢')
	require.Equal(t, ".######.", frame[3])
	require.Equal(t, ".#....#.", frame[8])
	require.Equal(t, frame, picture(t, '\U0001f600'))
	require.Equal(t, picture(t, ' '), picture(t, '\u00a0'))
}
