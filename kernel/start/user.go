//go:build tamago

package start

import (
	"unsafe"

	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// With SMAP the kernel cannot touch what ring 3 can, lest it follow a pointer that
// a program has given it. Where it means to, it uses one of these two functions:
// each opens a window for one instruction.

// Errors of CopyIn and CopyOut.
const (
	ErrUserRange mm.Error = "the range is not in user space"
	ErrUserFault mm.Error = "the program has no such memory, or may not use it so"
)

// CopyIn fills b from user space, at v in the page tables in use. Pages that a
// region owes come as they do for the program itself.
//
// Errors:  ErrUserRange; ErrUserFault, with some of b written. (Without what the
// derived toolchain adds, a fault ends the kernel.)
// Context: goroutines.
func CopyIn(b []byte, v mm.VirtAddr) error {
	return copyUser(unsafe.Pointer(unsafe.SliceData(b)), v.Pointer(), v, len(b))
}

// CopyOut copies b to user space, at v.
//
// Errors and context as CopyIn.
func CopyOut(v mm.VirtAddr, b []byte) error {
	return copyUser(v.Pointer(), unsafe.Pointer(unsafe.SliceData(b)), v, len(b))
}

// copyUser copies through a window n bytes, one side of which is at v. (No program
// has the first page: a small number there is a nil pointer, also for the runtime.)
func copyUser(to, from unsafe.Pointer, v mm.VirtAddr, n int) (err error) {
	if v < mm.PageSize || v >= mm.UserEnd || uint64(n) > uint64(mm.UserEnd-v) {
		return ErrUserRange
	}
	defer func() {
		if recover() != nil {
			err = ErrUserFault
		}
	}()
	cpu.CopyUser(to, from, uintptr(n), Features.CR4&cr4SMAP != 0)
	return nil
}
