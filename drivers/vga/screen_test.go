package vga_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ioport"
	"vitrine/drivers/ioport/porttest"
	"vitrine/drivers/mmio/mmiotest"
	"vitrine/drivers/screen"
	"vitrine/drivers/vga"
)

// card is the registers of a VGA that this driver uses.
type card struct {
	ioport.Space // unused widths
	misc         uint8
	selected     map[uint16]uint8          // by port: the register
	registers    map[uint16]map[uint8]byte // by port
	expectsValue bool                      // at the attribute controller
	writes       int
}

func newCard() *card {
	return &card{
		misc:     0x67,
		selected: map[uint16]uint8{},
		registers: map[uint16]map[uint8]byte{
			0x3c0: {0x10: 0x0c},                         // line graphics, blinking
			0x3ce: {0x06: 0x0e},                         // text
			0x3d4: {0x09: 0x4f, 0x0c: 0x12, 0x0d: 0x34}, // 16 lines; scrolled by somebody
		},
	}
}

func (c *card) In8(port uint16) uint8 {
	switch port {
	case 0x3cc:
		return c.misc
	case 0x3da:
		c.expectsValue = false
		return 0
	case 0x3c1, 0x3cf, 0x3d5:
		return c.registers[port-1][c.selected[port-1]]
	}
	return 0xff
}

func (c *card) Out8(port uint16, v uint8) {
	c.writes++
	switch port {
	case 0x3c0:
		if c.expectsValue {
			c.registers[port][c.selected[port]] = v
		} else {
			c.selected[port] = v &^ 0x20
		}
		c.expectsValue = !c.expectsValue
	case 0x3ce, 0x3d4:
		c.selected[port] = v
	case 0x3cf, 0x3d5:
		c.registers[port-1][c.selected[port-1]] = v
	}
}

func initialised(t testing.TB) (mmiotest.RAM, *card, *vga.Screen) {
	memory, c := make(mmiotest.RAM, vga.Cols*vga.Rows*2), newCard()
	s := vga.New(memory, c)
	require.NoError(t, s.Init())
	return memory, c, s
}

func TestInitTurnsBlinkingIntoBackgrounds(t *testing.T) {
	_, c, _ := initialised(t)
	require.Equal(t, byte(0x04), c.registers[0x3c0][0x10])
	require.Zero(t, c.registers[0x3d4][0x0c])
	require.Zero(t, c.registers[0x3d4][0x0d])
}

func TestInitNoticesThatThereIsNoTextScreen(t *testing.T) {
	require.ErrorIs(t, vga.New(mmiotest.RAM{}, &porttest.Space{}).Init(), vga.ErrAbsent)

	mono := newCard()
	mono.misc = 0x66
	require.ErrorIs(t, vga.New(mmiotest.RAM{}, mono).Init(), vga.ErrAbsent)

	pixels := newCard()
	pixels.registers[0x3ce][0x06] = 0x05
	require.ErrorIs(t, vga.New(mmiotest.RAM{}, pixels).Init(), vga.ErrGraphics)
}

func TestSetStoresCharacterAndColours(t *testing.T) {
	memory, _, s := initialised(t)
	s.Set(3, 2, 'A', screen.Colors(screen.BrightRed, screen.Blue))
	require.Equal(t, uint16(0x1c41), memory.Load16((2*80+3)*2))
	s.Set(79, 24, 'é', screen.Colors(screen.Cyan, screen.BrightYellow))
	require.Equal(t, uint16(0xe382), memory.Load16((24*80+79)*2))
	s.Set(80, 0, 'x', screen.Normal)
	s.Set(0, 25, 'x', screen.Normal)
	s.Set(-1, 1, 'x', screen.Normal)
	require.Zero(t, memory.Load16(80*2))
	require.Zero(t, memory.Load16(79*2))
}

func TestCursorMovesAndHides(t *testing.T) {
	_, c, s := initialised(t)
	crtc := c.registers[0x3d4]
	require.Equal(t, byte(0x2d), crtc[0x0a], "hidden at first")
	s.Cursor(5, 24, true)
	require.Equal(t, [4]byte{0x0d, 0x0e, 0x07, 0x85}, [4]byte{crtc[0x0a], crtc[0x0b], crtc[0x0e], crtc[0x0f]})

	before := c.writes
	s.Cursor(5, 24, true)
	require.Equal(t, before, c.writes, "nothing new, nothing written")

	s.Cursor(5, 24, false)
	require.Equal(t, byte(0x2d), crtc[0x0a])
	s.Cursor(0, 99, true)
	require.Equal(t, byte(0x07), crtc[0x0e], "outside the screen")
}

func TestEncodeKnowsTheWholeCodePage(t *testing.T) {
	for r, want := range map[rune]byte{
		'A': 'A', ' ': ' ', '~': '~', '☺': 1, '▼': 0x1f, '⌂': 0x7f, 'Ç': 0x80, 'É': 0x90, 'á': 0xa0,
		'░': 0xb0, '│': 0xb3, '└': 0xc0, '╨': 0xd0, 'α': 0xe0, 'ß': 0xe1, '≡': 0xf0, '■': 0xfe, '\u00a0': 0xff,
	} {
		require.Equal(t, want, vga.Encode(r), string(r))
	}
	seen := map[byte]rune{}
	for r := rune(' '); r < 0x2700; r++ {
		if _, again := screen.Fallback(r); r >= 0x7f && r < 0xa0 || again && r >= 0x3000 {
			continue
		}
		if c := vga.Encode(r); c != 0xfe && seen[c] == 0 {
			seen[c] = r
		}
	}
	require.Len(t, seen, 254, "each but 0, a blank, and 0xfe, the unknown")
}

func TestEncodeFallsBack(t *testing.T) {
	for r, want := range map[rune]byte{
		'’': '\'', '“': '"', '–': '-', '…': '.', 'À': 'A', 'ő': 'o', '€': 'E', '✓': 0xfb, '•': 7,
		'━': 0xc4, '╭': 0xda, '╋': 0xc5, '▁': 0xdc, '漢': 0xfe, '\ufffd': 0xfe, '\U0001f600': 0xfe, 0: 0xfe,
	} {
		require.Equal(t, want, vga.Encode(r), string(r))
	}
}

func TestScreenDoesNotAllocate(t *testing.T) {
	s := vga.New(make(mmiotest.RAM, vga.Cols*vga.Rows*2), quiet{})
	x := 0
	require.Zero(t, testing.AllocsPerRun(100, func() {
		x = (x + 1) % 80
		s.Set(x, 2, '漢', screen.Normal)
		s.Cursor(x, 2, x%2 == 0)
	}))
}

// quiet is ports that nothing comes from or goes to.
type quiet struct{ ioport.Space }

func (quiet) In8(uint16) uint8   { return 0 }
func (quiet) Out8(uint16, uint8) {}

func BenchmarkSet(b *testing.B) {
	for _, r := range []rune{'a', 'é', '╋'} {
		b.Run(string(r), func(b *testing.B) {
			s := vga.New(make(mmiotest.RAM, vga.Cols*vga.Rows*2), quiet{})
			for b.Loop() {
				s.Set(7, 7, r, screen.Normal)
			}
		})
	}
}
