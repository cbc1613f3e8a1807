package systest

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

var update = flag.Bool("update", false, "store what the screen shows as what it should show")

// pattern uses all that a terminal can do: colours, attributes, lines, letters
// with accents, a character that no font has, a line that is too long.
const pattern = `clear; echo "` +
	`\e[1mbold\e[0m \e[4munderlined\e[0m \e[7minverse\e[0m \e[2mdim\e[0m\n` +
	`\e[30m0\e[31m1\e[32m2\e[33m3\e[34m4\e[35m5\e[36m6\e[37m7\e[0m ` +
	`\e[90m0\e[91m1\e[92m2\e[93m3\e[94m4\e[95m5\e[96m6\e[97m7\e[0m ` +
	`\e[40m0\e[41m1\e[42m2\e[43m3\e[44m4\e[45m5\e[46m6\e[47m7\e[0m ` +
	`\e[38;5;208m256\e[48;2;0;0;128mtrue colour\e[0m\n` +
	`┌──┬──┐ ╔══╦══╗ ░▒▓█ äöüß éèêë ñ ç € £ ½ ← → ✓ ☃\n` +
	`\e[10;20Hat 10, 20\e[5A\e[3Dup and left\e[12;1Hback" 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789`

// TestTheScreenLooksAsItShould compares pictures, dot by dot, and the text
// screen as text, too.
func TestTheScreenLooksAsItShould(t *testing.T) {
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		m := boot(t, func(c *qemu.Config) { c.Icount = "7" })
		m.Run(pattern)
		requireText(t, m, "testdata/screen-text.txt")
		requirePicture(t, m, image.Pt(9, 16), "testdata/screen-text.png")
	})
	t.Run("framebuffer", func(t *testing.T) {
		t.Parallel()
		m := bootISO(t, makeISO(t, 0))
		m.Run(pattern)
		requirePicture(t, m, image.Pt(8, 16), "testdata/screen-framebuffer.png")
	})
}

// TestTheScreenScrolls by one line at a time, and by more than it has.
func TestTheScreenScrolls(t *testing.T) {
	t.Parallel()
	m := boot(t)
	m.Run("repeat 100 echo scrolling")
	m.Run("echo the last one")
	m.WaitScreen(`^(scrolling\n){` + strconv.Itoa(qemu.TextRows-3) + `}vitrine> echo the last one\nthe last one\nvitrine>$`)
}

// requireText compares the text screen with a file.
func requireText(t *testing.T, m *qemutest.Machine, file string) {
	t.Helper()
	if *update {
		m.WaitScreen(`\nvitrine>$`)
		require.NoError(t, os.WriteFile(file, []byte(m.ScreenText()), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	if !waitFor(func() bool { return m.ScreenText() == string(want) }) {
		require.Equal(t, string(want), m.ScreenText())
	}
}

// requirePicture compares the screen with a picture in a file, but for the cell
// with the cursor, which blinks. Cell is the size of a character.
func requirePicture(t *testing.T, m *qemutest.Machine, cell image.Point, file string) {
	t.Helper()
	if *update {
		settle(m)
		require.NoError(t, m.QMP().ScreenshotFile(file))
	}
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	want, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	var difference image.Rectangle
	same := func() bool {
		difference = differ(want, m.Screen())
		column, row := difference.Min.X/cell.X, difference.Min.Y/cell.Y
		cursor := image.Rect(0, 0, cell.X, cell.Y).Add(image.Pt(column*cell.X, row*cell.Y))
		return difference.Empty() || difference.In(cursor) && column == len("vitrine> ")
	}
	if waitFor(same) {
		return
	}
	got := filepath.Join(filepath.Dir(qemutest.Image(t)), "failed-"+filepath.Base(file))
	require.NoError(t, m.QMP().ScreenshotFile(got))
	require.Fail(t, fmt.Sprintf("the screen differs from %s in %v; it is stored as %s", file, difference, got))
}

// differ returns the smallest rectangle outside which a and b are the same.
func differ(a, b image.Image) (r image.Rectangle) {
	if a.Bounds() != b.Bounds() {
		return a.Bounds().Union(b.Bounds())
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if color.RGBAModel.Convert(a.At(x, y)) != color.RGBAModel.Convert(b.At(x, y)) {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// waitFor waits until ok holds, for the screen is drawn a moment after the text
// has been written. It tells whether it did.
func waitFor(ok func() bool) bool {
	for start := time.Now(); time.Since(start) < qemutest.Limit/4; time.Sleep(20 * time.Millisecond) {
		if ok() {
			return true
		}
	}
	return ok()
}

// settle waits until the screen has not changed for a while, for -update.
func settle(m *qemutest.Machine) {
	for before := m.Screen(); ; {
		time.Sleep(time.Second)
		now := m.Screen()
		if differ(before, now).Empty() {
			return
		}
		before = now
	}
}
