package systest

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/qemutest"
)

// typeSlowly types a few characters when the prompt is there, with a pause
// before each, so that the processor is idle.
func typeSlowly(m *qemutest.Machine) {
	if _, err := m.Serial().WaitFor(`vitrine> $`, gdbLimit); err != nil {
		return
	}
	for range 40 {
		time.Sleep(500 * time.Millisecond)
		if m.Serial().Send("x") != nil {
			return
		}
	}
}

// idlePath is how the processor gets to its halt, from the halt outwards.
var idlePath = []string{
	`in vitrine/kernel/cpu\.WaitForInterrupt `, `in vitrine/kernel/thread\.halt `, `in vitrine/kernel/thread\.Idle `,
	`in runtime\.findRunnable `, `in runtime\.schedule `, `in runtime\.mcall `,
}

// One session, as a machine takes its time to boot: break, look, go on, from
// kernel.Main to an interrupt of the idle processor.
func TestGDBShowsTheKernel(t *testing.T) {
	at := lineOf(t, "kernel/main.go", "for _, s := range stages")
	s := underGDB(t, "kernel.gdb", map[string]string{"@LINE@": fmt.Sprintf("kernel/main.go:%d", at)}, typeSlowly)

	t.Run("short names of functions can have breakpoints", func(t *testing.T) {
		requireInOrder(t, s["Main"], `Breakpoint \d+ at .*kernel/main\.go, line \d+\.`,
			`^#0  vitrine/kernel\.Main \(\) at .*kernel/main\.go:\d+`, `^#1  .* in main\.main \(\) at .*boot/main\.go:\d+`)
	})
	t.Run("lines can have breakpoints", func(t *testing.T) {
		requireInOrder(t, s["line"], fmt.Sprintf(`kernel/main\.go, line %d\.`, at), fmt.Sprintf(`^%d\s+for _, s := range stages`, at))
	})
	t.Run("strings, slices and interfaces read as in Go", func(t *testing.T) {
		requireInOrder(t, s["strings"], `^source = "[a-z]+"`, `^text = ".+"`, `^tail = \[\]uint8`)
		requireInOrder(t, s["slices"], `= \[\]uint8 = \{\d+ '`, `^\$\d+ = \d+$`, `= \(vitrine/kernel/console\.Console \*\) 0x`)
	})
	t.Run("a backtrace crosses the stack of the runtime's interrupts", func(t *testing.T) {
		requireInOrder(t, s["tick"], `^#0 .*runtime\.irqpreempt`, `in runtime\.irqtick`, `in vitrine/interrupts\.common`,
			`in main\.main|in runtime\.`)
	})
	t.Run("a backtrace crosses an interrupt", func(t *testing.T) {
		requireInOrder(t, s["typed"], append([]string{
			`^#0  vitrine/drivers/uart\.\(\*Port\)\.Interrupt`, `in vitrine/interrupts\.dispatch`, `in vitrine/interrupts\.common`,
		}, idlePath...)...)
		require.NotContains(t, s["typed"], "in ?? ()")
	})
	t.Run("the frame that the interrupt has saved", func(t *testing.T) {
		requireInOrder(t, s["frame"], `vector 36`, `at .*<vitrine/kernel/cpu\.WaitForInterrupt\+\d+> kernel/cpu/cpu_amd64\.s:\d+`,
			`ring +0`, `flags .* IF`)
	})
	t.Run("goroutines, and what they wait for", func(t *testing.T) {
		requireInOrder(t, s["goroutines"], `^  1 +IO wait +vitrine/interrupts\.Pump +an interrupt or event: interrupts\.pending is 0x`)
		requireInOrder(t, s["goroutines"], `(select|chan receive) +vitrine/kernel\S+ +event '[a-z ]+' \(chan struct \{\}, [01] of 1\)`)
		requireInOrder(t, s["goroutines"], `GC sweep wait +runtime\.bgsweep$`)
		requireInOrder(t, s["other goroutine"], `in runtime\.gopark `, `in vitrine/interrupts\.Pump `, `in runtime\.goexit `)
		requireInOrder(t, s["here again"], `^#0  vitrine/drivers/uart\.\(\*Port\)\.Interrupt`)
	})
	t.Run("the IDT", func(t *testing.T) {
		requireInOrder(t, s["idt"], `^vector 36`, `handler .*<vitrine/interrupts\.vectors\+\d+> interrupts/entry_amd64\.s:\d+`,
			`selector +0x0008`, `IST 1, top 0xffffff80`, `interrupt gate, DPL 0`, `256 gates`, `8 .* IST 3, .*#DF double fault`)
	})
	t.Run("the log", func(t *testing.T) {
		requireInOrder(t, s["log"], `^\[ +\d+\.\d{6}\] [a-z]+: `, `^\[`, `^\[`)
	})
	t.Run("no panic", func(t *testing.T) { require.Contains(t, s["panic"], "has not panicked") })
	t.Run("a page walk comes to what QEMU says", func(t *testing.T) {
		want := regexp.MustCompile(`gpa: (0x[0-9a-f]+)`).FindStringSubmatch(s["pagewalk"])
		require.NotNil(t, want, s["pagewalk"])
		requireInOrder(t, s["pagewalk"], `PML4 `, `PDPT `, `PD `, `PT .* NX`, `physical `+want[1]+`, a page of 4 KiB, RW-, ring 0 only`)
	})
	t.Run("every step into and out of an interrupt has the same callers", func(t *testing.T) {
		requireInOrder(t, s["step"], `interrupted: vitrine/`, `stepped through \d+ instructions and out of the interrupt`)
	})
}

