// Package start brings the machine from the boot stub's jump to the point where
// the Go runtime can live, and then serves the runtime's hooks.
//
// The order, which is the contract of package boot/goos:
//
//	entry      assembly: time stamp, thread-local storage with a handler g
//	early      serial line, descriptor tables, boot information, frames,
//	           page tables, stacks               (early.go, memory.go)
//	rt0_go     the runtime takes over: g0, m0, schedinit, which calls
//	Hwinit0    clock, hooks                      (hooks.go)
//	Hwinit1    interrupts, timer, arguments      (hooks.go)
//	main.main  and the kernel's boot list, in package kernel
//
// early is ordinary Go, but with nothing behind it: there is no heap, no
// goroutine, no package initialiser has run. The g it runs on is a handler's
// (see package interrupts): a stack limit of zero and nothing else. So it
// allocates nothing, uses only constants for errors, and must not panic.
//
// A test binary for the bare machine imports this package for its effect, and
// nothing else of the kernel:
//
//	import _ "vitrine/kernel/start"
//
// In GDB: break start.early, break start.Hwinit1.
package start
