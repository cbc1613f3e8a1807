package qemu

import (
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/guest"
)

func TestEveryKeyOfAUSKeyboardHasAChord(t *testing.T) {
	for c := rune(' '); c < 0x7f; c++ {
		chord, err := Chord(c)
		require.NoError(t, err, "%q", c)
		require.NotEmpty(t, chord)
	}
	for text, want := range map[string][]string{
		"a": {"a"}, "A": {"shift", "a"}, "1": {"1"}, "!": {"shift", "1"}, "~": {"shift", "grave_accent"},
		"?": {"shift", "slash"}, "\"": {"shift", "apostrophe"}, "\n": {"ret"}, "\x03": {"ctrl", "c"}, "\x1b": {"esc"},
	} {
		c, _ := utf8.DecodeRuneInString(text)
		chord, err := Chord(c)
		require.NoError(t, err)
		require.Equal(t, want, chord, "%q", text)
	}
	_, err := Chord('é')
	require.ErrorContains(t, err, "not on a US keyboard")
}

func TestTypedTextComesOutAsScancodes(t *testing.T) {
	m := boot(t, guest.Scancodes())
	_, err := m.Serial().WaitFor(">", patience)
	require.NoError(t, err)
	require.NoError(t, m.QMP().Type("aB"))
	// Set 1: a is 1e, b is 30, left shift is 2a; released with bit 7 set.
	want := "\x1e\x9e\x2a\x30\xb0\xaa"
	require.Eventually(t, func() bool { return strings.HasSuffix(m.Serial().Text(), want) },
		patience, patience/1000, "%q", m.Serial().Text())
	require.ErrorContains(t, m.QMP().Press("no_such_key"), `key "no_such_key"`)
}

func TestAKeyWaitsUntilTheGuestReadsIt(t *testing.T) {
	deaf := boot(t, guest.Letters("deaf"))
	waitText(t, deaf, "deaf")
	start := time.Now()
	require.NoError(t, deaf.QMP().Key("a", true))
	require.GreaterOrEqual(t, time.Since(start), keyPatience, "it is not read")
	require.True(t, deaf.QMP().keysWait())

	m := boot(t, guest.Scancodes())
	_, err := m.Serial().WaitFor(">", patience)
	require.NoError(t, err)
	text := strings.Repeat("the keyboard's buffer holds 16 bytes, ", 4)
	require.NoError(t, m.QMP().Type(text))
	require.Eventually(t, func() bool { return !m.QMP().keysWait() }, patience, patience/1000)
}

func TestTheTextScreenCanBeRead(t *testing.T) {
	m := boot(t, guest.Letters("Hello\xdb\x01"))
	waitText(t, m, "Hello█☺")
	cells, err := m.QMP().Cells()
	require.NoError(t, err)
	require.Equal(t, Cell{'H', 0x1f}, cells[0][0])
}

// waitText waits until the text screen begins with text.
func waitText(t *testing.T, m *Machine, text string) {
	t.Helper()
	require.Eventually(t, func() bool {
		screen, err := m.QMP().ScreenText()
		return err == nil && len(screen) >= len(text) && screen[:len(text)] == text
	}, patience, patience/1000)
}

func TestTheScreenCanBePhotographed(t *testing.T) {
	m := boot(t, guest.Letters("\xdb\xdb\xdb"))
	waitText(t, m, "███")
	require.NoError(t, m.QMP().ScreenshotFile(filepath.Join(t.TempDir(), "s.png")))
	picture, err := m.QMP().Screen()
	require.NoError(t, err)
	require.Equal(t, 720, picture.Bounds().Dx())
	require.Equal(t, 400, picture.Bounds().Dy())
	require.Equal(t, color.RGBA{255, 255, 255, 255}, picture.At(1, 8), "a full block, in bright white")
}

func TestAPictureThatIsNoneIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "not a PPM picture",
		"P5\n1 1\n255\n\x00":        "not a PPM picture",
		"P6\nx y\n255\n":            "of size",
		"P6\n1 1\n65535\n123456":    "shades",
		"P6\n100000 1\n255\nabc":    "100000×1",
		"P6\n-1 1\n255\nabc":        "-1×1",
		"P6\n2 2\n255\nabcdefghijk": "cut short",
	} {
		_, err := decodePPM([]byte(text))
		require.ErrorContains(t, err, want)
	}
	picture, err := decodePPM([]byte("P6\n2 1\n255\n \n\x00abc"))
	require.NoError(t, err)
	require.Equal(t, color.RGBA{' ', '\n', 0, 255}, picture.At(0, 0))
}

func TestCodePage437IsComplete(t *testing.T) {
	require.Len(t, lowChars, 0x20)
	require.Len(t, highChars, 0x100-0x7f)
	seen := map[rune]bool{}
	for c := range 256 {
		r := cp437(byte(c))
		require.False(t, seen[r] && r != ' ', "%q twice", r)
		seen[r] = true
	}
	require.Equal(t, 'é', cp437(0x82))
	require.Equal(t, '═', cp437(0xcd))
	require.Equal(t, 'ß', cp437(0xe1))
}

func TestScreenshotsLeaveNothingBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	m := boot(t, guest.Sleep())
	_, err := m.QMP().Screen()
	require.NoError(t, err)
	m.Close()
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, f := range left { // t.TempDir itself lies there
		require.True(t, f.IsDir(), f.Name())
	}
}
