package systest

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// Exit codes of the kernel with panic=exit.
const (
	goPanic   = 2 // as any Go program's
	exception = 3
)

// a fault is a kind of the command fault, and what the report must say.
type fault struct {
	kind     string
	code     int
	says     string // a pattern, for what the first line of the report tells
	cr2      string // a pattern; "" for any
	function string // the one at fault; "" if the report has none
}

const commands = "vitrine/kernel/shell/commands."

// faults has every kind but demand, which is none, and triple, which leaves no
// report. A page fault's error code: 1 a page that is present, 2 a write,
// 16 an instruction.
var faults = []fault{
	{"nil", goPanic, `#PF page fault \(vector 14, error code 0x0\)`, `0{16}`, "readInt"},
	{"bad", goPanic, `#PF page fault \(vector 14, error code 0x0\)`, `0000123456789000`, "touch"},
	{"canonical", goPanic, `#GP general protection fault \(vector 13, error code 0x0\)`, ``, "touch"},
	{"text", goPanic, `#PF page fault \(vector 14, error code 0x3\)`, `ffffffff802.*`, "overwrite"},
	{"guard", goPanic, `#PF page fault \(vector 14, error code 0x2\)`, `ffffff80.*`, "overwrite"},
	{"rodata", goPanic, `#PF page fault \(vector 14, error code 0x3\)`, `ffffffff80.*`, "overwrite"},
	{"execute", goPanic, `#PF page fault \(vector 14, error code 0x11\)`, `ffffffff80.*`, ""},
	{"userjump", goPanic, `#PF page fault \(vector 14, error code 0x10\)`, `0000123456789000`, ""},
	{"nested", goPanic, `#PF page fault \(vector 14, error code 0x0\)`, `0{16}`, "readInt"},
	{"divide", goPanic, `#DE divide error \(vector 0\)`, ``, "divide"},
	{"debug", exception, `#DB debug exception \(vector 1\)`, ``, "singleStep"},
	{"nmi", exception, `NMI non-maskable interrupt \(vector 2\)`, ``, "int2"},
	{"breakpoint", exception, `#BP breakpoint \(vector 3\)`, ``, "breakpoint"},
	{"into", goPanic, `#OF overflow \(vector 4\)`, ``, "int4"},
	{"bound", exception, `#BR bound range exceeded \(vector 5\)`, ``, "int5"},
	{"opcode", exception, `#UD invalid opcode \(vector 6\)`, ``, "undefined"},
	{"device", exception, `#NM device not available \(vector 7\)`, ``, "noDevice"},
	{"double", exception, `#DF double fault \(vector 8, error code 0x0\)`, ``, "touch"},
	// QEMU raises #GP where a processor raises #SS.
	{"stack", goPanic, `(#GP|#SS) .* \(vector 1[23], error code 0x0\)`, ``, "stackSegment"},
	{"gp", goPanic, `#GP general protection fault \(vector 13, error code 0x0\)`, ``, "oddAddress"},
	{"segment", exception, `#NP segment not present \(vector 11, error code 0x78\)`, ``, "absentSegment"},
	{"absent", exception, `#SS stack-segment fault \(vector 12, error code 0x78\)`, ``, "absentStack"},
	{"tss", exception, `#TS invalid TSS \(vector 10, error code 0x28\)`, ``, "int18"},
	// QEMU's emulation knows no #AC, and its default processor no UMIP: then the
	// program runs into UD2.
	{"alignment", exception, `(#AC alignment check \(vector 17, error code 0x0\)|#UD invalid opcode \(vector 6\))`, ``, ""},
	{"umip", exception, `(#GP general protection fault \(vector 13, error code 0x0\)|#UD invalid opcode \(vector 6\))`, ``, ""},
	{"g0stack", exception, `#PF page fault \(vector 14, error code 0x2\)`, `ffffffff0.*`, "overflowFrom"},
	{"irqstack", exception, `#PF page fault \(vector 14, error code 0x2\)`, `ffffff80.*`, "overflowFrom"},
	// QEMU leaves out bit 0, which a processor sets.
	{"reserved", goPanic, `#PF page fault \(vector 14, error code 0x[89]\)`, `000012345678a000`, "touch"},
	{"report", exception, `#UD invalid opcode \(vector 6\)`, ``, "undefined"},
	{"deaf", exception, `#UD invalid opcode \(vector 6\)`, ``, "undefined"},
	{"endless", exception, `#UD invalid opcode \(vector 6\)`, ``, "undefined"},
	{"interrupted", exception, `#UD invalid opcode \(vector 6\)`, ``, "undefined"},
	{"together", exception, `#UD invalid opcode \(vector 6\)`, ``, "undefined"},
	{"selector", exception, `#GP general protection fault \(vector 13, error code 0x1230\)`, ``, "badSelector"},
	{"fpu", goPanic, `#MF x87 floating-point error \(vector 16\)`, ``, "fpu"},
	{"machine", exception, `#MC machine check \(vector 18\)`, ``, "int18"},
}

