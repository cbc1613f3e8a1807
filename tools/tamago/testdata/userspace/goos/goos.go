// Package goos lets a program for the bare machine run as a process on Linux,
// so that the derived runtime can be tested in milliseconds and without QEMU.
//
// What a machine has, Linux can imitate: memory is mapped on request, CPU
// exceptions arrive as signals, and SIGALRM is the timer interrupt. A signal
// handler on its alternate stack is in the position of an interrupt handler
// on its own. WRMSR, with which the runtime sets the FS base, is not allowed
// to a process and faults; the handler does what it asks for.
package goos

import "unsafe"

const (
	ArenaBaseOffset     = 0
	HeapAddrBits        = 40
	LogHeapArenaBytes   = 22
	LogPallocChunkPages = 9
	MinPhysPageSize     = 4096
	StackSystem         = 0
)

// CPUInit maps the memory between RamStart and Bloc's end for g0's stack; the
// heap before it is mapped as it grows.
var (
	RamStart       uint = 0x10_0000_0000
	RamSize        uint = 0x4000_0000
	RamStackOffset uint = 0x1000

	Bloc   uintptr = 0x10_0000_0000
	Exit   func(code int32)
	Idle   func(until int64)
	ProcID func() uint64
	Task   func(sp, mp, gp, fn unsafe.Pointer)
	Wake   func(procid uint64)
)

func CPUInit()
func GetRandomData(b []byte)
func Printk(c byte)
func Nanotime() int64

// Pending is the word in which the timer sets bit 0.
var Pending uint32

// What the heap's hooks were asked for, in bytes.
var Grown, Unused, Used uintptr

//go:linkname heapGrow runtime.heapGrow
var heapGrow func(addr, n uintptr) bool

//go:linkname heapUnused runtime.heapUnused
var heapUnused func(addr, n uintptr)

//go:linkname heapUsed runtime.heapUsed
var heapUsed func(addr, n uintptr)

func InitRNG() {}

func Hwinit0() {
	Exit, Idle = exit, idle
	heapGrow, heapUnused, heapUsed = grow, unused, used
}

func grow(addr, n uintptr) bool {
	Grown += n
	return mmap(addr, n) == addr
}

func unused(addr, n uintptr) { Unused += n }
func used(addr, n uintptr)   { Used += n }

//go:linkname argslice runtime.argslice
var argslice []string

// Hwinit1 passes on the arguments of the process, and starts the timer.
func Hwinit1() {
	argslice = nil
	for i := range argc {
		p := (*byte)(*(*unsafe.Pointer)(unsafe.Add(argv, 8*i)))
		n := 0
		for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
			n++
		}
		argslice = append(argslice, unsafe.String(p, n))
	}
	startTimer()
}

// Set by CPUInit.
var (
	argc int
	argv unsafe.Pointer
)

//go:linkname eventPending runtime.eventPending
func eventPending() bool

// idle sleeps for at most a millisecond: a signal that comes just before
// nanosleep is lost.
//
//go:nosplit
func idle(until int64) {
	ns := until - Nanotime()
	if ns <= 0 || eventPending() {
		return
	}
	nanosleep(min(ns, 1_000_000))
}

func exit(code int32)
func mmap(addr, n uintptr) uintptr
func nanosleep(ns int64)
func startTimer()
