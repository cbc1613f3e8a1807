package systest

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// reportOf boots with four processors, types a key that a trace point sees, and
// returns the report of a fault, from its title on.
func reportOf(t *testing.T, kind string) (serial string, m *qemutest.Machine) {
	t.Helper()
	m = boot(t, func(c *qemu.Config) { c.SMP, c.Icount = 4, "" })
	m.Run("trace kbd on")
	m.Type("fault " + kind)
	m.Expect("fault " + kind)
	m.Send("\r")
	m.Expect(`The machine is halted`)
	waitHalted(t, m)
	text := strings.ReplaceAll(qemutest.Plain(m.Serial().Text()), "\r", "")
	at := strings.Index(text, " *** KERNEL STOPPED")
	require.GreaterOrEqual(t, at, 0, text)
	return text[at:], m
}

// TestTheReportOfAPageFaultIsComplete looks at every part of it.
func TestTheReportOfAPageFaultIsComplete(t *testing.T) {
	t.Parallel()
	report, m := reportOf(t, "text")
	both := []string{
		`\*\*\* KERNEL STOPPED BY A GO PANIC \*\*\* +on processor [0-3]`,
		`(?m)^The kernel wrote to its own code\.$`,
		`(?m)^  address ffffffff80200000: kernel image$`,
		`(?m)^ -> [0-9a-f]{16}  c600cc +mov byte ptr \[rax\], 0xcc$`,
		`(?m)^    commands\.faults\.func\d+  fault\.go:\d+$`,
		`(?m)^processor [0-3] was in \S`,
		`(?m)^explained in docs/book/08-virtual-memory\.md#a-walk-in-go$`,
	}
	screen := m.ScreenText()
	for _, part := range both {
		require.Regexp(t, part, report)
		require.Regexp(t, part, screen)
	}
	for _, part := range []string{
		`bit 0 P    1  the page is present, and forbids it\n +bit 1 W/R  1  a write\n`,
		`PML4 entry 511 at .*\n +PDPT entry 510 at .*\n +PD   entry   1 at .*\n +PT   entry   0 at \S+ = \S+  P - - - - A - - G --\n +W is missing`,
		`physical address 0x200000, a frame that is reserved`,
		`the last trace events:\n(  \[ *\d+\.\d{6}\] kbd     \w+ .*\n){32}`,
	} {
		require.Regexp(t, part, report)
		require.NotRegexp(t, part, screen)
	}
}

// TestAnExceptionShowsGoroutines does so of one that is no Go panic.
func TestAnExceptionShowsGoroutines(t *testing.T) {
	t.Parallel()
	report, _ := reportOf(t, "opcode")
	require.Regexp(t, `(?m)^These bytes are no instruction of this processor\.$`, report)
	require.Regexp(t, `(?m)^ -> [0-9a-f]{16}  0f0b +ud2$`, report)
	require.Regexp(t, `goroutine \d+ \[running\]:\n\S+undefined\(\)\n`, report)
	require.Regexp(t, `called by:\n +commands\.processorFaults\.func\d+  fault_kernel\.go:\d+\n`, report)
}

// TestATrapShowsTheInstructionThatMadeIt although the processor points behind it.
func TestATrapShowsTheInstructionThatMadeIt(t *testing.T) {
	t.Parallel()
	report, m := reportOf(t, "breakpoint")
	screen := m.ScreenText()
	for _, text := range []string{report, screen} {
		require.Regexp(t, `(?m)^ -> [0-9a-f]{16}  cd03 +int 0x3$`, text)
	}
	place := regexp.MustCompile(`at [0-9a-f]{16} \S+breakpoint\+0x2\n +\S+/(fault_amd64\.s):(\d+)\n`).FindStringSubmatch(report)
	require.NotNil(t, place, report)
	require.Contains(t, screen, wrapped(place[0]))
	source, err := os.ReadFile(filepath.Join(qemutest.Root(t), "kernel", "shell", "commands", place[1]))
	require.NoError(t, err)
	line, err := strconv.Atoi(place[2])
	require.NoError(t, err)
	require.Contains(t, strings.Split(string(source), "\n")[line-1], "INT")
	require.Contains(t, report, "commands/fault_amd64.s:"+regexp.MustCompile(`fault_amd64\.s:(\d+)`).FindStringSubmatch(report)[1]+" +0x1\n")
}

