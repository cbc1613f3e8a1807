package audit_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/audit"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

const (
	page = mm.PageSize
	rw   = paging.Writable | paging.NoExecute
	code = paging.Entry(0)
	top  = 512 // frames
	text = mm.PhysAddr(0x10_0000)
)

// world is a machine with the kernel's space and that of one process.
type world struct {
	t             *testing.T
	frames        frame.Allocator
	tables        [top]paging.Table
	kernel, user  paging.Space
	kernelRegions region.Set
	userRegions   region.Set
}

func (w *world) Table(f mm.Frame) *paging.Table { return &w.tables[f] }
func (w *world) Invalidate(mm.VirtAddr)         {}
func (w *world) InvalidateAll()                 {}
func (w *world) InvalidateOthers()              {}

func newWorld(t *testing.T) *world {
	w := &world{t: t}
	w.frames.Init(make([]uint64, frame.StorageWords(top)), top)
	w.frames.AddRange(mm.PhysRange{Start: 0, End: top * page})
	w.frames.Reserve(mm.PhysRange{Start: text, End: text + 2*page})
	var err error
	w.kernel, err = paging.Create(w, &w.frames, w)
	require.NoError(t, err)
	require.NoError(t, w.kernel.Map(mm.ImageBase+0x10_0000, text, page, code|paging.Global, paging.Pages4K))
	require.NoError(t, w.kernel.Map(mm.ImageBase+0x10_1000, text+page, page, rw|paging.Global, paging.Pages4K))
	require.NoError(t, w.kernel.Map(mm.DirectMapBase, 0, uint64(text), rw, paging.Pages4K))
	require.NoError(t, w.kernel.Map(text.Direct(), text, page, paging.NoExecute, paging.Pages4K))
	require.NoError(t, w.kernel.Map((text+page).Direct(), text+page, 1<<20, rw, paging.Pages4K))
	w.give(&w.kernel, mm.WindowBase+page, rw)
	require.NoError(t, w.kernelRegions.Add(region.Region{Range: at(mm.WindowBase, 1), Kind: region.Guard, Name: "guard page"}))
	require.NoError(t, w.kernelRegions.Add(region.Region{Range: at(mm.WindowBase+page, 1), Kind: region.Fixed, Flags: rw, Name: "stack"}))
	w.user, err = w.kernel.NewUser()
	require.NoError(t, err)
	w.give(&w.user, 0x40_0000, rw|paging.User)
	require.NoError(t, w.userRegions.Add(region.Region{Range: at(0x40_0000, 4), Flags: rw | paging.User, Name: "data"}))
	return w
}

func at(v mm.VirtAddr, n int) mm.VirtRange {
	return mm.VirtRange{Start: v, End: v + mm.VirtAddr(n*page)}
}

// give maps a fresh frame at v.
func (w *world) give(s *paging.Space, v mm.VirtAddr, flags paging.Entry) mm.Frame {
	f, err := w.frames.Alloc()
	require.NoError(w.t, err)
	require.NoError(w.t, s.Map(v, f.Addr(), page, flags, paging.Pages4K))
	return f
}

func (w *world) audit() audit.Report {
	return audit.Run(&w.frames,
		audit.Space{Name: "kernel", Tables: &w.kernel, Regions: &w.kernelRegions, Stacks: []mm.VirtAddr{mm.WindowBase + 2*page}},
		audit.Space{Name: "process", Tables: &w.user, Regions: &w.userRegions})
}

// entry returns the entry in which the walk for v ends.
func (w *world) entry(s *paging.Space, v mm.VirtAddr) *paging.Entry {
	steps, n := s.Walk(v)
	last := steps[n-1]
	return &w.tables[last.Address.Frame()][last.Index]
}

func TestAMachineInOrderHasNoViolation(t *testing.T) {
	w := newWorld(t)
	r := w.audit()
	require.Empty(t, r.Violations)
	require.Zero(t, r.Found)
	require.Equal(t, 2, r.Spaces)
	require.Equal(t, 3, r.Regions)
	require.Equal(t, 1, r.Guards)
	require.Equal(t, 1, r.Stacks)
	require.Zero(t, r.Held)
	require.EqualValues(t, page, r.Executable)
	require.EqualValues(t, 4, r.Frames, "code, data, a stack, a page of the process")
	require.Equal(t, r.Count.Used, r.Tables+2, "the stack and the page of the process")
	require.Equal(t, w.frames.Stats(), r.Count)
}

