package book

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/book/block"
)

// blocks returns the blocks of a page.
func blocks(t *testing.T, text string) *block.Page {
	t.Helper()
	p, errs := block.Parse(text)
	require.Empty(t, errs)
	return p
}

func TestBlocksWithTheSameOptionsShareAMachine(t *testing.T) {
	p := blocks(t, `
<!-- shell -->
<!-- end -->
<!-- shell smp=4 memory=64 -->
<!-- end -->
<!-- gdb -->
<!-- end -->
<!-- shell boot -->
<!-- end -->
<!-- host norun -->
<!-- end -->
<!-- shell memory=64 smp=4 -->
<!-- end -->
<!-- shell fresh -->
<!-- end -->
<!-- broken a -->
<!-- end -->
<!-- shell -->
<!-- end -->
<!-- broken a -->
<!-- end -->
<!-- host -->
<!-- end -->
<!-- figure page-walk -->
<!-- end -->
<!-- figure memory-map -->
<!-- end -->
<!-- figure boot-timeline -->
<!-- end -->
<!-- screen a -->
<!-- end -->
<!-- code mm/addr.go -->
<!-- end -->
`)
	var all [][]int // lines of the blocks of each job
	var kinds []string
	for _, j := range jobsOf("page.md", p) {
		var lines []int
		for _, b := range j.blocks {
			lines = append(lines, b.Line)
		}
		all, kinds = append(all, lines), append(kinds, j.kind)
	}
	require.Equal(t, [][]int{{2, 8}, {4, 12}, {6}, {14, 18}, {16}, {20}, {22}, {24, 28}, {30}}, all)
	require.Equal(t, []string{"shell", "shell", "gdb", "shell", "broken", "broken", "host", "figure", "screen"}, kinds)
}

func TestABlockThatAMachineFillsSaysWhatItLacks(t *testing.T) {
	const typed = "\n```console\nvitrine> help\n```"
	for text, says := range map[string]string{
		"shell" + typed:                     "",
		"shell boot":                        "", // what it writes as it boots
		"shell":                             `nothing is typed: write a block ` + "```console" + ` with lines that begin with "vitrine> " into it`,
		"shell quick" + typed:               `what is "quick"? There are fresh, boot, hangs`,
		"shell smb=4" + typed:               `shell has no option "smb"; there are smp, memory, machine, cpu, append, icount`,
		"shell at=a" + typed:                `shell has no option "at"`,
		"shell smp=0" + typed:               "smp=0: a number is wanted",
		"broken a memory=much":              "memory=much: a number is wanted",
		"gdb icount=fast" + typed:           "icount=fast: off is wanted, or 0 to 10",
		"screen a icount=11":                "icount=11: off is wanted",
		"broken":                            "broken needs a name",
		"broken a hangs":                    "",
		"gdb" + typed:                       "nothing is typed: write a block ```gdb",
		"gdb at=a boot" + typed:             `what is "boot"? There are fresh`,
		"host smp=2" + typed:                `host has no option "smp"`,
		"host norun\n```console\n$ ls\n```": "",
	} {
		head, body, _ := strings.Cut(text, "\n")
		b := blocks(t, "<!-- "+head+" -->\n"+body+"\n<!-- end -->").Blocks()[0]
		if err := form(b); says == "" {
			require.NoError(t, err, text)
		} else {
			require.ErrorContains(t, err, says, text)
		}
	}
}

func TestWhatWasVerifiedIsRemembered(t *testing.T) {
	b := &Book{Root: t.TempDir()}
	require.False(t, b.known("key"))
	b.remember("key")
	require.True(t, b.known("key"))
	require.False(t, b.known("other"))
	b.remember("")
	require.False(t, b.known(""), "what has no key is had each time")
	require.Empty(t, b.key(&job{kind: "host"}))
	require.Empty(t, b.key(&job{kind: "shell"}), "without a kernel")
}

func TestTheKeyOfAConversationIsOfAllThatItDependsOn(t *testing.T) {
	files := map[string]string{
		"go.mod": "module vitrine\n", "build/vitrine.elf": "image", "build/vitrine.debug.elf": "debug",
		"docs/book/screens/a.png": "picture", "docs/book/broken/a.patch": "diff", "scripts/gdb/vitrine/a.py": "script",
	}
	keys := func(changed, text string) map[string]string {
		now := map[string]string{}
		for name, text := range files {
			now[name] = text
		}
		if changed != "" {
			require.Contains(t, files, changed)
			now[changed] = text
		}
		b, all := open(t, now), map[string]string{}
		for _, j := range jobsOf("a.md", blocks(t, "<!-- shell -->\n<!-- end -->\n<!-- screen a -->\n<!-- end -->\n<!-- broken a -->\n<!-- end -->\n<!-- gdb -->\n<!-- end -->")) {
			all[j.kind] = b.key(j)
		}
		return all
	}
	was := keys("", "")
	require.Equal(t, was, keys("", ""), "wherever it lies")
	for file, kinds := range map[string][]string{
		"build/vitrine.elf":        {"shell", "screen", "broken", "gdb"},
		"docs/book/screens/a.png":  {"screen"},
		"docs/book/broken/a.patch": {"broken"},
		"scripts/gdb/vitrine/a.py": {"gdb"},
	} {
		var differ []string
		now := keys(file, "another")
		for _, kind := range []string{"shell", "screen", "broken", "gdb"} {
			if now[kind] != was[kind] {
				differ = append(differ, kind)
			}
		}
		require.Equal(t, kinds, differ, file)
	}
}
