package region_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/paging/pagingtest"
	"vitrine/mm/region"
)

const (
	data = mm.VirtAddr(0x40_0000)
	urw  = rw | paging.User
)

// process is an address space with its regions.
type process struct {
	t     testing.TB
	m     *pagingtest.Machine
	space paging.Space
	set   *region.Set
}

func newProcess(t testing.TB, m *pagingtest.Machine, kernel *paging.Space) *process {
	space, err := kernel.NewUser()
	require.NoError(t, err)
	return &process{t, m, space, new(region.Set)}
}

// at returns the word at v, as the kernel or, after a fault, a program sees it.
func (p *process) at(v mm.VirtAddr) *paging.Entry {
	a, err := p.space.Translate(v)
	require.NoError(p.t, err)
	return &p.m.Table(a.Frame())[uint64(v)%page/8]
}

// write stores a word as a program does: with a fault if need be.
func (p *process) write(v mm.VirtAddr, word paging.Entry) error {
	for range 3 {
		steps, n := p.space.Walk(v)
		last := steps[n-1]
		code := region.User | region.Write
		if last.Entry.Has(paging.Present) {
			if last.Rights.Has(paging.Writable | paging.User) {
				*p.at(v) = word
				return nil
			}
			code |= region.Present
		}
		if served, err := p.set.Fault(&p.space, p.m, v, code); !served {
			return err
		}
	}
	p.t.Fatal("a fault is served and comes again")
	return nil
}

func (p *process) read(v mm.VirtAddr) paging.Entry {
	if _, err := p.space.Translate(v); err != nil {
		_, err := p.set.Fault(&p.space, p.m, v, region.User)
		require.NoError(p.t, err)
	}
	return *p.at(v)
}

func (p *process) fork(kernel *paging.Space) *process {
	child := newProcess(p.t, p.m, kernel)
	require.NoError(p.t, p.set.Fork(&p.space, p.m, child.set, &child.space))
	return child
}

func (p *process) end() {
	require.NoError(p.t, p.set.Clear(&p.space, p.m))
	require.NoError(p.t, p.space.Destroy())
}

func kernelSpace(t testing.TB, frames int) (*pagingtest.Machine, *paging.Space) {
	m := pagingtest.New(frames)
	kernel, err := paging.Create(m, m, m)
	require.NoError(t, err)
	return m, &kernel
}

func TestAfterAForkEachWriterGetsItsOwnPage(t *testing.T) {
	m, kernel := kernelSpace(t, 64)
	empty := m.InUse
	p := newProcess(t, m, kernel)
	require.NoError(t, p.set.Add(region.Region{Range: pagesAt(data, 8), Flags: urw, Name: "data"}))
	for i := range mm.VirtAddr(3) {
		require.NoError(t, p.write(data+i*page, paging.Entry(100+i)))
	}
	before := m.InUse
	m.Flushed()
	child := p.fork(kernel)
	require.Equal(t, before+4, m.InUse, "a root and three tables, and no page")
	require.Positive(t, m.Count, "the parent's pages are not writable any longer")
	r, _ := child.set.Find(data)
	require.EqualValues(t, 3, r.Pages)

	for i := range mm.VirtAddr(3) {
		require.EqualValues(t, 100+i, child.read(data+i*page))
	}
	require.Equal(t, before+4, m.InUse, "reading copies nothing")
	require.NoError(t, child.write(data, 7))
	require.EqualValues(t, 100, p.read(data))
	require.EqualValues(t, 7, child.read(data))
	require.Equal(t, before+5, m.InUse)
	require.NoError(t, p.write(data, 8))
	require.Equal(t, before+5, m.InUse, "the last owner keeps the page")
	require.NoError(t, p.write(data+page, 9))
	require.EqualValues(t, 101, child.read(data+page))
	require.NoError(t, child.write(data+5*page, 5))
	require.Zero(t, p.read(data+5*page), "a page that was not there is each one's own")
	require.EqualValues(t, 1, p.set.Stats().Copied)
	require.EqualValues(t, 1, p.set.Stats().Regained)

	grandchild := child.fork(kernel)
	require.EqualValues(t, 3, m.Owners(mustFrame(t, p, data+2*page)))
	p.end()
	require.EqualValues(t, 7, grandchild.read(data))
	child.end()
	require.NoError(t, grandchild.write(data+2*page, 1))
	require.EqualValues(t, 1, grandchild.set.Stats().Regained)
	grandchild.end()
	require.Equal(t, empty, m.InUse)
}

