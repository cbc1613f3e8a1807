package crash

import (
	"vitrine/interrupts"
	"vitrine/mm"
)

// Where more is told about an exception, as the folder of the sources has it:
// a chapter of the book, and behind # the heading's name on the web.
const (
	aboutExceptions = "docs/book/04-when-things-go-wrong.md"
	aboutPanics     = "docs/book/04-when-things-go-wrong.md#from-exception-to-panic"
	aboutStacks     = "docs/book/04-when-things-go-wrong.md#a-stack-that-can-be-trusted"
	aboutInterrupts = "docs/book/05-being-interrupted.md#the-hardwares-contract"
	aboutMemory     = "docs/book/08-virtual-memory.md#a-walk-in-go"
	aboutGuards     = "docs/book/08-virtual-memory.md#guard-pages"
	aboutDebugging  = "docs/book/b-gdb-in-ten-minutes.md"
	aboutVectors    = "docs/decisions/0007-no-avx.md"
)

// Reading returns the chapter that explains an exception. Two are rather about
// a decision: the kernel and Go use no vectors beyond SSE's.
func Reading(vector uint8) string {
	switch vector {
	case interrupts.PageFault:
		return aboutMemory
	case interrupts.DoubleFault, interrupts.StackFault, interrupts.InvalidTSS:
		return aboutStacks
	case interrupts.NMI, interrupts.MachineCheck:
		return aboutInterrupts
	case interrupts.DeviceNotAvail, interrupts.SIMDFloatingPoint:
		return aboutVectors
	case interrupts.Breakpoint, interrupts.Debug:
		return aboutDebugging
	}
	return aboutExceptions
}

// reading names the chapter that explains it.
func (r *Reporter) reading() {
	r.string("explained in ")
	switch {
	case r.noFrame:
		r.string(aboutPanics)
	case r.frame.Vector == interrupts.PageFault && r.isGuard(mm.VirtAddr(r.address)):
		r.string(aboutGuards)
	default:
		r.string(Reading(uint8(r.frame.Vector)))
	}
	r.string("\n")
}
