package crash

import (
	"vitrine/interrupts"
	"vitrine/mm"
)

// Where more is told about an exception, as the folder of the sources has it:
// a file, and behind # the heading's name on the web.
const (
	aboutExceptions = "docs/ARCHITECTURE.md#an-exception"
	aboutPanics     = "docs/decisions/0006-exceptions-are-panics.md"
	aboutMemory     = "docs/ARCHITECTURE.md#memory-map"
	aboutStacks     = "docs/HACKING.md#stacks"
	aboutStopping   = "docs/HACKING.md#when-the-machine-stops"
	aboutInterrupts = "docs/ARCHITECTURE.md#an-interrupt-from-device-to-goroutine"
	aboutVectors    = "docs/decisions/0007-no-avx.md"
)

// Reading returns the document that explains an exception.
func Reading(vector uint8) string {
	switch vector {
	case interrupts.PageFault:
		return aboutMemory
	case interrupts.DoubleFault, interrupts.StackFault:
		return aboutStacks
	case interrupts.NMI, interrupts.MachineCheck:
		return aboutInterrupts
	case interrupts.InvalidOpcode, interrupts.DeviceNotAvail, interrupts.SIMDFloatingPoint:
		return aboutVectors
	case interrupts.Breakpoint, interrupts.Debug:
		return aboutStopping
	}
	return aboutExceptions
}

// reading names the document that explains it.
func (r *Reporter) reading() {
	r.string("explained in ")
	switch {
	case r.noFrame:
		r.string(aboutPanics)
	case r.frame.Vector == interrupts.PageFault && r.isGuard(mm.VirtAddr(r.address)):
		r.string(aboutStacks)
	default:
		r.string(Reading(uint8(r.frame.Vector)))
	}
	r.string("\n")
}
