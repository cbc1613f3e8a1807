// Ms: how they start, sleep and wake.

//go:build tamago

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"runtime/goos"
	"unsafe"
)

// never is a time that does not come, on nanotime's scale.
const never = 1<<63 - 1

func mstart_tamago()

// newosproc starts mp on another CPU, or as another thread.
//
// May run with m.p==nil, so write barriers are not allowed.
//
//go:nowritebarrier
func newosproc(mp *m) {
	if goos.Task == nil {
		throw("newosproc: a second thread is needed, and goos.Task is nil")
	}
	goos.Task(unsafe.Pointer(mp.g0.stack.hi), unsafe.Pointer(mp), unsafe.Pointer(mp.g0),
		unsafe.Pointer(abi.FuncPCABI0(mstart_tamago)))
}

// newosproc0 and libpreinit belong to C libraries made of Go. From Go 1.27 on
// the linker wants them on every system.
//
//go:nosplit
func newosproc0(stacksize uintptr, fn unsafe.Pointer) { throw("newosproc0") }

func libpreinit() { throw("libpreinit") }

// mpreinit gives mp a stack for Go code that runs in interrupts.
func mpreinit(mp *m) {
	mp.gsignal = malg(32 * 1024)
	mp.gsignal.m = mp
}

func minit()         { getg().m.procid = procid() }
func unminit()       {}
func mdestroy(mp *m) {}

func exitThread(wait *atomic.Uint32) {
	wait.Store(freeMStack)
	for {
		idle(never)
	}
}

// idle lets the CPU sleep until an interrupt, a Wake, or the time until. It
// may return early, for no reason. A goroutine may be what calls it, in a system
// call (notetsleepg): its stack cannot grow then, and the hook is any function.
//
//go:nosplit
func idle(until int64) {
	if goos.Idle != nil {
		systemstack(func() { goos.Idle(until) })
		return
	}
	osyield()
}

// threadPoll lets other Ms have the CPU, once in a time slice. There may be more
// Ms with work than CPUs, as after GOMAXPROCS(4) on a machine with one; and what
// this one waits for, looking again and again, may be theirs to do.
func threadPoll() {
	if mp := getg().m; mp.sliceOver.Load() != 0 && goos.Idle != nil {
		mp.sliceOver.Store(0)
		goos.Idle(0)
	}
}

//go:nosplit
func semacreate(mp *m) {}

// semasleep waits for a semawakeup of the current M: 0, or -1 if ns
// nanoseconds (negative: for ever) pass without one.
//
//go:nosplit
func semasleep(ns int64) int32 {
	mp := getg().m
	until := int64(never)
	if ns >= 0 {
		until = nanotime() + ns
	}
	for {
		if v := mp.waitsema.Load(); v > 0 {
			if mp.waitsema.CompareAndSwap(v, v-1) {
				return 0
			}
			continue
		}
		if ns >= 0 && nanotime() >= until {
			return -1
		}
		idle(until)
		// The interrupt may have been for the M in netpoll.
		if eventPending() {
			netpollBreak()
		}
	}
}

//go:nosplit
func semawakeup(mp *m) {
	mp.waitsema.Add(1)
	if mp != getg().m && goos.Wake != nil {
		goos.Wake(mp.procid)
	}
}