// panics are the kinds that are no exception. The runtime says what they are.
var panics = []struct{ kind, says, function string }{
	{"panic", `panic: asked for by the command 'fault'`, "processorFaults|faults"},
	{"bounds", `panic: runtime error: index out of range \[5\] with length 3`, "index"},
	{"overflow", `goroutine stack exceeds 1048576-byte limit\s+(?s:.*)fatal error: stack overflow`, "recurse"},
	{"heap", `fatal error: (runtime: )?out of memory|runtime: out of memory`, "exhaust"},
	{"unlock", `fatal error: sync: unlock of unlocked mutex`, "faults"},
}

// notRaised are the kinds that QEMU's emulation, or its default processor, does
// not raise.
var notRaised = []string{"simd", "smap", "smep"}

// TestEveryKindOfFaultIsTested compares the lists above with the kernel's.
func TestEveryKindOfFaultIsTested(t *testing.T) {
	t.Parallel()
	tested := append([]string{"triple"}, notRaised...)
	for _, f := range faults {
		tested = append(tested, f.kind)
	}
	for _, p := range panics {
		tested = append(tested, p.kind)
	}
	m := boot(t)
	var kinds []string
	for _, l := range regexp.MustCompile(`(?m)^  (\w+) +(?:-r)? +\S`).FindAllStringSubmatch(m.Run("help fault"), -1) {
		kinds = append(kinds, l[1])
	}
	slices.Sort(tested)
	slices.Sort(kinds)
	require.Equal(t, kinds, tested)
}

// TestAFaultIsReported has the kernel halt, so that the screen can be read.
func TestAFaultIsReported(t *testing.T) {
	for _, f := range faults {
		t.Run(f.kind, func(t *testing.T) {
			t.Parallel()
			m := boot(t)
			m.Send("fault " + f.kind + "\r")
			m.Expect(`The machine is halted\.`)
			waitHalted(t, m)
			place := f.requirePlace(t, f.requireFacts(t, qemutest.Plain(m.Serial().Text())))
			screen := m.ScreenText()
			require.Contains(t, screen, wrapped(place))
			if wrapped(place) == place { // a path of several rows can push the title out
				f.requireFacts(t, screen)
			}
		})
	}
}

// requireFacts makes sure that text has a report with the facts, and returns that.
func (f *fault) requireFacts(t *testing.T, text string) (report string) {
	t.Helper()
	text = strings.ReplaceAll(text, "\r", "")
	title := "KERNEL STOPPED BY AN EXCEPTION"
	if f.code == goPanic {
		title = "KERNEL STOPPED BY A GO PANIC"
	}
	at := strings.Index(text, title)
	require.GreaterOrEqual(t, at, 0, "no report:\n%s", text)
	report = text[at:]
	require.Regexp(t, `(?m)^`+f.says+`$`, report)
	require.Regexp(t, `(?m)^RAX [0-9a-f]{16}  RBX [0-9a-f]{16}  RCX [0-9a-f]{16}$`, report)
	require.Regexp(t, `CR2 `+orAny(f.cr2), report)
	require.Regexp(t, `\nexplained in docs/.*\n`, report, "it comes to its end")
	return report
}

// requirePlace makes sure that a report tells the place, if there is one, and
// returns its two lines there.
func (f *fault) requirePlace(t *testing.T, report string) string {
	t.Helper()
	if f.function == "" {
		return ""
	}
	place := regexp.MustCompile(`at [0-9a-f]{16} (\S+)\+0x[0-9a-f]+\n +(\S+):(\d+)\n`).FindStringSubmatch(report)
	require.NotNil(t, place, "no place:\n%s", report)
	require.Equal(t, commands+f.function, place[1])
	requireLineOf(t, place[2], place[3], f.function)
	return place[0]
}

// wrapped returns text as a screen shows it: a source's path may be longer than
// a row.
func wrapped(text string) string {
	var rows []string
	for _, line := range strings.Split(text, "\n") {
		for len(line) > qemu.TextColumns {
			rows, line = append(rows, line[:qemu.TextColumns]), line[qemu.TextColumns:]
		}
		rows = append(rows, line)
	}
	return strings.Join(rows, "\n")
}

func orAny(pattern string) string {
	if pattern == "" {
		return `[0-9a-f]{16}`
	}
	return pattern
}

// requireLineOf makes sure that a line of a source file is in the function of
// that name.
func requireLineOf(t *testing.T, file, number, function string) {
	t.Helper()
	n, err := strconv.Atoi(number)
	require.NoError(t, err)
	if i := strings.Index(file, "kernel/"); i >= 0 { // the image may have been built elsewhere
		file = filepath.Join(qemutest.Root(t), file[i:])
	}
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	in := ""
	lines := bufio.NewScanner(f)
	for range n {
		require.True(t, lines.Scan(), "%s has no line %d", file, n)
		if l := lines.Text(); strings.HasPrefix(l, "func ") || strings.HasPrefix(l, "TEXT ") {
			in = l
		}
	}
	require.Regexp(t, `\b`+function+`\(|·`+function+`\(`, in, "%s:%d is in another function", file, n)
}

