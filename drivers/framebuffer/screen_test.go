package framebuffer_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/framebuffer"
	"vitrine/drivers/screen"
)

// canvas is a screen and its memory.
type canvas struct {
	*framebuffer.Screen
	mode   framebuffer.Mode
	memory []byte
}

func newCanvas(t testing.TB, m framebuffer.Mode) *canvas {
	memory := make([]byte, m.Pitch*m.Height)
	s, err := framebuffer.New(memory, m)
	require.NoError(t, err)
	return &canvas{s, m, memory}
}

// pixel returns the value of a pixel.
func (c *canvas) pixel(x, y int) uint32 {
	bytes := (c.mode.BitsPerPixel + 7) / 8
	var b [4]byte
	copy(b[:bytes], c.memory[y*c.mode.Pitch+x*bytes:])
	return binary.LittleEndian.Uint32(b[:])
}

// cell is the picture of the cell at (x, y): '#' foreground, '+' between, '.'
// black.
func (c *canvas) cell(x, y int, foreground uint32) []string {
	var rows []string
	for j := range 16 {
		var s strings.Builder
		for i := range 8 {
			switch c.pixel(x*8+i, y*16+j) {
			case foreground:
				s.WriteByte('#')
			case 0:
				s.WriteByte('.')
			default:
				s.WriteByte('+')
			}
		}
		rows = append(rows, s.String())
	}
	return rows
}

const white = 0xaaaaaa // screen.White

// picture draws r alone and returns its cell.
func picture(t testing.TB, r rune) []string {
	c := newCanvas(t, mode32)
	c.Set(1, 1, r, screen.Normal)
	return c.cell(1, 1, white)
}

func TestLettersComeFromTheFont(t *testing.T) {
	require.Equal(t, []string{
		"........", "........", "........", "...+....",
		"..+#+...", "..+++...", "..+++...", ".++.++..",
		".++.++..", ".+####..", "++...++.", "++...++.",
		"++....++", "........", "........", "........",
	}, picture(t, 'A'))
	for r := rune('!'); r < 0x180; r++ {
		if r >= 0x7f && r <= 0xa0 || r == 0xad {
			continue
		}
		p := strings.Join(picture(t, r), "\n")
		require.Regexp(t, "[#+]", p, "%c has a picture", r)
	}
	require.NotEqual(t, picture(t, 'e'), picture(t, 'é'))
}

func TestSetTouchesItsCellOnly(t *testing.T) {
	for _, m := range []framebuffer.Mode{mode32, mode24, mode16, mode15, mode30} {
		c := newCanvas(t, m)
		c.Set(2, 1, '█', screen.Colors(screen.BrightWhite, screen.Black))
		for y := range m.Height {
			for x := range m.Width {
				inside := x/8 == 2 && y/16 == 1
				require.Equal(t, inside, c.pixel(x, y) != 0, "%d, %d at %d bits", x, y, m.BitsPerPixel)
			}
		}
		c.Set(2, 1, ' ', screen.Normal)
		require.Equal(t, make([]byte, len(c.memory)), c.memory, "and nothing between the lines")
	}
}

func TestColoursGoWhereTheModeSays(t *testing.T) {
	for _, tt := range []struct {
		mode                   framebuffer.Mode
		white, red, brightCyan uint32
	}{
		{mode32, 0xffffff, 0xaa0000, 0x55ffff},
		{mode24, 0xffffff, 0xaa0000, 0x55ffff},
		{mode16, 0xffff, 0xa800, 0x57ff},
		{mode15, 0x7fff, 0x5400, 0x2bff},
		{mode30, 0x3fffffff, 0x2aa, 0x3ffffd55},
	} {
		c := newCanvas(t, tt.mode)
		for x, color := range []screen.Color{screen.BrightWhite, screen.Red, screen.BrightCyan} {
			c.Set(x, 0, '█', screen.Colors(color, screen.Black))
			c.Set(x, 1, ' ', screen.Colors(screen.Black, color))
		}
		for y := range 2 {
			require.Equal(t, [3]uint32{tt.white, tt.red, tt.brightCyan},
				[3]uint32{c.pixel(4, y*16), c.pixel(12, y*16), c.pixel(20, y*16)}, "%d bits", tt.mode.BitsPerPixel)
		}
	}
}

func TestEdgesAreBetweenTheColours(t *testing.T) {
	c := newCanvas(t, mode32)
	c.Set(0, 0, '▒', screen.Colors(screen.BrightRed, screen.Blue))
	require.Equal(t, uint32(0x882d7c), c.pixel(3, 3), "8 parts of ff5555, 7 of 0000aa")
}

func TestCursorIsALineAtTheBottom(t *testing.T) {
	c := newCanvas(t, mode32)
	c.Cursor(1, 1, true)
	p := c.cell(1, 1, white)
	require.Equal(t, []string{"........", "########", "########"}, p[13:])
	c.Set(1, 1, ' ', screen.Normal)
	c.Cursor(1, 1, false)
	require.Equal(t, make([]byte, len(c.memory)), c.memory)
}

func TestClearLeavesNothing(t *testing.T) {
	m := with(mode32, func(m *framebuffer.Mode) { m.Width, m.Height, m.Pitch = 83, 50, 340 })
	c := newCanvas(t, m)
	for i := range c.memory {
		c.memory[i] = 0xcc
	}
	c.Clear()
	for y := range m.Height {
		for x := range m.Width {
			require.Zero(t, c.pixel(x, y))
		}
	}
	require.Equal(t, byte(0xcc), c.memory[83*4], "beyond the line is not ours")
}

func TestOutsideTheScreenNothingHappens(t *testing.T) {
	c := newCanvas(t, mode32)
	cols, rows := c.Size()
	require.Equal(t, [2]int{10, 3}, [2]int{cols, rows})
	for _, at := range [][2]int{{-1, 0}, {10, 0}, {0, -1}, {0, 3}} {
		c.Set(at[0], at[1], '█', screen.Normal)
		c.Cursor(at[0], at[1], true)
	}
	require.Equal(t, make([]byte, len(c.memory)), c.memory)
}

func TestDrawingDoesNotAllocate(t *testing.T) {
	c := newCanvas(t, mode32)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		c.Set(0, 0, 'A', screen.Normal)
		c.Set(0, 0, '╋', screen.Normal)
		c.Set(0, 0, '漢', screen.Normal)
		c.Cursor(0, 0, true)
		c.Clear()
	}))
}

func BenchmarkSet(b *testing.B) {
	for name, m := range map[string]framebuffer.Mode{"32 bits": mode32, "24 bits": mode24, "16 bits": mode16} {
		for _, r := range []rune{'A', ' ', 'é', '┼'} {
			b.Run(name+"/"+string(r), func(b *testing.B) {
				c := newCanvas(b, m)
				for b.Loop() {
					c.Set(3, 1, r, screen.Normal)
				}
			})
		}
	}
}
