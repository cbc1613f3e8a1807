package commands

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
)

func TestMemAccountsForTheMemory(t *testing.T) {
	out := newDesk(t).run("mem")
	require.Regexp(t, `RAM +2.6 MiB  671 frames of 4 KiB\n`, out)
	require.Regexp(t, `\nGo +7 MiB  mapped: 8 MiB taken, 1 MiB given back\n`, out)
	require.Contains(t, out, "page faults: 0 served with a zeroed frame\n")
}

func TestFramesShowsCountsAndAMap(t *testing.T) {
	d := newDesk(t)
	_, err := d.m.Frames.AllocContiguous(64, 64, 0)
	require.NoError(t, err)
	out := d.run("frames")
	require.Contains(t, out, "in use                          64  256 KiB\n")
	require.Contains(t, out, "a character is 4 KiB: . free,")
	require.Contains(t, out, "\n         0  X"+strings.Repeat(".", 63)+"\n")
	require.Contains(t, out, "\n     40000  "+strings.Repeat("#", 64))
	require.Equal(t, "frame 0x210 at 0x210000: reserved\n", d.run("frames 0x210123"))
	require.Equal(t, "frame 0xa0 at 0xa0000: not RAM\n", d.run("frames 0xa0000"))
}

func TestPagewalkShowsEachLevel(t *testing.T) {
	d := newDesk(t)
	out := d.run(fmt.Sprintf("pagewalk %#x", uint64(d.page)+0x123))
	lines := strings.Split(out, "\n")
	require.Equal(t, hex(uint64(d.page)+0x123)+"  "+d.m.partOf(d.page), lines[0])
	require.True(t, strings.HasPrefix(lines[1], "CR3 -> PML4 table at 0x40000"), lines[1])
	for i, level := range []string{"LEVEL", "PML4", "PDPT", "PD", "PT"} {
		require.True(t, strings.HasPrefix(lines[2+i], level+" "), lines[2+i])
		require.LessOrEqual(t, len(lines[2+i]), 80)
	}
	require.Contains(t, lines[6], "P W - - - - - - - NX  4 KiB page")
	require.Equal(t, hex(uint64(d.page)+0x123)+" -> physical 0x10123, read, write", lines[7])

	out = d.run("pagewalk direct+0x200004")
	require.Contains(t, out, "2 MiB page")
	require.Contains(t, out, "physical 0x200004, read, write")

	out = d.run("pagewalk heap")
	require.Contains(t, out, "nothing")
	require.Contains(t, out, "no page is mapped there: the walk ends in the")

	require.Equal(t, "pagewalk: 0001000000000000 is not canonical: bits 63 to 47 must be alike\n", d.run("pagewalk 0x1000000000000"))
}

func TestTranslateTellsThePhysicalAddress(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, "ffff800000200004 -> 0x200004\n", d.run("translate direct+0x200004"))
	require.Equal(t, "translate: nothing is mapped at ffffff8040000000; 'pagewalk 0xffffff8040000000' shows where the walk ends\n", d.run("translate heap"))
}

func TestMapsListsThePartsAndTheRegionsInThem(t *testing.T) {
	d := newDesk(t)
	out := d.run("maps")
	require.Contains(t, out, "ffff800000000000  ffffff7fffffffff    4 MiB       direct map of physical memory\n"+
		"ffff800000000000  ffff8000003fffff    4 MiB  rw-    RAM\n")
	require.Contains(t, out, "  read-only data\n")
	require.NotContains(t, out, "guard", "nothing is mapped in the kernel window")
	require.NoError(t, d.m.Space.Map(mm.StackBase+mm.PageSize, 0x20000, mm.PageSize, paging.Writable|paging.NoExecute, paging.Pages4K))
	require.Contains(t, d.run("maps"), "ffffff8000000000  ffffff8000000fff    guard  r--    guard page\n")
	out = d.run("maps -p")
	require.Contains(t, out, "ffff800000000000  ffff8000003fffff           0        4M     2M  rw- G\n")
}

func TestPeekAndPokeChangeMemory(t *testing.T) {
	d := newDesk(t)
	at := fmt.Sprintf("%#x", uint64(d.page)+8)
	require.Equal(t, hex(uint64(d.page)+8)+": 0000000000000000 -> 1122334455667788\n", d.run("poke "+at+" 0x1122334455667788"))
	require.Equal(t, hex(uint64(d.page)+8)+": 1122334455667788  1234605616436508552\n", d.run("peek "+at))
	require.Equal(t, hex(uint64(d.page)+8)+": 7788  30600\n", d.run("peek "+at+" 2"))
	require.Equal(t, hex(uint64(d.page)+8)+": 88 -> ff\n", d.run("poke "+at+" 255 1"))
	require.Contains(t, d.run("poke "+at+" 256 1"), "0x100 does not fit in 1 bytes\nusage: poke")
	require.Contains(t, d.run("peek "+at+" 3"), "the size cannot be '3'. It is one of: 1, 2, 4, 8")
	require.Contains(t, d.run("poke "+at+" direct"), "-> ffff800000000000")
	require.Contains(t, d.run("peek "+at), "physical 0x0 in the direct map")
}

