package console_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/framebuffer"
	"vitrine/drivers/ioport"
	"vitrine/drivers/mmio/mmiotest"
	"vitrine/drivers/uart"
	"vitrine/drivers/vga"
	"vitrine/kernel/console"
)

// bus is ports behind which a transmitter is always ready and a VGA swallows
// everything.
type bus struct{ ioport.Space }

func (bus) In8(uint16) uint8   { return 0x60 }
func (bus) Out8(uint16, uint8) {}

func allDevices(t testing.TB) (*console.Console, mmiotest.RAM) {
	c, cells := console.New(), make(mmiotest.RAM, vga.Cols*vga.Rows*2)
	_, err := c.AddSerial("com1", uart.New(bus{}, uart.COM1))
	require.NoError(t, err)
	_, err = c.AddScreen("vga", vga.New(cells, bus{}))
	require.NoError(t, err)
	_, err = c.AddScreen("framebuffer", largeScreen(t))
	require.NoError(t, err)
	return c, cells
}

func largeScreen(t testing.TB) *framebuffer.Screen {
	m := framebuffer.Mode{
		Width: 1280, Height: 800, Pitch: 1280 * 4, BitsPerPixel: 32,
		Red: framebuffer.Field{Position: 16, Size: 8}, Green: framebuffer.Field{Position: 8, Size: 8},
		Blue: framebuffer.Field{Position: 0, Size: 8},
	}
	s, err := framebuffer.New(make([]byte, m.Pitch*m.Height), m)
	require.NoError(t, err)
	return s
}

func TestAllDevicesTogether(t *testing.T) {
	c, cells := allDevices(t)
	_, _ = c.Write([]byte("\x1b[1;37;41mpanic:\x1b[m größer\n"))
	require.Equal(t, uint16(0x4f70), cells.Load16(0), "a white p on red")
	require.Equal(t, "panic: größer", c.Sink("vga").Text()[0])
	require.Equal(t, "panic: größer", c.Sink("framebuffer").Text()[0])
	require.Len(t, c.Sink("framebuffer").Text(), 50)
}

func TestNoDeviceAllocates(t *testing.T) {
	c, _ := allDevices(t)
	message := []byte("\x1b[1;37;41mpanic:\x1b[m größer ├─╋ 漢\n")
	require.Zero(t, testing.AllocsPerRun(20, func() {
		_, _ = c.Write(message)
		for _, b := range message {
			c.EmergencyWriteByte(b)
		}
	}))
}

func BenchmarkWrite(b *testing.B) {
	line := "2026-01-02 12:34:56.789 INFO memory: 512 MiB of RAM, 131072 frames, "
	lines := [2][]byte{[]byte(line + "even\n"), []byte(strings.ToUpper(line) + "ODD\n")}
	for _, name := range []string{"com1", "vga", "framebuffer"} {
		b.Run(name, func(b *testing.B) {
			c, _ := allDevices(b)
			for k := range c.Sinks() {
				if k.Name() != name {
					k.Accept(0)
				}
			}
			b.SetBytes(int64(len(lines[0])))
			for i := 0; b.Loop(); i++ {
				_, _ = c.Write(lines[i%2])
			}
		})
	}
}
