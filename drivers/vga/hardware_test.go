//go:build tamago

package vga_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ioport"
	"vitrine/drivers/mmio"
	"vitrine/drivers/screen"
	"vitrine/drivers/vga"
)

// machineScreen is the machine's own text screen, if it has one.
func machineScreen(t testing.TB) (*vga.Screen, mmio.Hardware) {
	cells := mmio.Hardware{Base: vga.Memory.Direct()}
	s := vga.New(cells, ioport.Hardware{})
	if err := s.Init(); err != nil {
		t.Skip(err)
	}
	return s, cells
}

func TestTheMachineShowsText(t *testing.T) {
	s, cells := machineScreen(t)
	s.Set(79, 24, 'é', screen.Colors(screen.BrightWhite, screen.Red))
	require.Equal(t, uint16(0x4f82), cells.Load16(vga.Cols*vga.Rows*2-2))
	s.Cursor(79, 24, true)
	s.Set(79, 24, ' ', screen.Normal)
}

func BenchmarkSetOnTheMachine(b *testing.B) {
	s, _ := machineScreen(b)
	for b.Loop() {
		s.Set(3, 3, 'x', screen.Normal)
	}
}
