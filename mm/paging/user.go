package paging

import "vitrine/mm"

// A process's space has the kernel in its upper half: the entries 256 to 511
// of its PML4 are copies of the kernel's, so both walk the same tables below
// and nothing is switched on entering the kernel:
//
//	kernel's PML4                  process's PML4
//	[  0..255 ] empty              [  0..255 ] its own
//	[ 256     ] -----> PDPT <----- [ 256     ]   direct map
//	[ 511     ] -----> PDPT <----- [ 511     ]   stacks, heap, image
//
// A copy does not follow its original. So the entries are made before the
// first process (PreallocateUpper) and stay as they are from then on.

// lowerEntries is the number of PML4 entries of the lower half.
const lowerEntries = 256

// PreallocateUpper sees to it that the PML4 entries with these indices, 256 to
// 511, point to tables, so that processes will share what is mapped there later.
//
// Errors: ErrIndex, ErrSealed, and those of Frames.
func (s *Space) PreallocateUpper(indices ...int) error {
	flags := s.lock()
	err := s.preallocate(indices)
	s.unlock(flags)
	return err
}

func (s *Space) preallocate(indices []int) error {
	for _, i := range indices {
		if i < lowerEntries || i >= len(Table{}) {
			return ErrIndex
		}
		v := mm.DirectMapBase + mm.VirtAddr(i-lowerEntries)*mm.VirtAddr(PML4.Span())
		if _, err := s.table(v, PDPT); err != nil {
			return err
		}
	}
	return nil
}

// NewUser returns a space with an empty lower half and s's upper half. It
// seals both: from now on neither gets a new PML4 entry in the upper half.
//
// Errors: those of Frames.
func (s *Space) NewUser() (Space, error) {
	flags := s.lock()
	root, err := s.newTable()
	if err != nil {
		s.unlock(flags)
		return Space{}, err
	}
	s.sealed = true
	copy(s.memory.Table(root)[lowerEntries:], s.memory.Table(s.root)[lowerEntries:])
	user := *s
	user.root = root
	s.unlock(flags)
	return user, nil
}

// Destroy frees the tables of s's lower half and its root. s came from
// NewUser, no processor has it in CR3, and it is not used again. The frames
// that were mapped are not freed.
//
// Errors: those of Frames.
func (s *Space) Destroy() error {
	flags := s.lock()
	err := s.empty(0, mm.UserEnd-1)
	if e := s.frames.Free(s.root); err == nil {
		err = e
	}
	s.unlock(flags)
	return err
}
