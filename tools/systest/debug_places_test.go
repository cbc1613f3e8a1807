package systest

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/qemutest"
)

// The chapters of the book and the other places that have names: the boot comes
// by all of them, and then a page fault, from its entry to its exit.
func TestGDBStopsWhereTheBookSays(t *testing.T) {
	t.Parallel()
	s := underGDB(t, "places.gdb", nil, nil, withWords(`run="fault demand"`))
	t.Run("each chapter is a place", func(t *testing.T) {
		files, err := filepath.Glob(filepath.Join(qemutest.Root(t), "docs", "book", "[0-9][0-9]-*.md"))
		require.NoError(t, err)
		for _, f := range files {
			require.Contains(t, s[""], "\nfile "+strings.TrimSuffix(filepath.Base(f), ".md")+"\n")
		}
		require.Equal(t, 12, strings.Count(s[""], "\nfile "))
	})
	t.Run("a boot comes by all of them", func(t *testing.T) {
		requireInOrder(t, s["stops"], `stopped in vitrine/interrupts\.\(\*CPU\)\.Start`, `stopped in vitrine/mm/frame\.\(\*Allocator\)\.Init`,
			`stopped in vitrine/kernel/start\.startSpace`, `stopped in vitrine/kernel/start\.Hwinit0`,
			`stopped in vitrine/kernel/start\.startClock`, `stopped in vitrine/kernel/start\.grow`, `stopped in .*\.startSerial`, `stopped in .*\.startProcessors`, `stopped in vitrine/interrupts\.vectors`,
			`stopped in vitrine/drivers/ps2\.\(\*Controller\)\.Interrupt`, `stopped in vitrine/interrupts\.exception`)
		require.Contains(t, s["stops"], "stopped in vitrine/interrupts.deliver")
		require.Contains(t, s["prompt"], "stopped in vitrine/kernel/shell.(*Session).Run")
	})
	t.Run("the load of CR3", func(t *testing.T) {
		requireInOrder(t, s["CR3"], `=> .*<vitrine/kernel/cpu\.SetCR3[^>]*>:\s+mov +%\w+,%cr3`, `^root 0x10\w{4}$`, `physical 0x1\w{5}, a page of 2 MiB, RW-`,
			`frame 0x100: RAM, which the allocator has not been given`,
			`^#0 .*cpu\.SetCR3`, `^#1 .*start\.startSpace \(\) at kernel/start/memory\.go`,
			`=> .*<vitrine/kernel/cpu\.SetCR3[^>]*>:`, `^root 0x1\w{6}$`, `physical 0x1\w{5}, a page of \w+ \w+, RW-`,
			`^#0 .*cpu\.SetCR3`, `^#1 .*start\.startSpace \(\)`)
	})
	t.Run("a page fault", func(t *testing.T) {
		requireInOrder(t, s["fault"], `vector 14 +#PF page fault`, `error +0x0: page not present, read`,
			`CR2 +0xffffff8030000000`, `at .*commands\.\(\*Machine\)\.demand`, `^#0 .*interrupts\.exception`)
		requireInOrder(t, s["into the handler"], `interrupted: vitrine/kernel/shell/commands\.`,
			`stepped through \d+ instructions and out of the interrupt`, `physical 0x[0-9a-f]+, a page of 4 KiB, RW-`)
		requireInOrder(t, s["any fault"], `The machine will stop there once: an exception`, `Temporary breakpoint .*interrupts\.exception`)
	})
}

// A place that does not exist is said at once, with all that do, and nothing is
// booted.
func TestAPlaceThatDoesNotExistEndsGDB(t *testing.T) {
	t.Parallel()
	for at, why := range map[string]string{
		"chapter:nothing": "the book has no chapter 'nothing'", "kernel.Nowhere": "there is no such function or line",
		"it's \\ no \"place": `it's \ no "place: there is no such function or line`,
	} {
		out, err := vit(t, "debug", "--qmp", "", "--socket", filepath.Join(t.TempDir(), "gdb.sock"), "--at", at, "--timeout", "2m")
		require.Error(t, err)
		requireInOrder(t, out, `^AT=.*`+regexp.QuoteMeta(why), `chapter:paging +08-virtual-memory`)
		require.NotContains(t, out, "Breakpoint")
	}
}
