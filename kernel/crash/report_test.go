package crash

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/interrupts"
)

func TestDetailsAreNotForScreens(t *testing.T) {
	r, screen := recorder()
	var detail strings.Builder
	r.Detail = func(c byte) { detail.WriteByte(c) }
	r.Event = func(i int) (Event, bool) {
		return Event{Time: 1_002_003_000, Point: "kbd", Stage: "byte", Args: [3]uint64{0x1e}}, i < 2
	}
	r.Log = func() { r.Line([]byte("a line of the log\n")) }
	r.Exception(&interrupts.Frame{Vector: interrupts.PageFault}, 0)
	require.LessOrEqual(t, strings.Count(screen.String(), "\n"), 24, "a screen has 25 lines")
	require.NotContains(t, screen.String(), "trace events")
	require.Contains(t, detail.String(), "the last trace events:\n"+
		strings.Repeat("  [   1.002003] kbd     byte      0x1e 0x0 0x0\n", 2)+"a line of the log\n")
	require.Contains(t, string(Text[:TextLen]), "a line of the log\n")
}

func TestOtherProcessorsAreShown(t *testing.T) {
	r, out := recorder()
	r.Others = func(i int) (*interrupts.Frame, bool, bool) {
		vector := uint64(interrupts.NMI)
		if i == 5 {
			vector = interrupts.PageFault
		}
		return &interrupts.Frame{Vector: vector, IP: 0x1234}, i != 2, i == 1 || i == 2 || i == 5
	}
	r.Exception(&interrupts.Frame{Vector: interrupts.InvalidOpcode}, 0)
	require.Contains(t, out.String(), "on processor 3\n")
	require.Contains(t, out.String(), "processor 1 was in 0000000000001234\nprocessor 2 did not stop\n"+
		"processor 5 was in 0000000000001234\n    and wanted to report #PF page fault (vector 14, error code 0x0)\n")
}

func TestTheReportFitsOnAScreen(t *testing.T) {
	r, screen := recorder()
	r.Detail = func(byte) {}
	r.Others = func(i int) (*interrupts.Frame, bool, bool) { return &interrupts.Frame{}, true, i < 8 }
	f := interrupts.Frame{Vector: interrupts.PageFault}
	r.Panic(2, &interrupts.LastPanic{Valid: true, Frame: f})
	const instruction, place = 1, 1
	lines := strings.Count(screen.String(), "\n") - 1 + instruction + place + callersOnScreen
	require.LessOrEqual(t, lines, 24, "25 lines, and the cursor is on the last")
}

func TestTheLastLineSaysWhatTheMachineDoes(t *testing.T) {
	r, out := recorder()
	r.Exception(&interrupts.Frame{}, 0)
	require.True(t, strings.HasSuffix(out.String(), "\nThe machine is halted.\n"))
	out.Reset()
	r.After = "The machine starts again."
	r.Exception(&interrupts.Frame{}, 0)
	require.True(t, strings.HasSuffix(out.String(), "\nThe machine starts again.\n"))
	require.NotContains(t, out.String(), "halted")
}

func TestAFaultInTheReportEndsOneSection(t *testing.T) {
	r, out := recorder()
	r.Event = func(int) (Event, bool) { panic("a fault") }
	require.Panics(t, func() { r.Exception(&interrupts.Frame{Vector: interrupts.Breakpoint}, 0) })
	require.NotContains(t, out.String(), "explained in")
	r.Resume(&interrupts.Frame{Vector: interrupts.PageFault, IP: 0x77})
	require.Contains(t, out.String(), "(this part of the report failed: #PF page fault (vector 14, error code 0x0) at 0000000000000077)\n")
	require.Contains(t, out.String(), "explained in docs/book/b-gdb-in-ten-minutes.md\nThe machine is halted.\n")
}

// TestWhatExplainsItExists looks for the headings that reports name.
func TestWhatExplainsItExists(t *testing.T) {
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "docs")); err != nil {
		t.Skip("the book is not at hand: a bare machine has no files")
	}
	names := []string{aboutPanics, aboutGuards}
	for v := range uint8(interrupts.Exceptions) {
		names = append(names, Reading(v))
	}
	for _, name := range names {
		file, anchor, has := strings.Cut(name, "#")
		text, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		if !has {
			continue
		}
		found := false
		for _, l := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(string(text), -1) {
			slug := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(l[1]), "")
			found = found || strings.ReplaceAll(slug, " ", "-") == anchor
		}
		require.True(t, found, "%s has no heading for #%s", file, anchor)
	}
}

func TestSentencesFitOnALine(t *testing.T) {
	for v, s := range sentences {
		require.Less(t, len(s), 80, "vector %d", v)
	}
}
