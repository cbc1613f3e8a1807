// Package goos is the contract between the Go runtime and this kernel.
//
// A Go program on Linux calls the kernel for memory, time and output. Here
// there is nobody below, so the runtime calls up: GOOS=tamago names a dozen
// hooks, and the go command compiles this directory in place of the package
// runtime/goos (environment variable GOOSPKG). What each hook must do is said
// in the documentation of github.com/usbarmory/tamago/goos; a test compares
// our declarations with that package, name by name.
//
// This package only declares. hooks.go and hooks_amd64.s forward each hook to
// the package that owns the duty.
//
// The runtime calls them in this order:
//
//	CPUInit    first Go instruction; no stack to speak of, no g
//	Hwinit0    on g0, before there is a heap
//	InitRNG    after it
//	Hwinit1    on g0, when the scheduler is ready, before main's goroutine
//	Printk, Nanotime, GetRandomData, and the optional hooks at any time
package goos

import "unsafe"

// Where the heap lies and how finely it is cut (mm/layout.go has the map).
const (
	// ArenaBaseOffset is the address that corresponds to index 0 of the
	// runtime's arena map: the start of the last PML4 entry, 512 GiB.
	ArenaBaseOffset = 0xffff_ff80_0000_0000

	// HeapAddrBits is the number of address bits above it.
	HeapAddrBits = 39

	// LogHeapArenaBytes makes arenas of 4 MiB: the heap grows by these.
	LogHeapArenaBytes = 22

	// LogPallocChunkPages is the runtime's own value: 512 pages a chunk.
	LogPallocChunkPages = 9

	// MinPhysPageSize is the size of a page.
	MinPhysPageSize = 4096

	// StackSystem is room for the system on every goroutine stack. None is
	// needed: interrupts and exceptions use stacks of their own.
	StackSystem = 0
)

// Required variables. kernel/start sets them before the runtime starts.
var (
	RamStart       uint = 0xffff_ffff_8020_0000 // the image
	RamSize        uint
	RamStackOffset uint = 0x1000
)

// Optional variables, set by kernel/start.
var (
	Bloc   uintptr
	Exit   func(code int32)
	Idle   func(until int64)
	ProcID func() uint64
	Task   func(sp, mp, gp, fn unsafe.Pointer)
	Wake   func(procid uint64)
)
