package paging_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/paging/pagingtest"
)

// The model knows nothing of tables. All ranges of the test begin and end at
// one of a few points, chosen around the ends of pages of all sizes. Between
// two points next to each other, in a cell, everything is alike, so the model
// is what each cell is mapped to.

// points are the places where ranges begin and end.
var points = func() (all []mm.VirtAddr) {
	for _, base := range []mm.VirtAddr{low, high} {
		for _, g := range []mm.VirtAddr{0, 1, 2} {
			for _, m := range []mm.VirtAddr{0, 1, 2, 511} {
				for _, k := range []mm.VirtAddr{0, 1, 2, 3, 40, 510, 511} {
					all = append(all, base+g*gib+m*2*mib+k*4*kib)
				}
			}
		}
	}
	return all
}()

// half is the number of points in each half of the address space.
var half = len(points) / 2

// cell is what the memory from one point to the next is mapped to.
type cell struct {
	mapped bool
	phys   mm.PhysAddr // of its first byte
	flags  paging.Entry
}

// world is a space, its model, and a TLB that believes what it was told.
type world struct {
	t     *testing.T
	m     *pagingtest.Machine
	s     *paging.Space
	cells []cell
	tlb   map[mm.VirtAddr]paging.Mapping // by probe, see probes
}

// probes calls f for the first and the last page of each cell.
func (w *world) probes(f func(v mm.VirtAddr, c cell)) {
	for i, c := range w.cells {
		if i%half == half-1 {
			continue // behind the last point of a half nothing is ever mapped
		}
		f(points[i], c)
		last := points[i+1] - points[i] - 4*kib
		c.phys += mm.PhysAddr(last)
		f(points[i]+last, c)
	}
}

// check compares the space with the model, then the TLB with the space.
func (w *world) check() {
	pages, all := w.m.Flushed()
	for v, m := range w.tlb {
		start := v.AlignDown(m.Level.Span())
		if all > 0 || slices.ContainsFunc(pages, func(p mm.VirtAddr) bool { return p.AlignDown(m.Level.Span()) == start }) {
			delete(w.tlb, v)
		}
	}
	w.probes(func(v mm.VirtAddr, c cell) {
		m, mapped := w.s.Next(v, v)
		kept, inTLB := w.tlb[v]
		switch {
		case mapped != c.mapped || mapped && (m.Phys != c.phys || m.Flags != c.flags|paging.Present):
			require.Failf(w.t, "wrong mapping", "%#x: %v %+v instead of %+v", v, mapped, m, c)
		case inTLB && kept != m:
			require.Failf(w.t, "stale TLB", "%#x: %+v instead of %+v", v, kept, m)
		case mapped:
			w.tlb[v] = m
		}
	})
}

// tables counts the tables of a tree, and says if one has no use.
func (w *world) tables(f mm.Frame, level paging.Level) int {
	n, present := 1, 0
	for i, e := range w.m.Table(f) {
		if e.Has(paging.Present) {
			present++
			if level > paging.PT && !e.Has(paging.Large) {
				below := w.tables(e.Frame(), level-1)
				keep := level == paging.PML4 && i >= 256
				if below < 0 && !keep {
					require.Fail(w.t, "an empty table was not freed")
				}
				n += max(below, -below)
			}
		}
	}
	if present == 0 {
		return -n
	}
	return n
}

func (w *world) eachCell(from, to int, f func(c *cell, offset mm.VirtAddr) bool) bool {
	for i := from; i < to; i++ {
		if !f(&w.cells[i], points[i]-points[from]) {
			return false
		}
	}
	return true
}

// step does one operation, taken from five bytes.
func (w *world) step(data []byte) {
	from, to := int(data[1])%half, int(data[2])%half
	if from > to {
		from, to = to, from
	}
	if data[0]&0x80 != 0 {
		from, to = from+half, to+half
	}
	v, size := points[from], uint64(points[to]-points[from])
	flags := []paging.Entry{rw, ro, rx, rw | paging.CacheDisable, ro | paging.Software3}[data[3]%5]
	if data[0]&0x40 != 0 && data[0]&0x80 == 0 {
		flags |= paging.User
	}
	w.m.Budget = 1000 - w.m.InUse
	if data[0]&0x30 == 0 {
		w.m.Budget = int(data[4]) % 4
	}
	var err, want error
	var change func(c *cell, offset mm.VirtAddr) bool
	switch data[0] % 3 {
	case 0:
		phys := mm.PhysAddr(v) % (4 * gib) & ^mm.PhysAddr(4*kib-1)
		phys += []mm.PhysAddr{0, 0, gib, 2 * mib, 4 * kib}[data[4]%5]
		err = w.s.Map(v, phys, size, flags, paging.Level(data[4]%3+1))
		if !w.eachCell(from, to, func(c *cell, _ mm.VirtAddr) bool { return !c.mapped }) {
			want = paging.ErrMapped
		}
		change = func(c *cell, offset mm.VirtAddr) bool {
			*c = cell{true, phys + mm.PhysAddr(offset), flags}
			return true
		}
	case 1:
		err = w.s.Unmap(v, size)
		change = func(c *cell, _ mm.VirtAddr) bool { *c = cell{}; return true }
	case 2:
		err = w.s.Protect(v, size, flags)
		if !w.eachCell(from, to, func(c *cell, _ mm.VirtAddr) bool { return c.mapped }) {
			want = paging.ErrNotPresent
		}
		change = func(c *cell, _ mm.VirtAddr) bool { c.flags = flags; return true }
	}
	switch {
	case size == 0:
		require.Equal(w.t, paging.ErrSize, err)
	case want != nil || err != paging.ErrNoMemory:
		require.Equal(w.t, want, err)
	}
	if err == nil {
		w.eachCell(from, to, change)
	}
}

// play runs the operations that data stands for, takes everything away again,
// and looks for tables that were left.
func play(t *testing.T, data []byte) {
	m, s := space(t, 1000)
	w := &world{t: t, m: m, s: s, cells: make([]cell, len(points)), tlb: map[mm.VirtAddr]paging.Mapping{}}
	for ; len(data) >= 5; data = data[5:] {
		w.step(data)
		w.check()
		n := w.tables(s.Root(), paging.PML4)
		require.Equal(t, m.InUse, max(n, -n), "tables in the tree, and tables in use")
	}
	require.NoError(t, s.Unmap(0, 1<<47))
	require.NoError(t, s.Unmap(mm.DirectMapBase, 1<<47))
	require.LessOrEqual(t, m.InUse, 2, "the root, and the PDPT that processes may share")
}

func TestRandomOperationsAgreeWithTheModel(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 6 {
		data := make([]byte, 5*60)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		play(t, data)
	}
}

func FuzzOperationsAgreeWithTheModel(f *testing.F) {
	f.Add([]byte{
		0x30, 0, 80, 0, 2, // map 2 GiB and more
		0x32, 1, 30, 1, 0, // protect a part
		0x31, 3, 40, 0, 0, // unmap a part
		0x02, 50, 70, 1, 1, // protect with little memory
		0x30, 10, 20, 0, 0, // map into the hole
		0xb0, 5, 6, 0, 0,
	})
	f.Fuzz(func(t *testing.T, data []byte) {
		play(t, data[:min(len(data), 5*50)])
	})
}
