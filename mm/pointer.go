package mm

import "unsafe"

// Pointer returns v as a Go pointer. This is the one place where a number
// becomes a pointer: whoever calls it vouches that v is mapped, and that
// what lies there is not a Go object that the collector could move or free.
func (v VirtAddr) Pointer() unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&v)) }

// Bytes returns the n bytes at v as a slice, under the same condition.
func (v VirtAddr) Bytes(n uint64) []byte { return unsafe.Slice((*byte)(v.Pointer()), n) }
