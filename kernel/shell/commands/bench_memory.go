package commands

import (
	"errors"

	"vitrine/mm"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
)

// memoryBenchmarks measure the packages below mm.
func (m *Machine) memoryBenchmarks() []benchmark {
	var list []benchmark
	if m.Frames != nil {
		list = append(list, benchmark{name: "frame.allocfree", what: "allocate a frame and free it", run: func(n int) error {
			return benchFrames(m.Frames, n)
		}})
	}
	if m.Space != nil {
		list = append(list, benchmark{name: "paging.translate", what: "walk the page tables", run: func(n int) error {
			for range n {
				if _, err := m.Space.Translate(m.Text.Start); err != nil {
					return err
				}
			}
			return nil
		}})
	}
	if m.Space != nil && m.Frames != nil && m.Scratch.Size() >= mm.PageSize {
		list = append(list,
			benchmark{name: "paging.mapunmap", what: "map a page, touch it, unmap it; its table stays", run: func(n int) error {
				return m.besides(func() error { return m.benchMap(n) })
			}},
			benchmark{name: "paging.tables", what: "the same, with making and freeing its tables", run: m.benchMap})
	}
	if m.Space != nil && m.Frames != nil && m.Scratch.Size() >= mm.LargePageSize {
		list = append(list, benchmark{name: "paging.large", what: "map 2 MiB in one page, touch it, unmap it", run: m.benchMapLarge})
	}
	return list
}

// besides runs f while the page behind those of the benchmarks is mapped, so
// that the table for both stays.
func (m *Machine) besides(f func() error) error {
	v := m.Scratch.Start + mm.PageSize
	if err := m.Space.Map(v, 0, mm.PageSize, paging.NoExecute, paging.Pages4K); err != nil {
		return err
	}
	return errors.Join(f(), m.Space.Unmap(v, mm.PageSize))
}

// benchMap maps the same frame again and again.
func (m *Machine) benchMap(n int) error {
	f, err := m.Frames.Alloc()
	if err != nil {
		return err
	}
	return errors.Join(m.mapAgain(n, f, mm.PageSize, paging.Pages4K), m.Frames.Free(f))
}

// benchMapLarge does so with a page of 2 MiB.
func (m *Machine) benchMapLarge(n int) error {
	const frames = mm.LargePageSize / mm.PageSize
	f, err := m.Frames.AllocContiguous(frames, frames, 0)
	if err != nil {
		return err
	}
	return errors.Join(m.mapAgain(n, f, mm.LargePageSize, paging.Pages2M), m.Frames.FreeContiguous(f, frames))
}

func (m *Machine) mapAgain(n int, f mm.Frame, size uint64, level paging.Level) error {
	v := m.Scratch.Start
	for range n {
		if err := m.Space.Map(v, f.Addr(), size, paging.Writable|paging.NoExecute, level); err != nil {
			return err
		}
		load(v, 8)
		if err := m.Space.Unmap(v, size); err != nil {
			return err
		}
	}
	return nil
}

// benchFrames allocates and frees n times.
func benchFrames(frames *frame.Allocator, n int) error {
	for range n {
		f, err := frames.Alloc()
		if err == nil {
			err = frames.Free(f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
