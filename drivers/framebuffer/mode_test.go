package framebuffer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/framebuffer"
)

// The modes that real machines have.
var (
	mode32 = framebuffer.Mode{
		Width: 80, Height: 48, Pitch: 80 * 4, BitsPerPixel: 32,
		Red:   framebuffer.Field{Position: 16, Size: 8},
		Green: framebuffer.Field{Position: 8, Size: 8},
		Blue:  framebuffer.Field{Position: 0, Size: 8},
	}
	mode24 = with(mode32, func(m *framebuffer.Mode) { m.BitsPerPixel, m.Pitch = 24, 80*3+8 })
	mode16 = with(mode32, func(m *framebuffer.Mode) {
		m.BitsPerPixel, m.Pitch = 16, 80*2
		m.Red, m.Green, m.Blue = framebuffer.Field{11, 5}, framebuffer.Field{5, 6}, framebuffer.Field{0, 5}
	})
	mode15 = with(mode16, func(m *framebuffer.Mode) {
		m.BitsPerPixel = 15
		m.Red, m.Green = framebuffer.Field{10, 5}, framebuffer.Field{5, 5}
	})
	mode30 = with(mode32, func(m *framebuffer.Mode) {
		m.Red, m.Green, m.Blue = framebuffer.Field{0, 10}, framebuffer.Field{10, 10}, framebuffer.Field{20, 10}
	})
)

func with(m framebuffer.Mode, change func(*framebuffer.Mode)) framebuffer.Mode {
	change(&m)
	return m
}

func TestSizeIsUpToTheLastPixel(t *testing.T) {
	for _, tt := range []struct {
		mode framebuffer.Mode
		want int
	}{
		{mode32, 80 * 4 * 48},
		{mode24, (80*3+8)*47 + 80*3},
		{mode16, 80 * 2 * 48},
		{mode15, 80 * 2 * 48},
		{mode30, 80 * 4 * 48},
	} {
		n, err := tt.mode.Size()
		require.NoError(t, err)
		require.Equal(t, tt.want, n)
	}
}

func TestBadModesAreErrors(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*framebuffer.Mode)
		want   error
	}{
		{"nothing", func(m *framebuffer.Mode) { *m = framebuffer.Mode{} }, framebuffer.ErrSize},
		{"no width", func(m *framebuffer.Mode) { m.Width = 0 }, framebuffer.ErrSize},
		{"negative height", func(m *framebuffer.Mode) { m.Height = -48 }, framebuffer.ErrSize},
		{"less than a letter", func(m *framebuffer.Mode) { m.Height = 15 }, framebuffer.ErrSize},
		{"absurd width", func(m *framebuffer.Mode) { m.Width = 1 << 40 }, framebuffer.ErrSize},
		{"absurd height", func(m *framebuffer.Mode) { m.Height = 1 << 40 }, framebuffer.ErrSize},
		{"pitch too small", func(m *framebuffer.Mode) { m.Pitch = 80*4 - 1 }, framebuffer.ErrPitch},
		{"negative pitch", func(m *framebuffer.Mode) { m.Pitch = -80 * 4 }, framebuffer.ErrPitch},
		{"absurd pitch", func(m *framebuffer.Mode) { m.Pitch = 1 << 60 }, framebuffer.ErrPitch},
		{"a palette", func(m *framebuffer.Mode) { m.BitsPerPixel = 8 }, framebuffer.ErrDepth},
		{"no depth", func(m *framebuffer.Mode) { m.BitsPerPixel = 0 }, framebuffer.ErrDepth},
		{"absurd depth", func(m *framebuffer.Mode) { m.BitsPerPixel = 64 }, framebuffer.ErrDepth},
		{"no red", func(m *framebuffer.Mode) { m.Red.Size = 0 }, framebuffer.ErrColors},
		{"too much green", func(m *framebuffer.Mode) { m.Green.Size = 17 }, framebuffer.ErrColors},
		{"blue outside the pixel", func(m *framebuffer.Mode) { m.Blue.Position = 25 }, framebuffer.ErrColors},
		{"blue far outside", func(m *framebuffer.Mode) { m.Blue.Position = 255 }, framebuffer.ErrColors},
		{"red on green", func(m *framebuffer.Mode) { m.Red.Position = 15 }, framebuffer.ErrColors},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := with(mode32, tt.change)
			_, err := m.Size()
			require.ErrorIs(t, err, tt.want)
			_, err = framebuffer.New(make([]byte, 80*4*48), m)
			require.ErrorIs(t, err, tt.want)
		})
	}
}

func TestThePictureMustFitInItsMemory(t *testing.T) {
	_, err := framebuffer.New(make([]byte, 80*4*48-1), mode32)
	require.ErrorIs(t, err, framebuffer.ErrMemory)
	_, err = framebuffer.New(make([]byte, 80*4*48), mode32)
	require.NoError(t, err)
}

// Whatever a boot loader says, the answer is an error or a screen that can be
// drawn on from corner to corner.
func FuzzNew(f *testing.F) {
	f.Add(80, 48, 320, 32, []byte{16, 8, 8, 8, 0, 8}, 80*48*4)
	f.Add(8, 16, 17, 15, []byte{10, 5, 5, 5, 0, 5}, 1000)
	f.Add(11, 17, 33, 24, []byte{0, 8, 8, 8, 16, 8}, 1000)
	f.Fuzz(func(t *testing.T, width, height, pitch, bits int, fields []byte, size int) {
		if len(fields) < 6 || size < 0 || size > 1<<20 {
			return
		}
		memory := make([]byte, size+64)
		s, err := framebuffer.New(memory[:size:size], framebuffer.Mode{
			Width: width, Height: height, Pitch: pitch, BitsPerPixel: bits,
			Red:   framebuffer.Field{fields[0], fields[1]},
			Green: framebuffer.Field{fields[2], fields[3]},
			Blue:  framebuffer.Field{fields[4], fields[5]},
		})
		if err != nil {
			return
		}
		cols, rows := s.Size()
		s.Clear()
		for _, x := range []int{-1, 0, cols - 1, cols} {
			for _, y := range []int{-1, 0, rows - 1, rows} {
				s.Set(x, y, '█', 0xf0)
				s.Cursor(x, y, true)
			}
		}
		for _, b := range memory[size:] {
			require.Zero(t, b)
		}
	})
}