// TestAFaultEndsQEMUIfAskedTo boots with panic=exit.
func TestAFaultEndsQEMUIfAskedTo(t *testing.T) {
	ends := func(kind string, code int, more func(*testing.T, string)) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			m := boot(t, withWords("panic=exit"))
			m.Send("fault " + kind + "\r")
			r := m.End()
			require.Equal(t, qemu.Exited, r.Outcome)
			require.Equal(t, code, r.Code)
			text := strings.ReplaceAll(qemutest.Plain(m.Serial().Text()), "\r", "")
			require.Contains(t, text, "\nQEMU is told to end; any other machine is halted.\n")
			more(t, text)
		})
	}
	for _, f := range faults {
		ends(f.kind, f.code, func(t *testing.T, text string) { f.requirePlace(t, f.requireFacts(t, text)) })
	}
	for _, p := range panics {
		ends(p.kind, goPanic, func(t *testing.T, text string) {
			require.Regexp(t, p.says, text)
			require.Regexp(t, regexp.QuoteMeta(commands)+`(`+p.function+`)\b.*\n\s+\S+/kernel/shell/commands/\w+\.\w+:\d+`, text)
			require.Contains(t, text, "KERNEL STOPPED BY A GO PANIC")
		})
	}
}

// TestWhatWasRecoveredIsNotReported when the goroutine dies of something else.
func TestWhatWasRecoveredIsNotReported(t *testing.T) {
	t.Parallel()
	m := boot(t)
	require.Regexp(t, `^fault: panic: `, m.Run("fault -r bad"))
	m.Send("fault -r nil; fault -r bad; fault unlock\r") // in one goroutine
	m.Expect(`The machine is halted\.`)
	waitHalted(t, m)
	text := m.Serial().Text()
	require.Contains(t, text, "fatal error: sync: unlock of unlocked mutex")
	require.Contains(t, text, "exit code 2; what panicked, and where, stands above.")
	require.NotContains(t, text, "began as an exception")
}

// TestTheShellSurvives goes through the kinds that can be recovered, in one
// machine.
func TestTheShellSurvives(t *testing.T) {
	t.Parallel()
	m := boot(t)
	kinds := regexp.MustCompile(`(?m)^  (\w+) +-r`).FindAllStringSubmatch(m.Run("help fault"), -1)
	require.NotEmpty(t, kinds)
	free := ""
	for _, k := range kinds {
		if slices.Contains(notRaised, k[1]) {
			continue
		}
		out := m.Run("fault -r " + k[1])
		require.Regexp(t, `^fault: panic: `, out, k[1])
		require.NotContains(t, out, "did not", k[1])
		free = m.Run("echo still here")
		require.Equal(t, "still here\n", free)
	}
	require.Contains(t, m.Run("fault -r opcode"), "nothing survives")
	// #XM: a processor raises it, and QEMU's emulation goes on, with infinity.
	require.Regexp(t, `^fault: (panic: .*floating point error|that should have gone wrong, and did not)`, m.Run("fault -r simd"))
	require.Regexp(t, `\d+ page faults served`, m.Run("fault demand"))
	requireHealthy(t, m)
}

// TestAFaultRestartsIfAskedTo boots with panic=reboot.
func TestAFaultRestartsIfAskedTo(t *testing.T) {
	for _, kind := range []string{"nil", "opcode"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			m := boot(t, withWords("panic=reboot"))
			m.Send("fault " + kind + "\r")
			require.Equal(t, qemu.Reset, m.End().Outcome)
			require.Contains(t, m.Serial().Text(), "\nThe machine starts again.\r\n")
		})
	}
}

// TestATripleFaultIsExplained looks at what vit tells.
func TestATripleFaultIsExplained(t *testing.T) {
	t.Parallel()
	out, err := vit(t, "run", "-kvm", "off", "-qmp", "", "-timeout", fmt.Sprint(qemutest.Limit),
		"-append", `run="fault triple"`, qemutest.Image(t))
	require.Error(t, err)
	require.Contains(t, err.Error(), "exit status 123") // see 'vit help run'
	require.Contains(t, out, "triple fault")
	require.Regexp(t, `1\. #PF page fault at address 0x123456789000 \(read, page not present\)\n.*#GP .*#DF double fault\n.*triple fault`, out)
	require.Regexp(t, `code +0f b6 00  movzx eax, byte ptr \[rax\]`, out)
	require.Regexp(t, `called +0x[0-9a-f]+  `+regexp.QuoteMeta(commands)+`processorFaults\.func\d+\S*  \S+\n +called .*fault\.gowrap`, out)
	require.Regexp(t, `the walk to 0x123456789000, as the tables are now:\n +PML4 entry  36 at 0x[0-9a-f]+ = 0x0{16}  not present\n`, out)
	place := regexp.MustCompile(`at +0x[0-9a-f]+  ` + regexp.QuoteMeta(commands) + `touch  (\S+):(\d+)`).FindStringSubmatch(out)
	require.NotNil(t, place, "%s", out)
	requireLineOf(t, place[1], place[2], "touch")
}