// A fault in Go code: the backtrace goes from the handler to the faulting
// instruction, and from the panic that it becomes, too.
func TestGDBShowsAFault(t *testing.T) {
	s := underGDB(t, "fault.gdb", nil, func(m *qemutest.Machine) {
		if _, err := m.Serial().WaitFor(`vitrine> $`, gdbLimit); err == nil {
			m.Serial().Send("fault -r nil\r")
		}
	})
	requireInOrder(t, s["exception"], `^#0  vitrine/interrupts\.exception`, `in vitrine/interrupts\.common`,
		`in vitrine/kernel/shell/commands\.readInt`, `in vitrine/kernel/shell\.`, `in runtime\.goexit`,
		`vector 14  #PF page fault`, `error +0x0: page not present, read`, `CR2 +0x0$`, `at .*commands\.readInt`)
	requireInOrder(t, s["panic"], `^#0 .*runtime\.sigpanic`, `in vitrine/kernel/shell/commands\.readInt`, `in vitrine/kernel/shell\.`, `in runtime\.goexit`)
}

// A goroutine that computes and calls nothing is stopped by the timer; the
// call that this injects is in its backtrace, which goes on beyond it. That
// may be in any function that the command calls.
func TestGDBShowsAPreemptedGoroutine(t *testing.T) {
	s := underGDB(t, "preempt.gdb", nil, nil, withWords(`run="bench"`))
	steps := regexp.MustCompile(`(?m)^.* < .*$`).FindAllString(s["on a system stack already"], -1)
	require.Greater(t, len(steps), 5)
	for _, callers := range steps {
		require.Regexp(t, `^runtime\.systemstack < runtime\.newproc < .*runtime\.rt0_go$`, callers)
	}
	requireInOrder(t, s["on a system stack already"], `^#0 +runtime\.newproc\.func1`, `in runtime\.newproc `, `in runtime\.rt0_go `)
	requireInOrder(t, s["preempted"], `^#0 .*runtime\.asyncPreempt2`, `in runtime\.asyncPreempt `, `in vitrine/`, `in (main\.main|runtime\.goexit) `)
	requireInOrder(t, s["goroutines"], `^\* \d+ +running +\S+\.\S+$`, `^Goroutine 1 \(IO wait\):`, `in vitrine/interrupts\.Pump `)
	require.NotContains(t, s["goroutines"], "??")
}