func mustFrame(t testing.TB, p *process, v mm.VirtAddr) mm.Frame {
	a, err := p.space.Translate(v)
	require.NoError(t, err)
	return a.Frame()
}

func TestTheCostOfAForkIsThatOfItsTables(t *testing.T) {
	m, kernel := kernelSpace(t, 1200)
	p := newProcess(t, m, kernel)
	require.NoError(t, p.set.Add(region.Region{Range: pagesAt(data, 1<<20), Flags: urw, Name: "4 GiB, nearly empty"}))
	for i := range mm.VirtAddr(512) {
		require.NoError(t, p.write(data+i*page, 1))
	}
	require.NoError(t, p.write(data+1<<30, 1))
	before := m.InUse
	m.Flushed()
	child := p.fork(kernel)
	require.Equal(t, 1+1+2+2, m.InUse-before, "PML4, PDPT, PD, PT")
	require.Equal(t, 1, m.All, "one flush for 512 pages")
	require.Equal(t, 1, m.Count, "one for the other")
	child.end()
	require.Equal(t, before, m.InUse)
}

func TestAReadOnlyPageIsSharedAndStaysReadOnly(t *testing.T) {
	m, kernel := kernelSpace(t, 64)
	p := newProcess(t, m, kernel)
	require.NoError(t, p.set.Add(region.Region{Range: pagesAt(data, 1), Flags: ro | paging.User, Name: "text"}))
	p.read(data)
	child := p.fork(kernel)
	require.Equal(t, mustFrame(t, p, data), mustFrame(t, child, data))
	require.ErrorIs(t, child.write(data, 1), region.ErrAccess)
	child.end()
	p.end()
}

func TestSharedMemoryIsTheSameForAll(t *testing.T) {
	m, kernel := kernelSpace(t, 64)
	empty := m.InUse
	o, err := region.NewObject(m, m, nil)
	require.NoError(t, err)
	p := newProcess(t, m, kernel)
	shared := region.Region{Range: pagesAt(data, 4), Kind: region.Shared, Flags: urw, Name: "shared", Object: &o, Offset: 2 * page}
	require.NoError(t, p.set.Add(shared))
	require.NoError(t, p.write(data, 1))
	child := p.fork(kernel)
	require.EqualValues(t, 1, child.read(data))
	require.NoError(t, child.write(data+3*page, 2))
	require.EqualValues(t, 2, p.read(data+3*page))
	require.NoError(t, p.write(data, 3))
	require.EqualValues(t, 3, child.read(data))

	other := newProcess(t, m, kernel)
	shared.Range, shared.Offset = pagesAt(data+1<<30, 1), 5*page
	require.NoError(t, other.set.Add(shared))
	require.EqualValues(t, 2, other.read(data+1<<30), "another address and offset, the same page")
	require.EqualValues(t, 4, m.Owners(mustFrame(t, p, data+3*page)), "three spaces and the object")

	p.end()
	require.NoError(t, o.Release(m))
	require.EqualValues(t, 3, child.read(data), "who has the page keeps it")
	child.end()
	other.end()
	require.Equal(t, empty, m.InUse)
}

func TestFixedMemoryIsMappedInBoth(t *testing.T) {
	m, kernel := kernelSpace(t, 64)
	empty := m.InUse
	p := newProcess(t, m, kernel)
	device := urw | paging.CacheDisable
	require.NoError(t, p.set.Add(region.Region{Range: pagesAt(data, 2), Kind: region.Fixed, Flags: device, Name: "screen"}))
	require.NoError(t, p.space.Map(data, 0xb_8000, 2*page, device, paging.Pages4K))
	require.NoError(t, p.set.Add(region.Region{Range: pagesAt(data+4*page, 1), Kind: region.Guard, Flags: ro, Name: "guard"}))
	child := p.fork(kernel)
	a, err := child.space.Translate(data + page)
	require.NoError(t, err)
	require.EqualValues(t, 0xb_9000, a)
	require.ErrorIs(t, child.write(data+4*page, 1), region.ErrGuard)
	child.end()
	p.end()
	require.Equal(t, empty, m.InUse)
}

