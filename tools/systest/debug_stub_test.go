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
	requireInOrder(t, s["Go"], `vitrine/kernel/start\.entry \(\) at .*entry_amd64\.s`)
}
