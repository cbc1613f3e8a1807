package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// splitLines returns the lines of text.
func splitLines(text string) []string { return strings.Split(text, "\n") }

func TestArgumentsBecomeOneWordEach(t *testing.T) {
	for arg, want := range map[string]string{
		"-test.v":    "-test.v",
		"":           `""`,
		"two words":  "two%20words",
		"100%":       "100%25",
		`a"b'c\d`:    "a%22b%27c%5Cd",
		"tab\tnl\n":  "tab%09nl%0A",
		"ü":          "%C3%BC",
		"\x00\x7f":   "%00%7F",
		"^Test(A|B)": "^Test(A|B)",
	} {
		require.Equal(t, want, encode(arg))
	}
}

func TestTheCommandLineHasTheKernelsWordsFirst(t *testing.T) {
	line, err := commandLine("layout=de", []string{"-test.v", "a b"})
	require.NoError(t, err)
	require.Equal(t, "console=test panic=exit layout=de -- -test.v a%20b", line)
	_, err = commandLine("", []string{strings.Repeat("x", maxCommandLine)})
	require.ErrorContains(t, err, "the arguments are too long: a command line of 4091 bytes, and the kernel takes 4064")
}

func TestTestFlagsArePassedOnOrRefused(t *testing.T) {
	for _, c := range []struct {
		args, passed string
		limit        time.Duration
		err          string
	}{
		{args: "-test.v -test.timeout=1m30s -x", passed: "-test.v -test.timeout=1m30s -x", limit: 90 * time.Second},
		{args: "--test.timeout 5s", passed: "--test.timeout 5s", limit: 5 * time.Second},
		{args: "-test.testlogfile=/tmp/x -test.v", passed: "-test.v"},
		{args: "-test.coverprofile=c.out", err: "-coverprofile needs files of the host"},
		{args: "-test.memprofile m.out", err: "-memprofile needs files of the host"},
		{args: "-test.fuzz=FuzzX", err: "fuzz on the host, without -exec"},
		{args: "-test.fuzz=", passed: "-test.fuzz="},
		{args: "-test.timeout=soon", err: `invalid duration "soon"`},
		{args: "timeout=5s -timeout=6s", passed: "timeout=5s -timeout=6s"},
	} {
		passed, limit, err := testFlags(strings.Fields(c.args))
		if c.err != "" {
			require.ErrorContains(t, err, c.err, c.args)
			continue
		}
		require.NoError(t, err, c.args)
		require.Equal(t, c.passed, strings.Join(passed, " "))
		require.Equal(t, c.limit, limit)
	}
}

func TestCtrlABeginsACommand(t *testing.T) {
	var commands string
	e := &escapes{command: func(letter byte) { commands += string(letter) }}
	var typed string
	for _, b := range []string{"ab\x01", "x", "c\x01\x01d\x01H\x01", "\x01e\x03"} {
		typed += string(e.filter([]byte(b)))
	}
	require.Equal(t, "abc\x01d\x01e\x03", typed)
	require.Equal(t, "xh", commands)
}
