package symbol

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAFunctionOfThisProgramIsFound(t *testing.T) {
	table, err := Open("/proc/self/exe")
	require.NoError(t, err)
	pc := uint64(reflect.ValueOf(Open).Pointer())
	p, ok := table.Lookup(pc)
	require.True(t, ok)
	require.Equal(t, "vitrine/tools/qemu/symbol.Open", p.Func)
	require.Zero(t, p.Offset)
	require.Equal(t, "symbol.go", filepath.Base(p.File))
	require.Positive(t, p.Line)

	p, ok = table.Lookup(pc + 4)
	require.True(t, ok)
	require.EqualValues(t, 4, p.Offset)
}

func TestDataIsNotCode(t *testing.T) {
	table, err := Open("/proc/self/exe")
	require.NoError(t, err)
	for _, pc := range []uint64{0, 0x10, ^uint64(0)} {
		_, ok := table.Lookup(pc)
		require.False(t, ok)
	}
	var none *Table
	_, ok := none.Lookup(1)
	require.False(t, ok)
}

func TestSymbolsOfAnAssemblyProgramAreFound(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, "a.S")
	require.NoError(t, os.WriteFile(source, []byte(".text\n.globl _start\n_start: nop\nnop\nother: nop\n"), 0o644))
	for _, command := range [][]string{
		{"as", "--32", "-o", dir + "/a.o", source},
		{"ld", "-m", "elf_i386", "-Ttext", "0x100000", "-o", dir + "/a.elf", dir + "/a.o"},
	} {
		out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	table, err := Open(dir + "/a.elf")
	require.NoError(t, err)
	p, ok := table.Lookup(0x100001)
	require.True(t, ok)
	require.Equal(t, "_start+0x1", p.String())
	p, _ = table.Lookup(0x100002)
	require.Equal(t, "other", p.String())

	explain := Explainer(dir+"/none", dir+"/a.elf", "/proc/self/exe")
	require.Equal(t, "_start+0x1", explain(0x100001))
	require.Equal(t, "_start+0x1", explain(0xffffffff80100001), "where paging shows it")
	require.Empty(t, explain(0x10))
	require.Contains(t, explain(uint64(reflect.ValueOf(Open).Pointer())), "vitrine/tools/qemu/symbol.Open  symbol.go:")
}

func TestAPlaceIsPrintedAsFunctionFileLine(t *testing.T) {
	require.Equal(t, "a.f+0x12  a.go:3", Place{Func: "a.f", Offset: 0x12, File: "a.go", Line: 3}.String())
}

func TestWhatIsNoELFIsRefused(t *testing.T) {
	_, err := Open("symbol_test.go")
	require.ErrorContains(t, err, "symbol_test.go: bad magic number")
	_, err = Open("none")
	require.ErrorContains(t, err, "no such file")
}
