package region

import (
	"vitrine/mm"
	"vitrine/mm/paging"
)

// Object is memory that several regions show, in one address space or in
// several: the shared kind. Its pages are found by their offset in a tree of
// page tables that no processor walks, where an "address" is an offset:
//
//	region of process A --- offset --\
//	                                  +-- Object: tree -- frames
//	region of process B --- offset --/
//
// The object is one owner of each of its frames, and each page table that maps
// it is another. So regions and objects may go in any order.
type Object struct{ pages paging.Space }

// ObjectSize is the largest size of an object in bytes.
const ObjectSize = uint64(mm.UserEnd)

// NewObject returns an empty object: all zero, without a frame but for its
// tree's root. l is what keeps others out; it may be the lock of a
// paging.Space.
//
// Errors: those of frames.
func NewObject(m paging.Memory, frames Frames, l mm.Locker) (Object, error) {
	pages, err := paging.Create(m, frames, nobody{})
	pages.Locker = l
	return Object{pages}, err
}

// page returns the frame at an offset, whose first byte's it is, with one owner
// more than before. The first time that somebody asks, it is a zeroed one.
func (o *Object) page(offset uint64, frames Frames) (mm.Frame, error) {
	at := mm.VirtAddr(offset)
	if p, err := o.pages.Translate(at); err == nil {
		return p.Frame(), frames.Share(p.Frame())
	}
	f, err := frames.Alloc()
	if err != nil {
		return 0, err
	}
	o.pages.Zero(f)
	if err = o.pages.Map(at, f.Addr(), mm.PageSize, paging.NoExecute, paging.Pages4K); err == nil {
		return f, frames.Share(f)
	}
	if e := frames.Free(f); e != nil {
		return 0, e
	}
	if err == paging.ErrMapped { // somebody was faster
		return o.page(offset, frames)
	}
	return 0, err
}

// Release gives the object's frames up: those that no page table maps are
// free. No region with the object gets a page from now on.
//
// Errors:  those of frames.
// Context: not in a handler; does not allocate. Nobody uses o, then or later.
func (o *Object) Release(frames Frames) (err error) {
	var list [16]paging.Mapping
	for n := len(list); n == len(list); {
		if n, err = o.pages.Take(0, mm.UserEnd-1, list[:]); err != nil {
			return err
		}
		if err = free(frames, list[:n]); err != nil {
			return err
		}
	}
	return o.pages.Destroy()
}

// nobody is the TLB of a tree that no processor walks.
type nobody struct{}

func (nobody) Invalidate(mm.VirtAddr) {}
func (nobody) InvalidateAll()         {}
func (nobody) InvalidateOthers()      {}
