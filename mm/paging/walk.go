package paging

import "vitrine/mm"

// find walks the tables for v, as the processor does on a TLB miss (SDM Vol.
// 3A, "4-Level Paging and 5-Level Paging"), to the entry that maps the page or
// is not present, and returns it with its level. It sets no accessed bits.
//
// rights has the flags Writable, User and NoExecute as they are in effect: the
// first two only if all entries on the way have them, the last if any has it.
func (s *Space) find(v mm.VirtAddr) (e *Entry, level Level, rights Entry) {
	table := s.memory.Table(s.root)
	rights = Writable | User
	for level = PML4; ; level-- {
		e = &table[level.index(v)]
		rights = narrow(rights, *e)
		if !e.Has(Present) || level.maps(*e) {
			return e, level, rights
		}
		table = s.memory.Table(e.Frame())
	}
}

// narrow returns the rights that are left of rights behind e.
func narrow(rights, e Entry) Entry {
	return rights&e&(Writable|User) | (rights|e)&NoExecute
}

// Translate returns the physical address that v is mapped to.
//
// Errors:  ErrNonCanonical, ErrNotPresent.
// Context: any; does not allocate.
func (s *Space) Translate(v mm.VirtAddr) (mm.PhysAddr, error) {
	if !v.Canonical() {
		return 0, ErrNonCanonical
	}
	flags := s.lock()
	e, level, _ := s.find(v)
	found := *e
	s.unlock(flags)
	if !found.Has(Present) {
		return 0, ErrNotPresent
	}
	return target(found, level, v), nil
}

// target returns what e, an entry of the level that maps v's page, makes of v.
func target(e Entry, level Level, v mm.VirtAddr) mm.PhysAddr {
	span := level.Span()
	return e.Frame().Addr().AlignDown(span) + mm.PhysAddr(uint64(v)%span)
}

// Step is a stage of a walk: one entry that the processor reads.
type Step struct {
	Level   Level
	Index   int         // of the entry in its table
	Address mm.PhysAddr // of the entry itself
	Entry   Entry
	Rights  Entry // Writable, User, NoExecute: in effect so far
}

// Walk returns the n steps of the walk for v, from the PML4 down. The last one
// maps the page, or is not present. An address that is not canonical has none.
//
// Context: any; does not allocate.
func (s *Space) Walk(v mm.VirtAddr) (steps [PML4]Step, n int) {
	if !v.Canonical() {
		return steps, 0
	}
	flags := s.lock()
	f, rights := s.root, Writable|User
	for level := PML4; ; level-- {
		i := level.index(v)
		e := s.memory.Table(f)[i]
		rights = narrow(rights, e)
		steps[n] = Step{level, i, f.Addr() + mm.PhysAddr(i)*8, e, rights}
		n++
		if !e.Has(Present) || level.maps(e) {
			s.unlock(flags)
			return steps, n
		}
		f = e.Frame()
	}
}