func TestEachViolationIsSeen(t *testing.T) {
	const scratch = mm.WindowBase + 9*page
	for want, plant := range map[string]func(w *world){
		"kernel ffffffff80101000 -> 101000: writable and executable": func(w *world) {
			*w.entry(&w.kernel, mm.ImageBase+0x10_1000) &^= paging.NoExecute
		},
		"kernel ffff800000006000 -> 6000: executable, outside of the kernel's image": func(w *world) {
			*w.entry(&w.kernel, mm.DirectMapBase+6*page) &^= rw
		},
		"kernel ffffff8000001000 -> ": func(w *world) { // executable, in a stack
			*w.entry(&w.kernel, mm.WindowBase+page) &^= rw
		},
		"kernel ffff800000007000 -> 9000: in the direct map, where another address belongs": func(w *world) {
			*w.entry(&w.kernel, mm.DirectMapBase+7*page) += 2 * page
		},
		": global, in the lower half": func(w *world) {
			*w.entry(&w.user, 0x40_0000) |= paging.Global
		},
		"process ffffff0000000000 -> ": func(w *world) {
			w.tables[w.user.Root()][510] = w.tables[w.user.Root()][0]
		},
		"process ffff800000000000 -> 0: a part of the upper half that is not the kernel's": func(w *world) {
			w.tables[w.user.Root()][256] = 0
		},
		"process 0000000000800000 -> 101000: open to user mode, but the frame is the kernel's": func(w *world) {
			require.NoError(w.t, w.user.Map(0x80_0000, text+page, page, rw|paging.User, paging.Pages4K))
		},
		"process 0000000000900000 -> ": func(w *world) {
			stack, err := w.kernel.Translate(mm.WindowBase + page)
			require.NoError(w.t, err)
			require.NoError(w.t, w.user.Map(0x90_0000, stack, page, rw|paging.User, paging.Pages4K))
		},
		"kernel ffffff8000002000 -> 0: the end of a stack without a guard page below it": func(w *world) {
			require.NoError(w.t, w.kernelRegions.Remove(&w.kernel, &w.frames, mm.WindowBase))
		},
		"kernel ffffff8000001000 -> 0: a page of a stack that cannot be written": func(w *world) {
			require.NoError(w.t, w.kernel.Unmap(mm.WindowBase+page, page))
		},
		"open to user mode, in the upper half": func(w *world) {
			for steps, n := w.kernel.Walk(mm.WindowBase + page); n > 0; n-- {
				w.tables[steps[n-1].Address.Frame()][steps[n-1].Index] |= paging.User
			}
		},
		": in the lower half of the kernel's tables": func(w *world) {
			w.give(&w.kernel, 0x1000, rw)
		},
		"kernel ffffff8000009000 -> 100000: writable here, and executable elsewhere": func(w *world) {
			require.NoError(w.t, w.kernel.Map(scratch, text, page, rw, paging.Pages4K))
		},
		"process 0000000000800000 -> 100000: writable here, and executable elsewhere": func(w *world) {
			require.NoError(w.t, w.user.Map(0x80_0000, text, page, rw, paging.Pages4K))
		},
		"kernel ffffff8000000000 -> ": func(w *world) { // a guard page
			w.give(&w.kernel, mm.WindowBase, rw)
		},
		"process 0000000000401000 -> ": func(w *world) { // more rights
			w.give(&w.user, 0x40_1000, paging.User)
		},
		"process 0000000000400000 -> ": func(w *world) {
			p, _ := w.user.Translate(0x40_0000)
			require.NoError(w.t, w.frames.Free(p.Frame()))
		},
		"kernel ffffff8000009000 -> 40000000: mapped, but the frame is not RAM": func(w *world) {
			require.NoError(w.t, w.kernel.Map(scratch, 1<<30, page, rw, paging.Pages4K))
		},
		"kernel 0000000000000000 -> 1000: a page table, but the frame is free": func(w *world) {
			require.NoError(w.t, w.frames.Free(w.kernel.Root()))
		},
		"kernel ffffff8000009000 -> 1000: a page table, mapped as a page": func(w *world) {
			require.NoError(w.t, w.kernel.Map(scratch, w.kernel.Root().Addr(), page, rw, paging.Pages4K))
		},
		"mapped by more tables than it has owners": func(w *world) {
			p, _ := w.user.Translate(0x40_0000)
			require.NoError(w.t, w.user.Map(0x40_2000, p, page, rw|paging.User, paging.Pages4K))
		},
		"a frame holds two page tables": func(w *world) {
			steps, _ := w.user.Walk(0x40_0000)
			w.tables[steps[1].Address.Frame()][7] = steps[1].Entry
		},
	} {
		w := newWorld(t)
		plant(w)
		r := w.audit()
		require.Positive(t, r.Found, want)
		var all []string
		for _, v := range r.Violations {
			all = append(all, v.String())
		}
		require.Contains(t, strings.Join(all, "\n"), want)
	}
}

func TestWhatNobodyMapsIsHeld(t *testing.T) {
	w := newWorld(t)
	_, err := w.frames.Alloc()
	require.NoError(t, err)
	r := w.audit()
	require.Empty(t, r.Violations)
	require.EqualValues(t, 1, r.Held)
}

func TestDevicesAreMappedAsDevices(t *testing.T) {
	w := newWorld(t)
	const device = rw | paging.CacheDisable
	require.NoError(t, w.kernel.Map(mm.WindowBase+9*page, 1<<30, 2*page, device, paging.Pages4K))
	require.Empty(t, w.audit().Violations)
}

func TestASharedFrameHasSeveralOwners(t *testing.T) {
	w := newWorld(t)
	p, _ := w.user.Translate(0x40_0000)
	require.NoError(t, w.frames.Share(p.Frame()))
	require.NoError(t, w.user.Map(0x40_2000, p, page, rw|paging.User, paging.Pages4K))
	r := w.audit()
	require.Empty(t, r.Violations)
	require.Equal(t, 1, r.Shared)
	require.NoError(t, w.user.Map(0x40_3000, p, page, rw|paging.User, paging.Pages4K))
	require.Equal(t, 1, w.audit().Found)
}

func TestWhoMapsAStackInAFixedRegionIsNoOwner(t *testing.T) {
	w := newWorld(t)
	p, _ := w.kernel.Translate(mm.WindowBase + page)
	const at = mm.WindowBase + 20*page
	require.NoError(t, w.kernel.Map(at, p, page, rw, paging.Pages4K))
	require.NoError(t, w.kernelRegions.Add(region.Region{Range: mm.VirtRange{Start: at, End: at + page}, Kind: region.Fixed, Flags: rw, Name: "again"}))
	require.Empty(t, w.audit().Violations)
}

func TestManyViolationsAreCountedAndTheFirstKept(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.kernel.Map(0x1000, 1<<30, 200*page, rw, paging.Pages4K))
	r := w.audit()
	require.Equal(t, 201, r.Found, "each frame, and the mapping")
	require.Len(t, r.Violations, audit.Kept)
}
