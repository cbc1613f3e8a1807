package figure

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sources are the repository's, with a kernel that says what is in answers.
func sources(answers map[string]string) *Sources {
	ask := func(command string) ([]string, error) {
		text, ok := answers[command]
		if !ok {
			return nil, errors.New("nobody answers " + command)
		}
		return strings.Split(text, "\n"), nil
	}
	return &Sources{Root: "../../..", Ask: ask, Press: func() ([]string, error) { return ask("press") }}
}

func TestConstantsAndLayoutsAreTheCompilers(t *testing.T) {
	s := sources(nil)
	v, err := s.value("mm", "HeapBase")
	require.NoError(t, err)
	require.Equal(t, uint64(0xffff_ff80_4000_0000), v)
	v, err = s.value("mm/paging", "NoExecute")
	require.NoError(t, err)
	require.Equal(t, uint64(1)<<63, v)
	_, err = s.value("mm", "Nothing")
	require.ErrorContains(t, err, "mm declares no constant Nothing")
	fields, err := s.fields("interrupts", "TSS")
	require.NoError(t, err)
	require.Contains(t, fields, field{"ist", 36, 56}) // the manual's offset of IST1
	_, err = s.fields("mm", "PhysAddr")
	require.ErrorContains(t, err, "no structure")
}

func TestFiguresOfSourcesAreWellFormedAndHaveATextForTheBlind(t *testing.T) {
	for _, f := range All() {
		require.Regexp(t, `^[a-z][a-z-]+$`, f.Name)
		require.Greater(t, len(f.Alt), 60, f.Name)
		require.NotContains(t, f.Alt, "\n")
		require.NotRegexp(t, regexp.MustCompile(`[\[\]]`), f.Alt, "it stands in a link of Markdown")
		if f.Live {
			continue
		}
		svg, err := f.Draw(sources(nil))
		require.NoError(t, err)
		requireSVG(t, svg)
		again, err := f.Draw(sources(nil))
		require.NoError(t, err)
		require.True(t, f.Same(svg, again))
		require.True(t, Untouched(svg))
		require.False(t, Untouched(strings.Replace(svg, "</text>", ".</text>", 1)))
		require.False(t, Untouched(unsealed(svg)))
		require.False(t, f.Same(svg, strings.Replace(again, `width="760"`, `width="761"`, 1)))
	}
}

// requireSVG makes sure that a figure is XML that has what it must have.
func requireSVG(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := d.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
	}
	for _, want := range []string{`role="img"`, "<title id=", "<desc id=", "prefers-color-scheme: dark"} {
		require.Contains(t, svg, want)
	}
}

const walked = `PML4     511   1000ff8  0000000001001023  P W - - - A - - - --  PDPT table
PDPT     510   1001ff0  0000000001002023  P W - - - A - - - --  PD table
PD         1   1002008  0000000001003023  P W - - - A - - - --  PT table
PT         1   1003008  0000000000201121  P - - - - A - - G --  4 KiB page`

func TestAFigureOfAKernelMayHaveOtherNumbersAndNoOtherWords(t *testing.T) {
	f, err := Lookup("page-walk")
	require.NoError(t, err)
	draw := func(answer string) string {
		svg, err := f.Draw(sources(map[string]string{"pagewalk 0xffffffff80201234": answer}))
		require.NoError(t, err)
		requireSVG(t, svg)
		return svg
	}
	was := draw(walked)
	require.Contains(t, was, "physical address 0x201234")
	require.Contains(t, was, ">511<")
	require.True(t, f.Same(was, draw(strings.ReplaceAll(walked, "1003", "1f05"))))
	require.False(t, f.Same(was, strings.Replace(was, "CR3", "CR4", 1)))
	require.Contains(t, was, `<path class="line" d="M`)
	moved := regexp.MustCompile(`\b([ML])(\d)`).ReplaceAllString(was, "${1}1$2")
	require.True(t, f.Same(was, moved), "paths have other numbers, too")
}

func TestAKernelThatSaysSomethingElseIsAnError(t *testing.T) {
	f, err := Lookup("page-walk")
	require.NoError(t, err)
	_, err = f.Draw(sources(map[string]string{"pagewalk 0xffffffff80201234": "unknown command"}))
	require.ErrorContains(t, err, "figure page-walk: no line is like")
	_, err = Lookup("cow")
	require.ErrorContains(t, err, `no figure is called "cow"; there are idt-gate`)
}

func TestBarsAreAsLongAsTheTimes(t *testing.T) {
	f, err := Lookup("boot-timeline")
	require.NoError(t, err)
	svg, err := f.Draw(sources(map[string]string{"boot": "STAGE AT TOOK\none 20.0 ms 1.00 ms\ntwo 21.0 ms 3.00 ms"}))
	require.NoError(t, err)
	require.Contains(t, svg, `x="130" y="46" width="120" height="18"`)
	require.Contains(t, svg, `x="250" y="72" width="360" height="18"`)
}