// TestAProgramsMemoryIsOutOfReach has a processor with SMEP and SMAP.
func TestAProgramsMemoryIsOutOfReach(t *testing.T) {
	newest := func(c *qemu.Config) { c.CPU = "max" }
	for kind, says := range map[string]string{
		"smap": "The kernel touched a program's memory outside of a window: SMAP forbids that.",
		"smep": "The kernel jumped into a program's memory: SMEP forbids that.",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			m := boot(t, newest)
			for range 2 { // each cleans up behind itself
				require.Regexp(t, `^fault: panic: `, m.Run("fault -r "+kind))
			}
			requireHealthy(t, m)
			m.Send("fault " + kind + "\r")
			m.Expect(`The machine is halted`)
			waitHalted(t, m)
			require.Contains(t, m.Serial().Text(), says)
			require.Contains(t, m.ScreenText(), says)
		})
	}
}

// TestAProgramThatBreaksARuleIsReported: ring 3's own mistakes, on a processor
// with UMIP. (QEMU's emulation does not check alignment.)
func TestAProgramThatBreaksARuleIsReported(t *testing.T) {
	for kind, says := range map[string]string{
		"umip":      `#GP general protection fault \(vector 13, error code 0x0\)`,
		"alignment": `(#AC alignment check \(vector 17, error code 0x0\)|#UD invalid opcode \(vector 6\))`,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			m := boot(t, func(c *qemu.Config) { c.CPU = "max" })
			m.Send("fault " + kind + "\r")
			m.Expect(`The machine is halted`)
			waitHalted(t, m)
			for _, text := range []string{strings.ReplaceAll(qemutest.Plain(m.Serial().Text()), "\r", ""), m.ScreenText()} {
				require.Regexp(t, `(?m)^`+says+`\n.*\nIt was in ring 3: a program's instruction\.$`, text)
				require.Regexp(t, `at 000012345678a00[06]\b`, text)
			}
		})
	}
}

// TestStacksThatOverflowAreNamed looks at the sentence about the guard page.
func TestStacksThatOverflowAreNamed(t *testing.T) {
	for kind, says := range map[string]string{
		"g0stack":  "The kernel ran into the guard page below the runtime's g0 stack.",
		"irqstack": "The kernel ran into the guard page below the interrupt stack of processor 0.",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			report, m := reportOf(t, kind)
			require.Contains(t, report, says)
			require.Contains(t, m.ScreenText(), says)
		})
	}
}

// TestAFaultInTheReportEndsOnePart of it, and the rest is still there.
func TestAFaultInTheReportEndsOnePart(t *testing.T) {
	for kind, function := range map[string]string{"report": "readInt", "endless": "recurse"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			report, _ := reportOf(t, kind)
			require.Regexp(t, `\(this part of the report failed: #PF .* at [0-9a-f]{16} `+commands+function+`\S*\n`, report)
			require.Regexp(t, `explained in docs/\S+\nThe machine is halted\.`, report)
		})
	}
}

// TestProcessorsThatListenToNobodyAreStopped by an NMI, and say where they were.
func TestProcessorsThatListenToNobodyAreStopped(t *testing.T) {
	t.Parallel()
	report, _ := reportOf(t, "deaf")
	stopped := regexp.MustCompile(`(?m)^processor [0-3] was in (commands\.listenToNobody|cpu\.Pause)\b`)
	require.Len(t, stopped.FindAllString(report, -1), 3, "%s", report)
	require.NotContains(t, report, "did not stop")
}

// TestProcessorsThatFailTogether are all in the report, which one of them writes.
func TestProcessorsThatFailTogether(t *testing.T) {
	t.Parallel()
	report, _ := reportOf(t, "together")
	stopped := regexp.MustCompile(`(?m)^processor [0-3] was in (.*)$`)
	require.Len(t, stopped.FindAllString(report, -1), 3, "%s", report)
	for _, place := range stopped.FindAllStringSubmatch(report, -1) {
		require.NotContains(t, place[1], "Halt", "where it went wrong counts, not where it waits:\n%s", report)
	}
	require.NotContains(t, report, "did not stop")
}

// TestAMissingFPUIsReported although the way into every handler saves the FPU's
// registers.
func TestAMissingFPUIsReported(t *testing.T) {
	t.Parallel()
	report, m := reportOf(t, "device")
	const says = "CR0.TS was set: its registers may be another task's."
	require.Contains(t, report, says)
	require.Contains(t, m.ScreenText(), says)
}
