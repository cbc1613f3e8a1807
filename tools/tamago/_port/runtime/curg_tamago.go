//go:build tamago

package runtime

import "unsafe"

// curg returns the goroutine that this M runs, also when it is called on the
// M's system stack: a kernel's exit hook asks who panicked.
//
//go:nosplit
func curg() unsafe.Pointer { return unsafe.Pointer(getg().m.curg) }
