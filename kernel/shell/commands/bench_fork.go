package commands

import (
	"errors"
	"fmt"
	"time"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// forkBenchmarks measure the fork of address spaces of several sizes: what it
// costs for each MiB shows that tables are copied, and not pages. The last one
// has as many tables as that of 64 MiB, with one page each.
func (m *Machine) forkBenchmarks() (list []benchmark) {
	if !onMachine || m.Space == nil || m.Frames == nil {
		return nil
	}
	add := func(name, what string, size, step uint64) {
		if free := m.Frames.Stats().Free * mm.PageSize; size/step*mm.PageSize+forkReserve <= free {
			list = append(list, benchmark{name: name, what: what, most: 20, timed: func(n int) (time.Duration, error) {
				return m.benchFork(n, size, step)
			}})
		}
	}
	for _, mib := range []uint64{2, 8, 32, 64} {
		add(fmt.Sprintf("fork.%dm", mib), fmt.Sprintf("fork an address space of %d MiB", mib), mib<<20, mm.PageSize)
	}
	add("fork.sparse", "the same, with a page every 2 MiB of 64", 64<<20, mm.LargePageSize)
	return list
}

// forkReserve is the memory that must be left besides that of the address space.
const forkReserve = 16 << 20

// forkBase is where an address space of the benchmarks has its memory.
const forkBase mm.VirtAddr = 0x4000_0000

// process is an address space with its regions.
type process struct {
	machine *Machine
	space   paging.Space
	set     *region.Set
}

func (m *Machine) newProcess() (*process, error) {
	space, err := m.Space.NewUser()
	return &process{m, space, new(region.Set)}, err
}

func (p *process) end() error {
	return errors.Join(p.set.Clear(&p.space, p.machine.Frames), p.space.Destroy())
}

// benchFork makes an address space with size bytes, of which one page in step
// bytes is there, and forks it n times.
func (m *Machine) benchFork(n int, size, step uint64) (took time.Duration, err error) {
	parent, err := m.newProcess()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, parent.end()) }()
	all := mm.VirtRange{Start: forkBase, End: forkBase + mm.VirtAddr(size)}
	flags := paging.Writable | paging.NoExecute | paging.User
	if err := parent.set.Add(region.Region{Range: all, Flags: flags, Name: "memory"}); err != nil {
		return 0, err
	}
	for v := all.Start; v < all.End; v += mm.VirtAddr(step) {
		if _, err := parent.set.Fault(&parent.space, m.Frames, v, region.Write|region.User); err != nil {
			return 0, err
		}
	}
	for range n {
		child, err := m.newProcess()
		if err != nil {
			return 0, err
		}
		start := time.Now()
		err = parent.set.Fork(&parent.space, m.Frames, child.set, &child.space)
		took += time.Since(start)
		if err := errors.Join(err, child.end()); err != nil {
			return 0, err
		}
	}
	return took, nil
}
