// Interrupts and exceptions, as far as the runtime has a part in them. This is
// an extension of the hook contract, for kernels that are built with the tag
// derived:
//
//	runtime·irqtick        a timer interrupt preempts the goroutine
//	runtime·trapsigpanic   an exception becomes a Go panic
//	runtime·trapTraceback  a panic screen prints stack traces
//	trapped, gmOffset      whose they are
//	threadGoroutine        what a processor is doing
//
// The kernel's handlers come here from assembly; trap_tamago_amd64.s says
// what must hold.

//go:build tamago

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/atomic"
	"runtime/goos"
	"unsafe"
)

func irqtick()
func trapsigpanic()

// trapTraceback prints the stack of gp, which an exception or interrupt has
// stopped at pc and sp, in the way of an unrecovered panic. Those of all other
// goroutines follow if debug.SetTraceback("all") asked for them. It returns
// false and prints nothing if gp is nil or has no M, or if it was stopped on
// the stack that this function needs.
//
// The caller is a handler on a stack of its own, interrupts off, and may have
// any g. It is for kernels that are about to stop: if the stopped code was in
// the middle of printing, lines may mix.
func trapTraceback(gp unsafe.Pointer, pc, sp uintptr) bool

// trapped returns the goroutine that this M runs, also when it is called on the
// M's system stack, if it panics because of an exception, and the address of the
// instruction; nil if it does not: a kernel's exit hook asks what the panic is
// about. An exception that was recovered from is forgotten.
//
//go:nosplit
func trapped() (gp unsafe.Pointer, pc uintptr) {
	if gp := getg().m.curg; gp != nil && gp.sig != 0 {
		return unsafe.Pointer(gp), gp.sigpc
	}
	return nil, 0
}

// gmOffset returns where in a g the pointer to its M is: a kernel's handler g,
// which is none of the runtime's, can then borrow the M of what it interrupted
// and look up symbols.
//
//go:nosplit
func gmOffset() uintptr { return unsafe.Offsetof(g{}.m) }

// threadGoroutine returns the number of the goroutine that the M with this
// procid runs, where its function begins, and how many turns of goroutines its P
// has begun so far; 0 if it runs none. That may have changed by the time the
// caller looks.
func threadGoroutine(procid uint64) (goid uint64, startpc uintptr, turns uint32) {
	for mp := (*m)(atomic.Loadp(unsafe.Pointer(&allm))); mp != nil; mp = mp.alllink {
		if mp.procid != procid {
			continue
		}
		gp, pp := mp.curg, mp.p.ptr()
		if gp != nil && pp != nil {
			return gp.goid, gp.startpc, pp.schedtick
		}
	}
	return 0, 0, 0
}

// irqFrame is what the CPU pushes for an interrupt in 64-bit mode (SDM Vol.
// 3A, "64-Bit Mode Stack Frame").
type irqFrame struct {
	rip, cs, rflags, rsp, ss uintptr
}

const preemptMSupported = true

// preemptM makes the CPU of mp take an interrupt, whose handler calls irqtick.
func preemptM(mp *m) {
	if goos.Wake != nil {
		goos.Wake(mp.procid)
	}
}

// interruptsOff tells whether this processor takes no interrupts now. A goroutine
// that has switched them off must not lose the processor: the next one would run
// without interrupts, for as long as it likes. So newstack, where a goroutine
// gives way that the scheduler has asked to, lets it run on.
//
//go:nosplit
func interruptsOff() bool { return rflags()&(1<<9) == 0 }

// rflags returns the processor's flags.
func rflags() uintptr

// irqpreempt is the Go part of irqtick. Like a signal handler on Unix, it runs
// on the gsignal stack while gp, the goroutine or the M's g0, is stopped
// anywhere. A tick that finds the same goroutine still running as the one before,
// or somebody waiting for an interrupt event that has happened, asks it to give
// way at the next function prologue, and if it is at a place where that is safe,
// makes it call asyncPreempt at once.
//
// On g0 the M may be at work for its goroutine, and for long: the collector marks
// there, and looks at preempt meanwhile.
//
//go:nowritebarrierrec
func irqpreempt(gp *g, f *irqFrame) {
	mp := gp.m
	curg := mp.curg
	if curg == nil { // idle, or between two goroutines
		return
	}
	mp.sliceOver.Store(1)
	if mp.p == 0 {
		return
	}
	pp := mp.p.ptr()
	if pp.schedtick != mp.irqSchedtick && !eventPending() { // another goroutine ran since
		mp.irqSchedtick = pp.schedtick
		return
	}
	curg.preempt = true // again, if it could not give way last time
	curg.stackguard0 = stackPreempt
	pp.preempt = true
	if gp == curg && debug.asyncpreemptoff == 0 && wantAsyncPreempt(gp) {
		if ok, newpc := isAsyncSafePoint(gp, f.rip, f.rsp, 0); ok {
			f.rsp -= goarch.PtrSize
			*(*uintptr)(unsafe.Pointer(f.rsp)) = newpc
			f.rip = abi.FuncPCABI0(asyncPreempt)
		}
	}
	mp.preemptGen.Add(1)
}

// trapPrint is the Go part of trapTraceback, on the gsignal stack.
func trapPrint(gp *g, pc, sp uintptr) {
	level, all, _ := gotraceback()
	if level == 0 {
		return
	}
	goroutineheader(gp)
	// An overflowing stack ends somewhat below its limit. What is farther
	// away is no stack, and following it would fault again.
	const below = 4096
	if sp < gp.stack.lo-below || sp >= gp.stack.hi {
		print("\tstack pointer ", hex(sp), " is outside of the stack, ", hex(gp.stack.lo), " to ", hex(gp.stack.hi), "\n")
	} else {
		tracebacktrap(pc, sp, 0, gp)
	}
	if all {
		tracebackothers(gp)
	}
}
