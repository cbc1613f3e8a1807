//go:build tamago

package region_test

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/cpu"
	"vitrine/kernel/start"
	"vitrine/mm"
	"vitrine/mm/audit"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// The test binary is a kernel of its own, and package start brings it up: here
// the tables are those of the processor, and the frames are the machine's.

// read returns the word at v as the processor finds it, with the tables of s.
func readThrough(s *paging.Space, v mm.VirtAddr) uint64 {
	flags := cpu.DisableInterrupts()
	kernel := cpu.CR3()
	cpu.SetCR3(uint64(s.Root().Addr()))
	word := *(*uint64)(v.Pointer())
	cpu.SetCR3(kernel)
	cpu.SetFlags(flags)
	return word
}

func writeThrough(s *paging.Space, v mm.VirtAddr, word uint64) {
	flags := cpu.DisableInterrupts()
	kernel := cpu.CR3()
	cpu.SetCR3(uint64(s.Root().Addr()))
	*(*uint64)(v.Pointer()) = word
	cpu.SetCR3(kernel)
	cpu.SetFlags(flags)
}

// life is what a process does with memory, without ring 3: its pages are the
// kernel's, so that this test can use them.
type life struct {
	parent, child       paging.Space
	parentSet, childSet region.Set
}

const lifePages = 24

func (l *life) fault(s *paging.Space, set *region.Set, v mm.VirtAddr, code region.ErrorCode) error {
	_, err := set.Fault(s, &start.Frames, v, code)
	return err
}

func (l *life) live() (err error) {
	step := func(f func() error) {
		if err == nil {
			err = f()
		}
	}
	step(func() error { l.parent, err = start.Space.NewUser(); return err })
	step(func() error {
		return l.parentSet.Add(region.Region{Range: pagesAt(data, lifePages), Flags: rw, Name: "data"})
	})
	for i := range mm.VirtAddr(lifePages / 2) {
		step(func() error { return l.fault(&l.parent, &l.parentSet, data+i*page, region.Write) })
	}
	step(func() error { l.child, err = start.Space.NewUser(); return err })
	step(func() error { return l.parentSet.Fork(&l.parent, &start.Frames, &l.childSet, &l.child) })
	step(func() error { return l.fault(&l.child, &l.childSet, data, region.Write|region.Present) })
	return err
}

func (l *life) die() (err error) {
	for _, f := range [...]func() error{
		func() error { return l.parentSet.Clear(&l.parent, &start.Frames) },
		func() error { return l.parent.Destroy() },
		func() error { return l.childSet.Clear(&l.child, &start.Frames) },
		func() error { return l.child.Destroy() },
	} {
		if e := f(); err == nil {
			err = e
		}
	}
	return err
}

// share shows an object in two spaces, and lets it go first.
func (l *life) share() (err error) {
	o, err := region.NewObject(start.Physical, &start.Frames, start.NewLock())
	if err != nil {
		return err
	}
	for _, p := range [...]struct {
		space *paging.Space
		set   *region.Set
	}{{&l.parent, &l.parentSet}, {&l.child, &l.childSet}} {
		if *p.space, err = start.Space.NewUser(); err != nil {
			return err
		}
		shared := region.Region{Range: pagesAt(data, 8), Kind: region.Shared, Flags: rw, Name: "shared", Object: &o}
		if err = p.set.Add(shared); err != nil {
			return err
		}
		for i := range mm.VirtAddr(8) {
			if err = l.fault(p.space, p.set, data+i*page, region.Write); err != nil {
				return err
			}
		}
	}
	if err = o.Release(&start.Frames); err != nil {
		return err
	}
	return l.die()
}

func TestTheProcessorSeesCopiesOfItsOwn(t *testing.T) {
	var l life
	require.NoError(t, l.live())
	writeThrough(&l.child, data, 7)
	require.EqualValues(t, 0, readThrough(&l.parent, data))
	require.EqualValues(t, 7, readThrough(&l.child, data))
	require.NoError(t, l.fault(&l.parent, &l.parentSet, data+page, region.Write|region.Present))
	writeThrough(&l.parent, data+page, 8)
	require.EqualValues(t, 0, readThrough(&l.child, data+page))

	r := audit.Run(&start.Frames,
		audit.Space{Name: "kernel", Tables: &start.Space, Regions: &start.Regions},
		audit.Space{Name: "parent", Tables: &l.parent, Regions: &l.parentSet},
		audit.Space{Name: "child", Tables: &l.child, Regions: &l.childSet})
	require.Empty(t, r.Violations)
	require.Equal(t, 3, r.Spaces)
	require.Equal(t, lifePages/2-2, r.Shared, "two pages have been copied")
	require.NoError(t, l.die())
}

// TestNothingLeaks has the heap stand still, so that every frame counts.
func TestNothingLeaks(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	scratch := mm.VirtRange{Start: mm.ScratchBase, End: mm.ScratchBase + 16*page}
	l := new(life)
	var failed error
	check := func(err error) {
		if err != nil && failed == nil {
			failed = err
		}
	}
	for name, round := range map[string]func(){
		"map, unmap": func() {
			f, n, err := start.Frames.AllocRun(8)
			check(err)
			check(start.Space.Map(scratch.Start, f.Addr(), n*page, rw, paging.Pages4K))
			check(start.Space.Unmap(scratch.Start, n*page))
			check(start.Frames.FreeContiguous(f, n))
		},
		"region: add, fault, remove": func() {
			check(start.Regions.Add(region.Region{Range: scratch, Flags: rw, Name: "scratch"}))
			for i := range mm.VirtAddr(16) {
				*(*byte)((scratch.Start + i*page).Pointer()) = 1 // the processor's own page fault
			}
			check(start.Regions.Remove(&start.Space, &start.Frames, scratch.Start))
		},
		"fork, copy, destroy": func() {
			check(l.live())
			check(l.die())
		},
		"a shared object in two spaces": func() { check(l.share()) },
		"a large page, split": func() {
			const n = mm.LargePageSize / page
			f, err := start.Frames.AllocContiguous(n, n, 0)
			check(err)
			at := mm.ScratchBase + 2*mm.LargePageSize
			check(start.Space.Map(at, f.Addr(), mm.LargePageSize, rw, paging.Pages2M))
			check(start.Space.Protect(at+7*page, page, paging.NoExecute))
			check(start.Space.Unmap(at, mm.LargePageSize))
			check(start.Frames.FreeContiguous(f, n))
		},
		"low memory for a device": func() {
			f, err := start.Frames.AllocContiguous(3, 2, frame.LowEnd)
			check(err)
			check(start.Frames.FreeContiguous(f, 3))
		},
	} {
		round() // tables that stay
		const rounds = 1000
		before, mapped := start.Frames.Stats(), start.HeapBytes
		for range rounds {
			round()
		}
		after := start.Frames.Stats()
		require.NoError(t, failed, name)
		require.Equal(t, mapped, start.HeapBytes, "%s: the heap should stand still", name)
		require.Equal(t, before.Free, after.Free, name)
		require.Equal(t, before.Used, after.Used, name)
		require.Zero(t, after.Shared, name)
		require.Greater(t, after.Allocs, before.Allocs+rounds, name)
		require.NoError(t, start.Frames.Verify())
	}
}
