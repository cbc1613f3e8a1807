package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// tables is a small machine whose page tables are in frames of its allocator.
type tables struct{ list [64]paging.Table }

func (m *tables) Table(f mm.Frame) *paging.Table { return &m.list[f] }
func (*tables) Invalidate(mm.VirtAddr)           {}
func (*tables) InvalidateAll()                   {}
func (*tables) InvalidateOthers()                {}

// inOrder gives the desk memory that keeps all promises.
func (d *desk) inOrder() {
	d.m.Frames = new(frame.Allocator)
	d.m.Frames.Init(make([]uint64, frame.StorageWords(64)), 64)
	d.m.Frames.AddRange(mm.PhysRange{Start: 0, End: 64 * mm.PageSize})
	memory := new(tables)
	space, err := paging.Create(memory, d.m.Frames, memory)
	require.NoError(d.t, err)
	d.m.Space, d.m.Regions = &space, new(region.Set)
	d.m.Registers = func() Registers {
		r := fakeRegisters()
		r.CR3 = uint64(space.Root().Addr())
		return r
	}
}

func TestAuditSaysWhatItHasChecked(t *testing.T) {
	d := newDesk(t)
	d.inOrder()
	f, err := d.m.Frames.Alloc()
	require.NoError(t, err)
	require.NoError(t, d.m.Space.Map(mm.StackBase, f.Addr(), mm.PageSize, paging.Writable|paging.NoExecute, paging.Pages4K))
	out := d.run("audit")
	require.Contains(t, out, "address spaces        1  kernel: ")
	require.Contains(t, out, "page tables           4  in use")
	require.Contains(t, out, "frames mapped         1  none free, and of the 0 mapped twice")
	require.Contains(t, out, "frames of RAM        64  58 free + 5 used + 1 reserved\n")
	require.Contains(t, out, "frames held           0  used")
	require.Contains(t, out, "processor             2  WP NX\n")
	require.Contains(t, out, "in order: 4 KiB mapped, 16 KiB of tables, no violation\n")

	require.NoError(t, d.m.Frames.Free(f))
	out = d.run("audit")
	require.Contains(t, out, "kernel ffffff8000000000 -> 2000: mapped, but the frame is free\n")
	require.Contains(t, out, "audit: violations: 1\n")
}

func TestAuditMissesWhatTheProcessorCouldDo(t *testing.T) {
	d := newDesk(t)
	d.inOrder()
	d.m.CPUID = func(leaf, _ uint32) (a, b, c, d uint32) {
		return leaf | 8, 1<<7 | 1<<20, 1 << 2, 1 << 20
	}
	out := d.run("audit")
	require.Contains(t, out, "the processor has SMEP, and it is off\nthe processor has SMAP, and it is off\nthe processor has UMIP, and it is off\n")
	require.Contains(t, out, "audit: violations: 3\n")
}

func TestAuditDoesNotListAllOfManyViolations(t *testing.T) {
	d := newDesk(t)
	d.inOrder()
	require.NoError(t, d.m.Space.Map(mm.PageSize, 1<<30, 200*mm.PageSize, paging.NoExecute, paging.Pages4K))
	out := d.run("audit")
	require.Contains(t, out, "\nand 101 more\naudit: violations: 201\n")
}

func TestAuditLooksAtTheTablesInUse(t *testing.T) {
	d := newDesk(t)
	d.inOrder()
	d.m.Registers = fakeRegisters
	require.Contains(t, d.run("audit"), "the processor uses the page tables at 200000, and these are others\naudit: violations: 1\n")
}

func TestAuditWantsAGuardPageBelowEachStack(t *testing.T) {
	d := newDesk(t)
	d.inOrder()
	d.m.Stacks = func() []mm.VirtAddr { return []mm.VirtAddr{mm.StackBase + 4*mm.PageSize} }
	out := d.run("audit")
	require.Contains(t, out, "stacks                1  of processors")
	require.Contains(t, out, "kernel ffffff8000004000 -> 0: the end of a stack without a guard page below it\naudit: violations: 1\n")
}