func TestAForkWithoutMemoryLeavesNothing(t *testing.T) {
	m, kernel := kernelSpace(t, 64)
	p := newProcess(t, m, kernel)
	require.NoError(t, p.set.Add(region.Region{Range: pagesAt(data, 8), Flags: urw, Name: "data"}))
	require.NoError(t, p.write(data, 1))
	require.NoError(t, p.write(data+page, 2))
	before, budget := m.InUse, m.Budget
	for frames := range 4 {
		m.Budget = frames + 1
		child := newProcess(t, m, kernel)
		err := p.set.Fork(&p.space, m, child.set, &child.space)
		if frames == 3 {
			require.NoError(t, err)
			require.ErrorIs(t, p.set.Fork(&p.space, m, child.set, &child.space), region.ErrNotEmpty)
			require.ErrorIs(t, child.write(data, 5), region.ErrNoMemory, "no frame for the copy")
			require.EqualValues(t, 1, child.read(data))
		} else {
			require.ErrorIs(t, err, region.ErrNoMemory)
		}
		child.end()
		require.Equal(t, before, m.InUse)
	}
	m.Budget = budget
	require.NoError(t, p.write(data, 3))
	require.EqualValues(t, 3, p.read(data))
	require.Equal(t, before, m.InUse)
}

func TestAnObjectIsForSharedRegions(t *testing.T) {
	m, _ := kernelSpace(t, 8)
	o, err := region.NewObject(m, m, nil)
	require.NoError(t, err)
	set := new(region.Set)
	for _, r := range []region.Region{
		{Kind: region.Shared},
		{Kind: region.DemandZero, Object: &o},
		{Kind: region.Shared, Object: &o, Offset: 5},
		{Kind: region.Shared, Object: &o, Offset: region.ObjectSize},
		{Kind: region.Shared, Object: &o, Offset: region.ObjectSize - page},
	} {
		r.Range, r.Flags = pagesAt(data, 2), urw
		require.ErrorIs(t, set.Add(r), region.ErrObject)
	}
}

func TestForksAgreeWithAModel(t *testing.T) {
	const n, processes = 12, 5
	m, kernel := kernelSpace(t, 256)
	empty := m.InUse
	var list [processes]*process
	var memory [processes][n]paging.Entry
	random := uint32(1)
	next := func(n uint32) int {
		random = random*1664525 + 1013904223
		return int(random >> 8 % n)
	}
	for word := paging.Entry(1); word < 4000; word++ {
		i, j, k := next(processes), next(processes), next(n)
		v := data + mm.VirtAddr(k)*50*page
		switch p := list[i]; {
		case p == nil && list[j] != nil:
			list[i], memory[i] = list[j].fork(kernel), memory[j]
		case p == nil:
			list[i], memory[i] = newProcess(t, m, kernel), [n]paging.Entry{}
			require.NoError(t, list[i].set.Add(region.Region{Range: pagesAt(data, 50*n), Flags: urw}))
		case next(40) == 0:
			p.end()
			list[i] = nil
		case next(2) == 0:
			require.NoError(t, p.write(v, word))
			memory[i][k] = word
		default:
			require.Equal(t, memory[i][k], p.read(v))
		}
	}
	for _, p := range list {
		if p != nil {
			p.end()
		}
	}
	require.Equal(t, empty, m.InUse)
}

func TestForkAndCopyDoNotAllocate(t *testing.T) {
	m, kernel := kernelSpace(t, 128)
	p := newProcess(t, m, kernel)
	child := newProcess(t, m, kernel)
	require.NoError(t, p.set.Add(region.Region{Range: pagesAt(data, 40), Flags: urw}))
	for i := range mm.VirtAddr(40) {
		require.NoError(t, p.write(data+i*page, 1))
	}
	require.Zero(t, testing.AllocsPerRun(20, func() {
		_ = p.set.Fork(&p.space, m, child.set, &child.space)
		_, _ = child.set.Fault(&child.space, m, data, region.User|region.Write|region.Present)
		_ = child.set.Clear(&child.space, m)
	}))
}
