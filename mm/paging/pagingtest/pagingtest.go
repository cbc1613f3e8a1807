// Package pagingtest is a physical memory for tests: an array of frames, an
// allocator that counts them, and a TLB that writes down what it is told.
package pagingtest

import (
	"vitrine/mm"
	"vitrine/mm/paging"
)

// garbage is what frames hold when they are handed out, and after: a present
// entry to nowhere, so that a table that was not zeroed or is used after it
// was freed shows.
const garbage paging.Entry = 0x000f_ffff_ffff_f027

// First is the number of the first frame: not 0, to tell a number from an index.
const First mm.Frame = 0x40

// Machine implements paging.Memory, Frames and TLB.
type Machine struct {
	tables []paging.Table
	used   []bool
	more   []uint64 // owners beyond the first
	next   int

	// Budget is the number of frames that Alloc still gives; then it fails.
	Budget int

	// InUse is the number of frames handed out now.
	InUse int

	// Flushes has the addresses invalidated, up to the array's length, and All
	// the number of times that everything was.
	Flushes [64]mm.VirtAddr
	Count   int
	All     int
	Others  int // how often the other processors were waited for
}

// New returns a machine with n frames, all of which may be handed out.
func New(n int) *Machine {
	m := &Machine{tables: make([]paging.Table, n), used: make([]bool, n), more: make([]uint64, n), Budget: n}
	for i := range m.tables {
		spoil(&m.tables[i])
	}
	return m
}

func spoil(t *paging.Table) {
	for i := range t {
		t[i] = garbage
	}
}

// Table returns the table in f.
func (m *Machine) Table(f mm.Frame) *paging.Table { return &m.tables[f-First] }

// Alloc hands out a frame full of garbage, each time another one, as long as
// there are.
//
// Errors: mm.ErrNoMemory.
func (m *Machine) Alloc() (mm.Frame, error) {
	if m.Budget == 0 {
		return 0, mm.ErrNoMemory
	}
	for range m.used {
		i := m.next
		m.next = (m.next + 1) % len(m.used)
		if !m.used[i] {
			m.used[i] = true
			m.Budget--
			m.InUse++
			return First + mm.Frame(i), nil
		}
	}
	return 0, mm.ErrNoMemory
}

// ErrFree is a bug in whoever frees.
const ErrFree mm.Error = "frame is not in use"

// Free takes a frame back and fills it with garbage; if it has several owners,
// it takes one of them away.
//
// Errors: ErrFree.
func (m *Machine) Free(f mm.Frame) error {
	i := int(f) - int(First)
	if i < 0 || i >= len(m.used) || !m.used[i] {
		return ErrFree
	}
	if m.more[i] > 0 {
		m.more[i]--
		return nil
	}
	m.used[i] = false
	m.Budget++
	m.InUse--
	spoil(&m.tables[i])
	return nil
}

// Invalidate notes v.
func (m *Machine) Invalidate(v mm.VirtAddr) {
	m.Flushes[m.Count%len(m.Flushes)] = v
	m.Count++
}

// InvalidateAll notes that it was called.
func (m *Machine) InvalidateAll() { m.All++ }

// InvalidateOthers notes that it was called.
func (m *Machine) InvalidateOthers() { m.Others++ }

// Flushed returns the addresses invalidated since the last call, and how often
// everything was.
func (m *Machine) Flushed() (pages []mm.VirtAddr, all int) {
	pages = append(pages, m.Flushes[:min(m.Count, len(m.Flushes))]...)
	all = m.All
	m.Count, m.All = 0, 0
	return pages, all
}

// Share gives f one owner more.
//
// Errors: ErrFree.
func (m *Machine) Share(f mm.Frame) error {
	if m.Owners(f) == 0 {
		return ErrFree
	}
	m.more[f-First]++
	return nil
}

// Owners returns the number of f's owners; 0 if it is not in use.
func (m *Machine) Owners(f mm.Frame) uint64 {
	if i := int(f) - int(First); i >= 0 && i < len(m.used) && m.used[i] {
		return 1 + m.more[i]
	}
	return 0
}
