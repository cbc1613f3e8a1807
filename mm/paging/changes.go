package paging

import "vitrine/mm"

// FlushLimit is the number of changed pages above which the whole TLB is
// emptied: refilling it costs less then than so many single invalidations.
const FlushLimit = 32

// changes is what an operation has done to the tree and the TLB does not know
// yet. It lies on the stack.
type changes struct {
	pages  int // changed; the first FlushLimit are in list
	list   [FlushLimit]mm.VirtAddr
	tables int      // taken out of the tree and not freed yet
	dead   mm.Frame // the last of them; entry 0 of each points to the one before
}

// page notes that the page at v was present and its entry has changed.
func (c *changes) page(v mm.VirtAddr) {
	if c.pages < FlushLimit {
		c.list[c.pages] = v
	}
	c.pages++
}

// table notes that the empty table in f, that was on the way to v, is out of
// the tree. A processor may go on walking through it until it is told, so it
// must stay a table of entries that are not present until then.
func (c *changes) table(f mm.Frame, table *Table, v mm.VirtAddr) {
	if c.pages == 0 {
		c.page(v) // whatever the address, this makes the processor forget tables
	}
	table[0] = Entry(c.dead.Addr()) // not present
	c.dead = f
	c.tables++
}

// settle tells the TLB and then, when nobody can reach them any more, frees
// the tables.
func (s *Space) settle(c *changes) (err error) {
	if c.pages > FlushLimit {
		s.tlb.InvalidateAll()
	} else {
		for _, v := range c.list[:c.pages] {
			s.tlb.Invalidate(v)
		}
	}
	if c.pages > 0 {
		s.tlb.InvalidateOthers()
	}
	for ; c.tables > 0; c.tables-- {
		f := c.dead
		c.dead = s.memory.Table(f)[0].Frame()
		if e := s.frames.Free(f); e != nil {
			err = e
		}
	}
	return err
}
