package mm

import "unsafe"

// Halves returns the memory of words as numbers of half the size, twice as many.
//
// Context: any.
func Halves(words []uint64) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(words))), 2*len(words))
}
