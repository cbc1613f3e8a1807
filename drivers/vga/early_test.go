package vga_test

import (
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/vga"
	"vitrine/mm"
)

// cells is the memory of a text screen, and a row beyond it that nobody may
// write to.
type cells [vga.Cols * (vga.Rows + 1)]uint16

func early(t *testing.T) (*cells, *vga.Early) {
	m := &cells{}
	t.Cleanup(func() { runtime.KeepAlive(m) })
	return m, &vga.Early{Base: mm.VirtAddr(uintptr(unsafe.Pointer(m)))}
}

// row returns the text of row y, without blanks and zeros at its end.
func (m *cells) row(y int) string {
	var s strings.Builder
	for _, c := range m[y*vga.Cols : (y+1)*vga.Cols] {
		s.WriteByte(byte(c))
	}
	return strings.TrimRight(s.String(), " \x00")
}

func TestEarlyWritesGreyOnBlack(t *testing.T) {
	m, e := early(t)
	_, _ = e.WriteString("Hi\nyou")
	require.Equal(t, []uint16{0x0748, 0x0769, 0}, m[:3])
	require.Equal(t, "you", m.row(1))
}

func TestEarlyWritesInAnyColour(t *testing.T) {
	m, e := early(t)
	e.Attr = vga.WhiteOnRed
	e.Clear()
	_, _ = e.Write([]byte("!"))
	require.Equal(t, []uint16{0x4f21, 0x4f20}, m[:2])
	require.Equal(t, uint16(0x4f20), m[vga.Cols*vga.Rows-1])
	require.Zero(t, m[vga.Cols*vga.Rows], "the row beyond")
}

func TestEarlyBreaksLongLinesAndScrolls(t *testing.T) {
	m, e := early(t)
	_, _ = e.WriteString(strings.Repeat("x", 80) + "\n" + strings.Repeat("y", 81))
	require.Equal(t, []string{strings.Repeat("x", 80), strings.Repeat("y", 80), "y"},
		[]string{m.row(0), m.row(1), m.row(2)})
	for range 30 {
		_, _ = e.WriteString("\nline")
	}
	require.Equal(t, []string{"line", "line"}, []string{m.row(0), m.row(24)})
	_, _ = e.WriteString("\n\nlast")
	require.Equal(t, []string{"line", "", "last", ""}, []string{m.row(22), m.row(23), m.row(24), m.row(25)})
}

func TestEarlyLeavesOtherControlsOut(t *testing.T) {
	m, e := early(t)
	_, _ = e.WriteString("a\r\x00\a\x1bb")
	require.Equal(t, "ab", m.row(0))
}

func TestEarlyDoesNotAllocate(t *testing.T) {
	_, e := early(t)
	require.Zero(t, testing.AllocsPerRun(10, func() { _, _ = e.WriteString("panic: no memory\n") }))
}
