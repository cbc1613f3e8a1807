package systest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
)

// Four processors, from the first instruction of a further one to the report that
// stops them all. Each has backtraces of its own, at any moment.
func TestGDBShowsAllProcessors(t *testing.T) {
	t.Parallel()
	s := underGDB(t, "processors.gdb", nil, nil, withWords(`run="spin 60 4; sleep 1; fault opcode"`), func(c *qemu.Config) { c.SMP = 4 })
	first := lineOf(t, "boot/trampoline.S", "trampoline:") + 1
	t.Run("the trampoline is 16-bit code with lines", func(t *testing.T) {
		requireInOrder(t, s["real mode"], `another processor begins`, `=> 0x0 <trampoline>:\s+cli`, `mov +%cs,%ax`,
			fmt.Sprintf(`^#0  trampoline \(\) at boot/trampoline\.S:%d`, first))
		requireInOrder(t, s["stepping"], `movw\s+%cs, %ax`, `movl\s+%eax, %cr0`, `=> 0x[0-9a-f]+ <trampoline\+\d+>:\s+ljmpl`,
			`<long_mode>:\s+mov +\$0x10,%eax`, `^#0  trampoline \(\) at boot/trampoline\.S`)
		require.NotContains(t, s["stepping"], "#1")
	})
	t.Run("and then 64-bit code", func(t *testing.T) {
		requireInOrder(t, s["64 bits"], `=> 0x[0-9a-f]+ <long_mode>:\s+mov +\$0x10,%eax`, `mov +%eax,%ds`,
			`^#0  long_mode \(\) at boot/trampoline\.S`)
		requireInOrder(t, s["Go"], `^#0  vitrine/kernel/smp\.main \(\) at kernel/smp/smp\.go`, `in entry \(\) at kernel/smp/entry_amd64\.s`,
			`No symbol matches 0`)
	})
	t.Run("an idle processor's way into a message's handler", func(t *testing.T) {
		requireInOrder(t, s["message"], `^#0  vitrine/interrupts\.woken`, `in vitrine/interrupts\.dispatch`, `in vitrine/interrupts\.common`,
			`in vitrine/kernel/thread\.Serve|in runtime\.mcall|in main\.main|in runtime\.goexit|in start`)
	})
	t.Run("all processors have backtraces", func(t *testing.T) {
		for _, title := range []string{"prompt", "tick", "report"} {
			// One that is between two goroutines, in mcall, has been called by nobody.
			const called = `^#1 |^#0 .*runtime\.mcall `
			requireInOrder(t, s[title], `^Thread 4 `, called, `^Thread 3 `, called, `^Thread 2 `, called, `^Thread 1 `, called)
			require.NotContains(t, s[title], "??")
			require.NotContains(t, s[title], "Backtrace stopped")
		}
		requireInOrder(t, s["prompt"], `^#0  vitrine/kernel/shell\.\(\*Session\)\.Script`, `in main\.main`)
		requireInOrder(t, s["tick"], `^#0 .*runtime\.irqpreempt`, `in runtime\.irqtick`, `in vitrine/interrupts\.common`)
		requireInOrder(t, s["report"], `^#0 .*crash\.\(\*Reporter\)\.Exception`, `in vitrine/interrupts\.dispatch`, `in vitrine/interrupts\.common`,
			`in vitrine/kernel/shell/commands\.`, `in runtime\.goexit`)
	})
	t.Run("every frame has its source", func(t *testing.T) {
		requireInOrder(t, s["sources"], `^\d\d+ frames$`)
		require.NotContains(t, s["sources"], "no source")
	})
	t.Run("what each does", func(t *testing.T) {
		requireInOrder(t, s["cpus"], `CPU +APIC +GDB +STATE +M +G +EVENTS +HALTS +WHERE`, ` 0 +0 +1 `, ` 1 +1 +2 `, ` 2 +2 +3 `, ` 3 +3 +4 `)
		requireInOrder(t, s["cpus"], `^\* +\d +\d +\d .*Session`)
		requireInOrder(t, s["tick"], `^Goroutine 1 \(\w+.*\):`, `in vitrine/interrupts\.Pump `)
		requireInOrder(t, s["asleep"], `select .*shell\.sleep .*timer of 0x\w+, until \d+\.\d+ s after boot`)
	})
}
