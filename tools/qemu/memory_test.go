package qemu

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// frozen is a machine in 64-bit mode that answers questions about its memory.
func frozen(t *testing.T, answers map[string]string) (*Fault, monitor) {
	f := &Fault{
		Chain: []Exception{{Vector: pageFault, Code: 2}, {Vector: pageFault}}, During: -1,
		PC: 0xffffffff80200100, CR2: 0xffffffff80200008,
		registers: map[string]uint64{"CR0": 0x80010033, "CR3": 0x476018, "EFER": 0xd01},
	}
	return f, func(line string) (string, error) {
		answer, ok := answers[line]
		if !ok {
			return "", errors.New("no memory for " + line)
		}
		return answer, nil
	}
}

func TestTheFrozenMachinesMemoryIsShown(t *testing.T) {
	word := func(address, entry uint64) string { return fmt.Sprintf("%016x: 0x%016x\r\n", address, entry) }
	f, ask := frozen(t, map[string]string{
		"x/15bx 0xffffffff80200100": "ffffffff80200100: 0xc6 0x00 0xcc 0xc3 0xcc 0xcc 0xcc 0xcc\r\nffffffff80200108: 0xcc 0xcc 0xcc 0xcc 0xcc 0xcc 0xcc\r\n",
		"xp/1gx 0x476ff8":           word(0x476ff8, 0x477023),
		"xp/1gx 0x477ff0":           word(0x477ff0, 0x478023),
		"xp/1gx 0x478008":           word(0x478008, 0x479023),
		"xp/1gx 0x479000":           word(0x479000, 0x8000000000200000),
	})
	f.look(ask)
	var b strings.Builder
	f.reportMemory(&b)
	require.Equal(t, `  code    c6 00 cc  mov byte ptr [rax], 0xcc
  the walk to 0xffffffff80200008, as the tables are now:
    PML4 entry 511 at 0x476ff8 = 0x0000000000477023  present, writable, kernel, executable
    PDPT entry 510 at 0x477ff0 = 0x0000000000478023  present, writable, kernel, executable
    PD   entry   1 at 0x478008 = 0x0000000000479023  present, writable, kernel, executable
    PT   entry   0 at 0x479000 = 0x8000000000200000  not present
`, b.String())
}

func TestALargePageEndsTheWalk(t *testing.T) {
	f, ask := frozen(t, map[string]string{
		"xp/1gx 0x476ff8": "0: 0x0000000000477023",
		"xp/1gx 0x477ff0": "0: 0x80000000000000a1",
	})
	f.look(ask)
	require.Len(t, f.Walk, 2)
	require.Empty(t, f.Code)
}

func TestMemoryThatCannotBeReadIsLeftOut(t *testing.T) {
	f, ask := frozen(t, nil)
	f.look(ask)
	var b strings.Builder
	f.reportMemory(&b)
	require.Empty(t, b.String())

	f.registers["EFER"] = 0 // no 64-bit mode: other tables
	f.look(func(line string) (string, error) { return "0: 0x0000000000000001", nil })
	require.Empty(t, f.Walk)
}
