package session

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestATranscriptIsReadAndWritten(t *testing.T) {
	lines := strings.Split("booting\nvitrine> a\n1\n2\nvitrine>\nvitrine> b", "\n")
	tr := Read(lines, Prompt)
	require.Equal(t, Transcript{
		Before: []string{"booting"},
		Steps:  []Step{{[]string{"a"}, []string{"1", "2"}}, {[]string{""}, nil}, {[]string{"b"}, nil}},
	}, tr)
	require.Equal(t, lines, tr.Lines(Prompt))
}

func TestCommandsOfSeveralLinesAreOneStep(t *testing.T) {
	lines := strings.Split("(gdb) commands\n> bt\n> end\n(gdb) c\n> no input\n", "\n")
	tr := Read(lines, GDBPrompt)
	require.Len(t, tr.Steps, 2)
	require.Equal(t, []string{"commands", "> bt", "> end"}, tr.Steps[0].Typed)
	require.Equal(t, lines, tr.Lines(GDBPrompt))
	tr = Read([]string{`$ echo \`, "> a", "a"}, HostPrompt)
	require.Equal(t, []Step{{[]string{`echo \`, "> a"}, []string{"a"}}}, tr.Steps)
}

func TestWhatVariesStandsForOthersOfItsKind(t *testing.T) {
	for _, c := range []struct {
		page, came string
		same       bool
	}{
		{"up 37ms", "up 37ms", true},
		{"up 37ms", "up 38ms", false},
		{"up …", "up 38ms", true},
		{"a … b … c", "a 1 b 2 c", true},
		{"a … b", "a c", false},
		{"  -     241      …         message", "  -     241     84      message", true},
		{"R13 000000001772b2a3", "R13 8000000000565163", true},
		{"R13 0x000000001772b2a3", "R13 0x8000000000565163", true},
		{"CR2 0000000000000000", "CR2 0000000000000008", false},
		{"R13 000000000000b2a3", "R13 000000000000b2a4", false},
		{"hash 1234567890abcdef0", "hash 1234567890abcdef1", false},
		{"first=40083153)", "first=40997577)", true},
		{"a(b", "a(b", true},
		{"…", "1\n2\n3", true},
		{"…", "", true},
		{"1\n…\n3", "1\n3", true},
		{"1\n…\n3", "1\n2\n4", false},
		{"1\n …\n", "1", true},
		{"x\n", "x\n\n", true},
		{"", "x", false},
		{"x", "", false},
		{"[   0.021866] a [ 0.1]", "[  12.021866] a [ 0.1]", true},
		{"[   0.021866] a [ 0.1]", "[   0.021866] a [ 0.2]", false},
		{"at ffffffff8032b220", "at ffffffff80400000", true},
		{"at ffffffff8032b220", "at ffffff8040400000", false},
		{"0xffffff8040400000", "0xffffff8000004f50", true},
		{"f(0x12?)", "f(0xffff?)", true},
		{"f(0x12)", "f(0xffff)", false},
		{"<main+12> +0x5", "<main+4> +0x77", true},
		{"<main+12>", "<mine+4>", false},
		{"\t…/src/runtime/panic.go:860 +0x13a", "\t…/src/runtime/panic.go:777 +0x12", true},
		{"    runtime.park_m  proc.go:4305", "    runtime.park_m  proc.go:4301", true},
		{"    shell.call  exec.go:98", "    shell.call  exec.go:99", false},
		{"#8 in runtime.idle () at runtime/proc.go:63", "#8 in runtime.idle () at runtime/proc.go:64", true},
		{"go1.26.8 tamago", "go1.27 tamago", true},
	} {
		require.Equal(t, c.same, Same(strings.Split(c.page, "\n"), strings.Split(c.came, "\n")), "%q, %q", c.page, c.came)
	}
}

func TestAnUpdateKeepsWhatStillStandsForWhatCame(t *testing.T) {
	lines := func(s string) []string { return strings.Split(s, "\n") }
	for _, c := range []struct{ page, came, want string }{
		{"a …\nb", "a 1\nb", "a …\nb"},
		{"a …\nb\nc …", "a 1\nB\nc 2", "a …\nB\nc …"},
		{"a\n…\nz", "a\n1\n2\ny", "a\n1\n2\ny"},
		{"a\n…\nz\nexplained in A", "a\n1\n2\nz\nexplained in B", "a\n…\nz\nexplained in B"},
		{"a\n…\n -> 0f0b ?\n…\nz", "a\n1\n2\n -> 0f0b ud2\n3\n4\nz", "a\n…\n -> 0f0b ud2\n…\nz"},
		{"a\nb\nc …", "a\nnew\nb\nc 1", "a\nnew\nb\nc …"},
		{"a\nold\nc …", "a\nc 1", "a\nc …"},
		{"a\n…", "b\n1\n2", "b\n…"},
		{"", "a", "a"},
		{"a", "", ""},
	} {
		require.Equal(t, c.want, strings.Join(Merge(lines(c.page), lines(c.came)), "\n"))
	}
}

func TestCleanTextHasNoControlsAndNoPlaces(t *testing.T) {
	require.Equal(t, []string{"vitrine> a", "\t…/x.go:1 …/b"},
		Clean("\x1b[1mvitrine>\x1b[0m a\r\r\n\t/tmp/r/x.go:1 /go/b  \r\n\r\n", "/tmp/r", "/go", ""))
}

func TestTheEchoOfALongCommandIsBroken(t *testing.T) {
	re := echoed("abc (d)")
	require.True(t, re.MatchString("abc (d)\r\r\n"))
	require.True(t, re.MatchString("ab\r\r\nc (\x1b[K\r\nd)\r\n"))
	require.False(t, re.MatchString("abc (d)"))
	require.False(t, re.MatchString("abc d\r\n"))
	require.True(t, echoed("").MatchString("\r\n"))
}

// A page stands for itself, whatever is on it.
func FuzzSame(f *testing.F) {
	f.Add("vitrine> a\n[ 0.1] …\n+0x12 ffffffff80000000\n…\n")
	f.Add("[[ 1.1][ 0.1]\\E")
	f.Fuzz(func(t *testing.T, text string) {
		lines := Clean(text)
		require.True(t, Same(lines, lines), "%q", lines)
	})
}

func TestWhatDiffersFromRunToRunIsMarked(t *testing.T) {
	for _, c := range []struct{ page, came, want string }{
		{"up 37ms", "up 38ms", "up …"},
		{"irq   3295  0  serial", "irq  13295  0  serial", "irq … 0  serial"},
		{"a 1 b 2 c", "a 2 b 3 c", "a … c"},
		{"12 halts", "13 halts", "… halts"},
		{"same\n7 of x", "same\n8 of x", "same\n… of x"},
		{"at ffffffff80000000 n=1", "at ffffffff80000001 n=2", "at … n=…"},
	} {
		got, ok := Mark(strings.Split(c.page, "\n"), strings.Split(c.came, "\n"))
		require.True(t, ok)
		require.True(t, Same(got, strings.Split(c.page, "\n")), "%q", got)
		require.True(t, Same(got, strings.Split(c.came, "\n")), "%q", got)
		if !strings.Contains(c.want, "n=") {
			require.Equal(t, c.want, strings.Join(got, "\n"))
		}
	}
	_, ok := Mark([]string{"a"}, []string{"a", "b"})
	require.False(t, ok)
	_, ok = Mark([]string{"…", "a"}, []string{"1", "b"})
	require.False(t, ok)
}
