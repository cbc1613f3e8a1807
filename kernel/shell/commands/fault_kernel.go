//go:build tamago

package commands

import (
	"unsafe"

	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// The exceptions that Go source cannot raise, in fault_amd64.s. Each is one or
// a few instructions.

// divide raises #DE: a division by zero that the compiler has not guarded.
func divide()

// undefined raises #UD.
func undefined()

// breakpoint raises #BP: INT3.
func breakpoint()

// singleStep raises #DB: it sets RFLAGS.TF, and the instruction after the next
// one is interrupted.
func singleStep()

// int2 to int18 enter a gate by INT n, as the exception of that number would.
func int2()
func int4()
func int5()
func int18()

// noDevice raises #NM: it sets CR0.TS, and uses SSE.
func noDevice()

// absentStack raises #SS: it loads SS with the last selector of absentGDT.
func absentStack()

// enterUser goes to ring 3, with interrupts off and CR0.AM set, so that the flag
// AC counts there. Only an exception leaves it.
func enterUser(ip, sp, flags uintptr)

// simd raises #XM: it unmasks the exception for division by zero, and divides.
func simd()

// maskSIMD masks all SIMD exceptions again.
func maskSIMD()

// fpu raises #MF: an x87 division by zero, unmasked.
func fpu()

// maskFPU masks all x87 exceptions again and forgets the pending one.
func maskFPU()

// oddAddress raises #GP: an operand of FXSAVE that is not aligned to 16.
func oddAddress()

// stackSegment raises #SS: an access through BP that is not canonical.
func stackSegment()

// badSelector raises #GP with an error code: a selector beyond the GDT.
func badSelector()

// callAddress calls what is at a.
func callAddress(a uintptr)

// absentSegment raises #NP: it loads the last selector of absentGDT.
func absentSegment()

// overflowFrom fills the stack that ends at top, and goes on.
func overflowFrom(top uintptr)

// processorFaults are the kinds that take such instructions. INT n stands in for
// what 64-bit code cannot raise (#OF, #BR) or should not (NMI, #MC); not for
// exceptions with an error code, as it pushes none where the gates expect one.
func processorFaults() []fault {
	return []fault{
		{"divide", "divide by zero (#DE)", true, func(*Machine) { divide() }},
		{"debug", "execute a single step, with nobody debugging (#DB)", false, func(*Machine) { singleStep() }},
		{"nmi", "enter the gate of the non-maskable interrupt", false, func(*Machine) { int2() }},
		{"breakpoint", "run into a breakpoint (#BP)", false, func(*Machine) { breakpoint() }},
		{"into", "enter the overflow gate (#OF)", true, func(*Machine) { int4() }},
		{"bound", "enter the bound range gate (#BR)", false, func(*Machine) { int5() }},
		{"opcode", "execute what is no instruction (#UD)", false, func(*Machine) { undefined() }},
		{"device", "use SSE while it is switched off (#NM)", false, func(*Machine) { noDevice() }},
		{"double", "fault while a fault is delivered (#DF)", false, func(*Machine) { shortenIDT(9); touch(impossible) }},
		{"triple", "fault where #DF has no gate either: the processor gives up", false, func(*Machine) { shortenIDT(0); touch(unmapped) }},
		{"stack", "read an address that cannot be, on the stack (#SS, QEMU: #GP)", true, func(*Machine) { stackSegment() }},
		{"gp", "save the FPU's state to an odd address (#GP)", true, func(*Machine) { oddAddress() }},
		{"selector", "load a selector that is not in the GDT (#GP)", false, func(*Machine) { badSelector() }},
		{"segment", "load a segment that is not present (#NP)", false, func(*Machine) { describeAbsent(); absentSegment() }},
		{"absent", "load a stack segment that is not present (#SS)", false, func(*Machine) { describeAbsent(); absentStack() }},
		{"tss", "take a stack from behind the end of the task state (#TS)", false, func(*Machine) { shortenTSS(); int18() }},
		{"alignment", "read an odd address in ring 3, with AC set (#AC; QEMU: #UD)", false, (*Machine).misalign},
		{"umip", "ask in ring 3 for CR0 (#GP by UMIP; #UD behind it without)", false, (*Machine).askForCR0},
		{"g0stack", "overflow the stack of the runtime's scheduler", false, func(m *Machine) { m.overflowStack("runtime's g0 stack") }},
		{"irqstack", "overflow an interrupt stack", false, func(m *Machine) { m.overflowStack("interrupt stack") }},
		{"smap", "touch a program's memory (#PF by SMAP, if the CPU has it)", true, (*Machine).touchUser},
		{"smep", "execute a program's memory (#PF by SMEP, if the CPU has it)", true, (*Machine).executeUser},
		{"reserved", "use a page-table entry with a reserved bit set (#PF)", true, (*Machine).reservedBit},
		{"report", "fault in the report of another fault", false, func(m *Machine) { m.BreakReport(func() { readInt(nil) }); undefined() }},
		{"deaf", "go wrong while all other processors have interrupts off", false, (*Machine).deafenOthers},
		{"endless", "recurse without end in the report of a fault", false, func(m *Machine) { m.BreakReport(func() { keep(recurse(1)) }); undefined() }},
		{"interrupted", "get an NMI while the report of a fault is written", false, func(m *Machine) { m.BreakReport(int2); undefined() }},
		{"together", "go wrong on all processors at the same time", false, (*Machine).failTogether},
		{"rodata", "write to read-only data", true, func(*Machine) { overwrite(mm.VirtAddr(stringAddress())) }},
		{"execute", "execute data (#PF)", true, func(*Machine) { callAddress(dataAddress()) }},
		{"userjump", "execute in user space, where nothing is (#PF)", true, func(*Machine) { callAddress(uintptr(unmapped)) }},
		{"simd", "divide by zero with SSE, unmasked (#XM; QEMU does not)", true, func(*Machine) { defer maskSIMD(); simd() }},
		{"fpu", "divide by zero with the x87, unmasked (#MF)", true, func(*Machine) { defer maskFPU(); fpu() }},
		{"machine", "enter the machine check gate (#MC)", false, func(*Machine) { int18() }},
	}
}

// impossible is an address that is not canonical.
const impossible mm.VirtAddr = 0x8000_0000_0000_0000

// shortenIDT leaves only the first n gates to the processor. A fault whose gate
// is gone is #GP, and if that has none either, #DF.
func shortenIDT(n uint16) {
	cpu.DisableInterrupts()
	var op [10]byte
	cpu.StoreIDT(&op)
	limit := max(n*16, 1) - 1
	op[0], op[1] = byte(limit), byte(limit>>8)
	cpu.LoadIDT(&op)
}

var data [16]byte

// dataAddress returns where data lies, which no one may execute.
func dataAddress() uintptr { return uintptr(unsafe.Pointer(&data[0])) }

const readOnly = "a string constant, in read-only memory"

func stringAddress() uintptr { return uintptr(unsafe.Pointer(unsafe.StringData(readOnly))) }
