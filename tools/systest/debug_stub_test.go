package systest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// The frames of the stub have source lines of boot.S and no callers but its
// own; 32-bit code is decoded as such.
func TestGDBShowsTheStub(t *testing.T) {
	s := underGDB(t, "stub.gdb", nil, nil)
	start := lineOf(t, "boot/boot.S", "_start:") + 1
	requireInOrder(t, s[""], fmt.Sprintf(`_start \(\) at boot/boot\.S:%d`, start), `cli`)
	requireInOrder(t, s["start"], `^#0  _start \(\)`, `^=> 0x[0-9a-f]+ <_start>:\s+cli`, `mov +\$0x[0-9a-f]+,%esp`)
	require.NotContains(t, s["start"], "#1")

	requireInOrder(t, s["call"], `^#0  serial_init \(\) at boot/boot\.S`, `^#1  .* in _start \(\) at boot/boot\.S`,
		`mov +\$0x[0-9a-f]+,%ebx`, `movzbw \(%ebx\),%dx`, `^_start \(\) at boot/boot\.S`)
	requireInOrder(t, s["next"], `call +0x[0-9a-f]+ <check_memory>`, `^#0  .*boot/boot\.S`)
	require.NotContains(t, s["next"], "#1")
	requireInOrder(t, s["long mode"], `long_mode \(\)`, `mov +\$0x10,%eax`, `physical 0x100000, a page of 2 MiB`)
	requireInOrder(t, s["high"], `^#0  high \(\) at boot/boot\.S`, `=> 0xffffffff8010[0-9a-f]+ <high>:\s+movabs`)
	requireInOrder(t, s["CR3"], `^physical 0x0, a page of 2 MiB`, `^[0-9]+\s+`, `^not mapped: the PML4 entry is not present`, `^[0-9]+\s+`)
	requireInOrder(t, s["too early"], `^vit audit: .*paging is off`, `^vit cpus: .*paging is off`, `^vit gdt: GDT at 0x`, `^vit idt: There is none yet`,
		`^vit maps: There are no page tables of long mode yet: paging is off`, `^vit pagewalk \$sp: 0x`, `^vit who \$sp: 0x`, `^There are no goroutines yet`)
	requireInOrder(t, s["before the memory"], `^vit audit: the frame allocator is not up yet`, `^vit cpus: No processor has its tables yet`,
		`^vit gdt: GDT at 0x\w+, 3 slots, which is not mapped any longer`, `^vit goroutines: There are no goroutines yet`,
		`^vit kbd: There is no PS/2 controller`, `^vit log: The log is empty`, `^vit maps: FROM`, `^vit panic: The kernel has not panicked`,
		`^vit regions: There are none yet`)
	for _, said := range s {
		require.NotContains(t, said, "Error occurred in Python")
	}
	requireInOrder(t, s["Go"], `vitrine/kernel/start\.entry \(\) at .*entry_amd64\.s`)
}
