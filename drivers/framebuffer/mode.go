package framebuffer

// Error is an error of this package.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// The errors.
const (
	ErrSize   Error = "framebuffer: width or height is too small for text, or absurd"
	ErrPitch  Error = "framebuffer: the pitch is less than a line of pixels, or absurd"
	ErrDepth  Error = "framebuffer: only 15, 16, 24 and 32 bits a pixel are supported"
	ErrColors Error = "framebuffer: red, green and blue do not fit into a pixel"
	ErrMemory Error = "framebuffer: the picture is larger than its memory"
)

// Mode describes a picture in memory, as boot loaders do (Multiboot2
// Specification, "Framebuffer info").
type Mode struct {
	Width, Height    int // in pixels
	Pitch            int // bytes from a line of pixels to the next
	BitsPerPixel     int // 15, 16, 24 or 32
	Red, Green, Blue Field
}

// Field is the place of one colour in a pixel, in bits.
type Field struct{ Position, Size uint8 }

// The largest picture that is believed: no screen is larger yet.
const (
	maxSide  = 16384
	maxPitch = maxSide * 8
)

// Size returns how many bytes the picture takes, after making sure that it can
// be drawn on.
//
// Errors:  ErrSize, ErrPitch, ErrDepth, ErrColors.
// Context: any; never allocates.
func (m Mode) Size() (int, error) {
	switch {
	case m.Width < cellWidth || m.Height < cellHeight || m.Width > maxSide || m.Height > maxSide:
		return 0, ErrSize
	case m.BitsPerPixel != 15 && m.BitsPerPixel != 16 && m.BitsPerPixel != 24 && m.BitsPerPixel != 32:
		return 0, ErrDepth
	case m.Pitch < m.Width*m.bytesPerPixel() || m.Pitch > maxPitch:
		return 0, ErrPitch
	case !m.fieldsFit():
		return 0, ErrColors
	}
	return m.Pitch*(m.Height-1) + m.Width*m.bytesPerPixel(), nil
}

func (m Mode) bytesPerPixel() int { return (m.BitsPerPixel + 7) / 8 }

// fieldsFit tells whether the colours lie in the pixel and not on each other.
func (m Mode) fieldsFit() bool {
	var used uint64
	for _, f := range [...]Field{m.Red, m.Green, m.Blue} {
		if f.Size == 0 || f.Size > 16 || int(f.Position)+int(f.Size) > m.BitsPerPixel {
			return false
		}
		mask := (uint64(1)<<f.Size - 1) << f.Position
		if used&mask != 0 {
			return false
		}
		used |= mask
	}
	return true
}

// place puts an intensity, 0 to 255, into the field.
func (f Field) place(v uint8) uint32 {
	wide := uint32(v) * 0x0101 // 16 bits, all ones if v is
	return wide >> (16 - f.Size) << f.Position
}

// pixel returns the value of a pixel with this colour.
func (m Mode) pixel(r, g, b uint8) uint32 {
	return m.Red.place(r) | m.Green.place(g) | m.Blue.place(b)
}
