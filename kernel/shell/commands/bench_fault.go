package commands

import (
	"errors"
	"time"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// benchPages is how many pages a benchmark of page faults touches at most.
const benchPages = 1024

// faultBenchmarks measure the processor's own page faults, from the instruction
// that faults to the moment when it has been run again.
func (m *Machine) faultBenchmarks() []benchmark {
	if !onMachine || m.Regions == nil || m.Space == nil || m.Frames == nil || m.Scratch.Size() < benchPages*mm.PageSize {
		return nil
	}
	return []benchmark{
		{name: "fault.zero", what: "a page fault that is served with a zeroed page", most: benchPages, timed: func(n int) (took time.Duration, err error) {
			err = m.inRegion(n, func(v mm.VirtAddr) error {
				took = touchPages(v, n)
				return nil
			})
			return took, err
		}},
		{name: "fault.copy", what: "a page fault that is served with a copy of the page", most: benchPages, timed: m.benchCopy},
	}
}

// touchPages writes to n pages, and tells how long that took.
func touchPages(v mm.VirtAddr, n int) time.Duration {
	start := time.Now()
	for range n {
		store(v, 8, 1)
		v += mm.PageSize
	}
	return time.Since(start)
}

// inRegion calls f with the start of a region of n pages, of which none is
// there yet.
func (m *Machine) inRegion(n int, f func(v mm.VirtAddr) error) error {
	v := m.Scratch.Start
	r := region.Region{
		Range: mm.VirtRange{Start: v, End: v + mm.VirtAddr(n*mm.PageSize)},
		Flags: paging.Writable | paging.NoExecute, Name: "bench",
	}
	if err := m.Regions.Add(r); err != nil {
		return err
	}
	return errors.Join(f(v), m.Regions.Remove(m.Space, m.Frames, v))
}

// benchCopy makes pages as a fork leaves them, shared and copy-on-write, and
// writes to them.
func (m *Machine) benchCopy(n int) (took time.Duration, err error) {
	err = m.inRegion(n, func(v mm.VirtAddr) error {
		touchPages(v, n)
		var shared []mm.Frame
		for i := range mm.VirtAddr(n) {
			p, err := m.Space.Translate(v + i*mm.PageSize)
			if err != nil {
				return err
			}
			if err := m.Frames.Share(p.Frame()); err != nil {
				return err
			}
			shared = append(shared, p.Frame())
			if err := m.Space.Replace(v+i*mm.PageSize, p, paging.NoExecute|paging.CopyOnWrite); err != nil {
				return err
			}
		}
		took = touchPages(v, n)
		for _, f := range shared {
			if err := m.Frames.Free(f); err != nil {
				return err
			}
		}
		return nil
	})
	return took, err
}
