package frame

import "vitrine/mm"

// A frame that several address spaces map has several owners: after a fork,
// or in shared memory. Their number, less one, is kept beside the bitmaps,
// 16 bits a frame, four of them in a word. Free takes one owner away, and the
// frame back only from the last one.

// MaxOwners is the largest number of owners of a frame.
const MaxOwners = 1 << 16

// ErrOwners says that a frame has as many owners as can be counted.
const ErrOwners mm.Error = "the frame has too many owners"

// ErrFree says that a frame is not in use.
const ErrFree mm.Error = "frame is free, and so has no owner to share it"

// Share gives f, which is in use, one owner more: Free is to be called once
// more before the frame is free.
//
// Errors:  ErrFree, ErrNotManaged, ErrOwners; nothing has changed then.
// Context: any, interrupts on or off; does not allocate.
func (a *Allocator) Share(f mm.Frame) error {
	flags := a.lock()
	err := error(nil)
	switch a.state(f) {
	case Used:
		if a.more(f) == MaxOwners-1 {
			err = ErrOwners
			break
		}
		a.owners[f/4] += 1 << (f % 4 * 16)
		a.shares++
	case Free:
		err = ErrFree
	default:
		err = ErrNotManaged
	}
	a.unlock(flags)
	return err
}

// Owners returns the number of f's owners; 0 if it is not in use.
//
// Context: any; does not allocate.
func (a *Allocator) Owners(f mm.Frame) (n uint64) {
	flags := a.lock()
	if a.state(f) == Used {
		n = 1 + a.more(f)
	}
	a.unlock(flags)
	return n
}

// more returns how many owners f has beyond the first.
func (a *Allocator) more(f mm.Frame) uint64 { return a.owners[f/4] >> (f % 4 * 16) & (MaxOwners - 1) }

// drop takes one owner away from each frame of mask, bits of word w, that has
// several, and returns the others.
func (a *Allocator) drop(w, mask uint64) (last uint64) {
	if a.shares == 0 {
		return mask
	}
	last = mask
	for i := uint64(0); i < 64; i++ {
		if f := mm.Frame(w*64 + i); mask>>i&1 != 0 && a.more(f) > 0 {
			a.owners[f/4] -= 1 << (f % 4 * 16)
			a.shares--
			last &^= 1 << i
		}
	}
	return last
}