func TestMemoryIsCheckedBeforeItIsTouched(t *testing.T) {
	d := newDesk(t)
	page := func(n int) string { return fmt.Sprintf("%#x", uint64(d.page)+uint64(n)*mm.PageSize) }
	for line, want := range map[string]string{
		"peek " + page(3):                      "nothing is mapped at",
		"peek " + page(2):                      "belongs to a device, where even reading may do something; -f does it anyway",
		"poke " + page(1) + " 1":               "is read-only (read); -f tries anyway",
		"poke " + page(3) + " 1":               "nothing is mapped at",
		"peek 0x8000000000000000":              "address is not canonical",
		"peek 0xffffffffffffffff":              "are no memory",
		"hexdump " + page(2):                   "belongs to a device",
		"disasm " + page(3):                    "nothing is mapped at",
		"hexdump " + page(0) + " 0":            "LENGTH must not be 0",
		"peek " + page(1) + "; peek -f 0x1 zz": "the size cannot be 'zz'",
	} {
		require.Contains(t, d.run(line), want, line)
	}
	require.Contains(t, d.run("peek "+page(1)), ": 0000000000000000")
	require.Contains(t, d.run("peek -f "+page(2)), ": 0000000000000000")
	require.Contains(t, d.run("poke -f "+page(3)+" 7"), "-> 0000000000000007", "it is this test's own memory")
}

func TestHexdumpShowsBytesAndCharacters(t *testing.T) {
	d := newDesk(t)
	copy(d.bytes(), "Vitrine\x00\xff 0123456789")
	at := hex(uint64(d.page))
	require.Equal(t, at+": 56697472 696e6500 ff203031 32333435  Vitrine.. 012345\n", d.run("hexdump 0x"+at+" 16"))
	require.Equal(t, at+": 566974                               Vit\n", d.run("hexdump 0x"+at+" 3"))
	out := d.run("hexdump 0x" + at)
	require.Equal(t, 5, strings.Count(out, "\n"))
	require.Contains(t, out, "\n*\n")
	require.Contains(t, out, hex(uint64(d.page)+0xf0)+": 00000000")
	tail := d.run(fmt.Sprintf("hexdump %#x 64", uint64(d.page)+3*mm.PageSize-16))
	require.Contains(t, tail, "device")
}

func TestDisasmShowsInstructionsWithTheirSource(t *testing.T) {
	d := newDesk(t)
	out := d.run("disasm commands.newDesk 8")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 9)
	require.Equal(t, "vitrine/kernel/shell/commands.newDesk  kernel/shell/commands/desk_test.go", lines[0])
	require.Regexp(t, `^ +\d+ [0-9a-f]{16}  [A-Z]`, " "+lines[1])
	require.Regexp(t, `^ {6} [0-9a-f]{16}  [A-Z]`, lines[2])
	require.Contains(t, d.run("disasm -i vitrine/kernel/shell/commands.newDesk"), "[r14+0x10]")
	require.Regexp(t, `[0-9a-f]{16}  [0-9a-f]+ +[A-Z]`, d.run("disasm -b commands.newDesk 1"))
}

func TestSymbolsStandForNumbers(t *testing.T) {
	d := newDesk(t)
	v, ok := d.m.Symbol("commands.newDesk")
	require.True(t, ok)
	name, ok := d.m.symbols.at(v + 4)
	require.True(t, ok)
	require.Equal(t, "vitrine/kernel/shell/commands.newDesk+0x4", name)
	for _, wrong := range []string{"", "nosuch", "no.such", "newDesk"} {
		_, ok := d.m.Symbol(wrong)
		require.False(t, ok, wrong)
	}
	v, ok = d.m.Symbol("image")
	require.True(t, ok)
	require.Equal(t, uint64(mm.ImageBase), v)
	words := d.m.completeSymbol(nil, nil, "vitrine/kernel/shell/commands.newD")
	require.Contains(t, words, "vitrine/kernel/shell/commands.newDesk")
	require.Contains(t, d.m.completeSymbol(nil, []string{"-f"}, ""), "heap")
	require.Empty(t, d.m.completeSymbol(nil, []string{"heap"}, ""))
}

func TestBytesThatAreNoInstructionAreShownAsBytes(t *testing.T) {
	text, n := instruction([]byte{0x06}, 0x1000, false)
	require.Equal(t, "?  06", text)
	require.Equal(t, 1, n)
	text, n = instruction([]byte{0x0f}, 0x1000, false)
	require.Equal(t, "?  0f", text)
	require.Equal(t, 1, n)
	text, n = instruction([]byte{0x48, 0x89, 0xd8}, 0x1000, true)
	require.Equal(t, "mov rax, rbx", text)
	require.Equal(t, 3, n)
}
