//go:build !tamago

package cpu

import "sync/atomic"

// Hosted is the number of the processor that Pin names on a hosted system, for
// tests of what each processor has for itself.
var Hosted atomic.Int32

// Pin returns Hosted. Nothing keeps others out.
//
//go:nosplit
func Pin() (index int, flags uint64) { return int(Hosted.Load()), 0 }

// Unpin does nothing.
//
//go:nosplit
func Unpin(uint64) {}
