package crash

import (
	"vitrine/interrupts"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// name writes the exception's name.
func (r *Reporter) name(f *interrupts.Frame) {
	e, ok := interrupts.ExceptionOf(uint8(f.Vector))
	if !ok {
		r.string("vector ")
		r.decimal(f.Vector)
		return
	}
	if e.Mnemonic != "" {
		r.string(e.Mnemonic)
		r.string(" ")
	}
	r.string(e.Name)
	r.string(" (vector ")
	r.decimal(f.Vector)
	if e.HasError {
		r.string(", error code ")
		r.hex(f.Error)
	}
	r.string(")")
}

// what says in words what happened.
func (r *Reporter) what() {
	if r.noFrame {
		r.string("exit code ")
		r.decimal(uint64(uint32(r.code)))
		r.string("; what panicked, and where, stands above.\n")
		return
	}
	f := &r.frame
	if r.panics {
		r.string("The panic began as an exception:\n")
	}
	r.name(f)
	r.string("\n")
	if f.Vector == interrupts.PageFault {
		r.string(r.pageFault())
		r.guard()
		r.string("\n")
		r.bits(f.Error)
		return
	}
	if f.Vector < uint64(len(sentences)) && sentences[f.Vector] != "" {
		r.string(sentences[f.Vector])
		r.string("\n")
	}
	if f.FromUser() {
		r.string("It was in ring 3: a program's instruction.\n")
	}
	if f.Vector == interrupts.DeviceNotAvail {
		r.string(deviceBits(f.Error))
		return
	}
	if e, _ := interrupts.ExceptionOf(uint8(f.Vector)); e.HasError && f.Error != 0 {
		r.string(interrupts.SelectorError(f.Error).Table())
		r.string(" entry ")
		r.decimal(f.Error >> 3 & 0x1fff)
		if f.Error&1 != 0 {
			r.string(", while an external event was delivered")
		}
		r.string("\n")
	}
}

// sentences say what each exception means, but for the page fault, of which
// more is known (SDM Vol. 3A, "Exception and Interrupt Reference").
var sentences = [interrupts.Exceptions]string{
	interrupts.DivideError:       "The kernel divided by zero, or a quotient was too large for its register.",
	interrupts.Debug:             "A breakpoint of the debug registers, or a single step, with nobody debugging.",
	interrupts.NMI:               "The hardware, or another processor, wants attention and cannot be refused.",
	interrupts.Breakpoint:        "The kernel ran into a breakpoint instruction, with nobody debugging.",
	interrupts.Overflow:          "INT 4; INTO, which did it if the overflow flag was set, is gone in 64-bit code.",
	interrupts.BoundRange:        "INT 5; BOUND, which did it for a bad index, is gone in 64-bit code.",
	interrupts.InvalidOpcode:     "These bytes are no instruction of this processor.",
	interrupts.DeviceNotAvail:    "An instruction of the FPU or of SSE, which CR0 says are not to be used.",
	interrupts.DoubleFault:       "An exception could not be delivered: its gate or its stack is unusable.",
	interrupts.InvalidTSS:        "The processor found something unusable in the task-state segment.",
	interrupts.SegmentNotPresent: "The kernel loaded a segment register with a descriptor that is not present.",
	interrupts.StackFault:        "An address that cannot be, relative to the stack; or its segment is absent.",
	interrupts.GeneralProtection: "A rule was broken: a bad address, selector, register value or privilege.",
	interrupts.FloatingPoint:     "An x87 instruction failed in a way that was not masked.",
	interrupts.AlignmentCheck:    "An access was not aligned, and AC asks for that.",
	interrupts.MachineCheck:      "The hardware is broken, says the processor.",
	interrupts.SIMDFloatingPoint: "An SSE instruction failed in a way that was not masked.",
	interrupts.ControlProtection: "A return, or an indirect jump, went where it must not.",
}

// deviceBits says which of CR0's bits made #NM of an instruction (SDM Vol. 3A,
// "Control Registers").
func deviceBits(cr0 uint64) string {
	const em, ts = 1 << 2, 1 << 3
	switch {
	case cr0&em != 0:
		return "CR0.EM was set: there is no FPU, or it is to be emulated.\n"
	case cr0&ts != 0:
		return "CR0.TS was set: its registers may be another task's.\n"
	}
	return ""
}

// pageFault says in a sentence what a page fault means.
func (r *Reporter) pageFault() string {
	code, v := region.ErrorCode(r.frame.Error), mm.VirtAddr(r.address)
	last, n := r.lastStep(v)
	write, fetch := code.Has(region.Write), code.Has(region.Fetch)
	supervisor := !code.Has(region.User)
	switch {
	case code.Has(region.Reserved):
		return "The page tables are damaged: an entry has a bit set that must be 0."
	case v < mm.PageSize && fetch:
		return "The kernel called a nil function."
	case v < mm.PageSize:
		return "The kernel followed a nil pointer."
	case r.isGuard(v):
		return "The kernel ran into the guard page "
	case code.Has(region.Present) && n > 0 && supervisor && last.Rights&(paging.User|paging.NoExecute) == paging.User && fetch:
		return "The kernel jumped into a program's memory: SMEP forbids that."
	case code.Has(region.Present) && n > 0 && supervisor && last.Rights.Has(paging.User) && !fetch &&
		(!write || last.Rights.Has(paging.Writable)):
		return "The kernel touched a program's memory outside of a window: SMAP forbids that."
	case code.Has(region.Present) && fetch:
		return "The kernel jumped to data, which nobody may execute."
	case code.Has(region.Present) && write && n > 0 && last.Rights&paging.NoExecute == 0:
		return "The kernel wrote to its own code."
	case code.Has(region.Present) && write:
		return "The kernel wrote to read-only data."
	case code.Has(region.Present):
		return "The kernel read a page that does not allow it."
	case fetch:
		return "The kernel jumped to an address where nothing is."
	case write:
		return "The kernel wrote to an address where nothing is."
	}
	return "The kernel read an address where nothing is."
}

// lastStep returns the entry of the page tables that decides about v; n is 0 if
// there is none.
func (r *Reporter) lastStep(v mm.VirtAddr) (last paging.Step, n int) {
	if r.Space == nil {
		return last, 0
	}
	steps, n := r.Space.Walk(v)
	if n > 0 {
		last = steps[n-1]
	}
	return last, n
}

// errorBits are those of a page fault's error code, with what 0 and 1 mean.
var errorBits = [...]struct {
	bit       uint
	name      string
	zero, one string
}{
	{0, "P   ", "the page is not present", "the page is present, and forbids it"},
	{1, "W/R ", "a read", "a write"},
	{2, "U/S ", "by the kernel", "by user mode"},
	{3, "RSVD", "no reserved bit is set in an entry", "a reserved bit is set in an entry"},
	{4, "I/D ", "of data", "of an instruction"},
	{5, "PK  ", "", "its protection key forbids it"},
	{6, "SS  ", "", "a shadow-stack access"},
	{15, "SGX ", "", "SGX forbids it"},
}

// bits writes the error code of a page fault bit by bit.
func (r *Reporter) bits(code uint64) {
	r.detail = true
	for i := range errorBits {
		b := &errorBits[i]
		set := code>>b.bit&1 != 0
		if b.zero == "" && !set {
			continue
		}
		r.string("  bit ")
		r.decimal(uint64(b.bit))
		r.string(" ")
		r.string(b.name)
		if set {
			r.string(" 1  ")
			r.string(b.one)
		} else {
			r.string(" 0  ")
			r.string(b.zero)
		}
		r.string("\n")
	}
	r.detail = false
}
