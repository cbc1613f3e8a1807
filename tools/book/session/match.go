package session

import (
	"regexp"
	"strings"
)

// anything is the mark for what varies: in a line, any text; as a whole line,
// any number of lines.
const anything = "…"

// controls are the sequences that colour text and move the cursor.
var controls = regexp.MustCompile(`\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]`)

// loose are the parts of a line that stand for others of their kind: they
// change with each build of the kernel, even with the folder that it is built in.
var loose = []struct {
	what *regexp.Regexp
	like string
}{
	{regexp.MustCompile(`^\[ *\d+\.\d+\]`), `\[ *\d+\.\d+\]`},                 // when a record was logged
	{regexp.MustCompile(`0x[0-9a-f]+\?`), `0x[0-9a-f]+\?`},                    // an argument that may be stale
	{regexp.MustCompile(`ffffffff8[0-9a-f]{7}`), `ffffffff8[0-9a-f]{7}`},      // addresses in the image
	{regexp.MustCompile(`ffffff8[0-9a-f]{9}`), `ffffff8[0-9a-f]{9}`},          // of heap and stacks
	{regexp.MustCompile(`\b1844674\d{13}\b`), `1844674\d{13}`},                // the same in decimal
	{regexp.MustCompile(`=\d{7,}\b`), `=\d{7,}`},                              // times, as arguments
	{regexp.MustCompile(`\+0x[0-9a-f]+`), `\+0x[0-9a-f]+`},                    // how far into a function
	{regexp.MustCompile(`\+\d+>`), `\+\d+>`},                                  // the same, as GDB has it
	{regexp.MustCompile(`(?:0{0,11}[1-9a-f][0-9a-f]{4,15})`), `[0-9a-f]{16}`}, // other words of 64 bits, if not small
	// Lines of files of Go's distribution, which change with each release of it.
	{regexp.MustCompile(`(?:` + anything + `/src/|\bruntime/)[\w/.]+\.(?:go|s):\d+`), `\S+\.(?:go|s):\d+`},
	{regexp.MustCompile(`\b(?:runtime|sync)\.[\w().*]+ +\w+\.(?:go|s):\d+`), `(?:runtime|sync)\.[\w().*]+ +\w+\.(?:go|s):\d+`},
	{regexp.MustCompile(`\bgo1\.\d+(?:\.\d+)?\b`), `go1\.\d+(?:\.\d+)?`},
	{regexp.MustCompile(` *` + anything + ` *`), `.*`}, // whatever the author says
}

// word64 is how many digits a word of 64 bits has. Those that are small are
// exact: small are those of up to 16 bits.
const word64 = 16

// firstLoose returns the first loose part of a line, and an expression for it.
func firstLoose(line string) (from, to int, like string) {
	from, to = len(line), len(line)
	for _, l := range loose {
		for _, at := range l.what.FindAllStringIndex(line, -1) {
			if l.like == `[0-9a-f]{16}` && (at[1]-at[0] != word64 || hexBeside(line, at)) {
				continue
			}
			if at[0] < from {
				from, to, like = at[0], at[1], l.like
			}
			break
		}
	}
	return from, to, like
}

// hexBeside tells whether digits go on beside a match.
func hexBeside(line string, at []int) bool {
	hex := func(i int) bool {
		return i >= 0 && i < len(line) && strings.IndexByte("0123456789abcdef", line[i]) >= 0
	}
	return hex(at[0]-1) || hex(at[1])
}

// pattern returns an expression for what a line of a page stands for.
func pattern(line string) string {
	var b strings.Builder
	for line != "" {
		from, to, like := firstLoose(line)
		b.WriteString(regexp.QuoteMeta(line[:from]))
		b.WriteString(like)
		if line = line[to:]; strings.HasPrefix(line, "[") {
			b.WriteString(`\[`) // ^ must not match here
			line = line[1:]
		}
	}
	return b.String()
}

// Same tells whether lines of a page stand for what came.
func Same(page, came []string) bool {
	page, came = trimmed(page), trimmed(came)
	var b strings.Builder
	b.WriteString("^")
	for _, line := range page {
		if strings.TrimSpace(line) == anything {
			b.WriteString(`(?:.*\n)*?`)
		} else {
			b.WriteString(pattern(strings.TrimRight(line, " \t")) + `\n`)
		}
	}
	b.WriteString("$")
	re, err := regexp.Compile(b.String())
	if err != nil {
		return false // too long for an expression: then it is not what came
	}
	return re.MatchString(strings.Join(came, "\n") + map[bool]string{true: "\n"}[len(came) > 0])
}

// stands tells whether one line stands for another.
func stands(page, came string) bool {
	return strings.TrimSpace(page) != anything && Same([]string{page}, []string{came})
}
