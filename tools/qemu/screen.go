package qemu

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
)

// Screen returns a picture of what the machine shows.
func (q *QMP) Screen() (image.Image, error) {
	f, err := os.CreateTemp("", "vit-screen-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := q.Run("screendump", map[string]any{"filename": f.Name()}, nil); err != nil {
		return nil, err
	}
	file, err := os.ReadFile(f.Name()) // QEMU may have replaced the file
	if err != nil {
		return nil, err
	}
	return decodePPM(file)
}

// ScreenshotFile stores a picture of what the machine shows as a PNG.
func (q *QMP) ScreenshotFile(name string) error {
	picture, err := q.Screen()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o644)
}

// maxSide bounds the pictures that are decoded, in pixels.
const maxSide = 1 << 14

// decodePPM reads a binary portable pixmap (ppm(5)), which every version of
// QEMU can write.
func decodePPM(file []byte) (image.Image, error) {
	part := bytes.SplitN(file, []byte("\n"), 4) // "P6", "width height", "255", the dots
	if len(part) != 4 || string(part[0]) != "P6" {
		return nil, errors.New("not a PPM picture")
	}
	var width, height int
	if _, err := fmt.Sscanf(string(part[1]), "%d %d", &width, &height); err != nil {
		return nil, fmt.Errorf("a PPM picture of size %.20q", part[1])
	}
	data := part[3]
	if width <= 0 || height <= 0 || width > maxSide || height > maxSide || string(part[2]) != "255" {
		return nil, fmt.Errorf("a PPM picture of %d×%d with %.20q shades", width, height, part[2])
	}
	if len(data) < 3*width*height {
		return nil, errors.New("a PPM picture that is cut short")
	}
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		picture.SetRGBA(i%width, i/width, color.RGBA{data[3*i], data[3*i+1], data[3*i+2], 255})
	}
	return picture, nil
}

// The VGA text screen: 80 columns, 25 rows, a character and an attribute in
// each 16-bit cell (IBM PS/2 Hardware Interface, "Video Subsystem").
const (
	textMemory  = 0xb8000
	TextColumns = 80 // TextColumns is the width of the text screen.
	TextRows    = 25 // TextRows is the height of the text screen.
)

// Cell is one character of the text screen.
type Cell struct {
	Char      rune
	Attribute uint8 // foreground in bits 0-3, background in bits 4-7
}

// Cells reads the VGA text memory: the 80×25 characters at its start.
func (q *QMP) Cells() ([TextRows][TextColumns]Cell, error) {
	var cells [TextRows][TextColumns]Cell
	const words = TextRows * TextColumns / 4
	out, err := q.Monitor(fmt.Sprintf("xp/%dgx %#x", words, textMemory))
	if err != nil {
		return cells, err
	}
	found := memoryWord.FindAllStringSubmatch(out, -1)
	if len(found) != words {
		return cells, fmt.Errorf("the text screen cannot be read: QEMU says %.100q", out)
	}
	for i, m := range found {
		four := number(m[1])
		for k := range 4 {
			at := 4*i + k
			cells[at/TextColumns][at%TextColumns] = Cell{cp437(byte(four)), uint8(four >> 8)}
			four >>= 16
		}
	}
	return cells, nil
}

// ScreenText returns the characters on the text screen, row by row, without
// the blanks at the ends of rows.
func (q *QMP) ScreenText() (string, error) {
	cells, err := q.Cells()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, row := range cells {
		line := make([]rune, 0, TextColumns)
		for _, c := range row {
			line = append(line, c.Char)
		}
		b.WriteString(strings.TrimRight(string(line), " ") + "\n")
	}
	return b.String(), nil
}

// The character set of the VGA's font, code page 437, where it differs from
// ASCII.
var (
	lowChars  = []rune(" ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼")
	highChars = []rune("⌂ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
		"└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0")
)

// cp437 decodes one character of code page 437.
func cp437(c byte) rune {
	switch {
	case c < 0x20:
		return lowChars[c]
	case c < 0x7f:
		return rune(c)
	}
	return highChars[c-0x7f]
}
