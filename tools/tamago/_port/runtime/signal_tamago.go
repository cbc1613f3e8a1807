// Signals: nobody sends any. But the names are there for CPU exceptions, which
// take the way of synchronous signals: to sigpanic.

//go:build tamago

package runtime

import _ "unsafe" // for go:linkname

// Numbers as on Linux.
const (
	_NSIG    = 0
	_SIGILL  = 4
	_SIGTRAP = 5
	_SIGBUS  = 7
	_SIGFPE  = 8
	_SIGSEGV = 11
)

// Codes in g.sigcode0 with _SIGFPE.
const (
	_FPE_INTDIV = 1
	_FPE_INTOVF = 2
)

type (
	sigset       struct{}
	gsignalStack struct{}
)

// signame is for the line [signal ...] of an unrecovered panic.
func signame(sig uint32) string {
	switch sig {
	case _SIGILL:
		return "SIGILL: illegal instruction"
	case _SIGTRAP:
		return "SIGTRAP: trace trap"
	case _SIGBUS:
		return "SIGBUS: bus error"
	case _SIGFPE:
		return "SIGFPE: floating-point exception"
	case _SIGSEGV:
		return "SIGSEGV: segmentation violation"
	}
	return ""
}

// sigpanic turns the exception that trapsigpanic has recorded in g into a Go
// panic. It appears to be called by the faulting instruction.
//
// Unlike elsewhere, a bad address that is not near 0 can be recovered from as
// well, without debug.SetPanicOnFault: a kernel probes memory, and decides
// itself what is fatal.
func sigpanic() {
	gp := getg()
	if !canpanic() {
		throw("unexpected CPU exception during runtime execution")
	}
	switch gp.sig {
	case _SIGSEGV, _SIGBUS:
		if gp.sigcode1 < 0x1000 {
			panicmem()
		}
		panicmemAddr(gp.sigcode1)
	case _SIGFPE:
		switch gp.sigcode0 {
		case _FPE_INTDIV:
			panicdivide()
		case _FPE_INTOVF:
			panicoverflow()
		}
		panicfloat()
	}
	if name := signame(gp.sig); name != "" {
		panic(errorString(name))
	}
	panic(errorString("CPU exception"))
}

func sigsave(p *sigset)              {}
func msigrestore(sigmask sigset)     {}
func sigblock(exiting bool)          {}
func initsig(preinit bool)           {}
func setProcessCPUProfiler(hz int32) {}
func setThreadCPUProfiler(hz int32)  {}
func sigdisable(uint32)              {}
func sigenable(uint32)               {}
func sigignore(uint32)               {}
func sigsend(uint32) bool            { return false }

//go:nosplit
//go:nowritebarrierrec
func clearSignalHandlers() {}

//go:linkname os_sigpipe os.sigpipe
func os_sigpipe() {}

// --- package os/signal: a channel gets nothing, ever ---

//go:linkname signal_disable os/signal.signal_disable
func signal_disable(uint32) {}

//go:linkname signal_enable os/signal.signal_enable
func signal_enable(uint32) {}

//go:linkname signal_ignore os/signal.signal_ignore
func signal_ignore(uint32) {}

//go:linkname signal_ignored os/signal.signal_ignored
func signal_ignored(uint32) bool { return false }

//go:linkname signal_recv os/signal.signal_recv
func signal_recv() uint32 {
	gopark(nil, nil, waitReasonSelectNoCases, traceBlockForever, 1)
	return 0
}

//go:linkname signalWaitUntilIdle os/signal.signalWaitUntilIdle
func signalWaitUntilIdle() {}
