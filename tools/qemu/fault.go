package qemu

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Fault explains a triple fault: an exception, another one while the processor
// was delivering the first, and a third while it was delivering the double
// fault. Then the processor gives up and the board resets it (SDM Vol. 3A,
// "Interrupt 8-Double Fault Exception (#DF)").
type Fault struct {
	Chain  []Exception // first to last; empty if QEMU kept no log (KVM)
	During int         // the interrupt taken just before, at the same instruction; -1: none
	PC, SP uint64      // of the first exception
	CR2    uint64      // address of the last page fault
	CPL    int         // privilege level, 0 or 3
	// Callers are the return addresses on the stack, innermost first, found
	// through the frame pointers.
	Callers []uint64
	// Code is what lies at PC, as far as it can be read; Walk the page-table
	// entries on the way to CR2 if the first exception is a page fault.
	Code []byte
	Walk []Step
	// Registers is QEMU's dump of the frozen processor.
	Registers string

	registers map[string]uint64 // at the first exception
}

// Exception is one link of the chain.
type Exception struct {
	Vector uint8
	Code   uint64 // error code
	Double bool   // it made a double fault of the exception before it
}

// names of the exceptions (SDM Vol. 3A, "Exception and Interrupt Reference").
var names = [32]string{
	0: "#DE divide error", 1: "#DB debug", 2: "NMI", 3: "#BP breakpoint", 4: "#OF overflow",
	5: "#BR bound range", 6: "#UD invalid opcode", 7: "#NM no FPU", 8: "#DF double fault",
	10: "#TS invalid TSS", 11: "#NP segment not present", 12: "#SS stack fault",
	13: "#GP general protection", 14: "#PF page fault", 16: "#MF x87 error",
	17: "#AC alignment check", 18: "#MC machine check", 19: "#XM SIMD error",
	20: "#VE virtualization", 21: "#CP control protection",
}

const (
	doubleFault = 8
	pageFault   = 14
)

// String returns the exception's name.
func (e Exception) String() string {
	if int(e.Vector) < len(names) && names[e.Vector] != "" {
		return names[e.Vector]
	}
	return fmt.Sprintf("exception %d", e.Vector)
}

// pageFaultText says what an error code of #PF means (SDM Vol. 3A,
// "Page-Fault Exceptions").
func pageFaultText(code uint64) string {
	what, why := "read", "page not present"
	if code&(1<<1) != 0 {
		what = "write"
	}
	if code&(1<<4) != 0 {
		what = "instruction fetch"
	}
	if code&1 != 0 {
		why = "rights violated"
	}
	if code&(1<<3) != 0 {
		why = "reserved bit set"
	}
	if code&(1<<2) != 0 {
		what = "user " + what
	}
	return what + ", " + why
}

// Symbolize turns a code address into a function, file and line; "" if it is
// unknown.
type Symbolize func(pc uint64) string

// Report writes the explanation.
func (f *Fault) Report(w io.Writer, symbolize Symbolize) {
	fmt.Fprintln(w, "triple fault: the processor gave up and asked for a reset")
	if len(f.Chain) == 0 {
		fmt.Fprint(w, "  KVM does not say which exceptions led to it; run it again with --kvm=off\n", f.Registers)
		return
	}
	for i, e := range f.Chain {
		fmt.Fprintf(w, "  %d. %s", i+1, e)
		switch {
		case i == 0:
			if e.Vector == pageFault {
				fmt.Fprintf(w, " at address %#x (%s)", f.CR2, pageFaultText(e.Code))
			} else if e.Code != 0 {
				fmt.Fprintf(w, ", error code %#x", e.Code)
			}
			if f.During >= 0 {
				fmt.Fprintf(w, " while delivering interrupt %d (%#x)", f.During, f.During)
			}
		case i == len(f.Chain)-1:
			fmt.Fprint(w, " while delivering that: triple fault")
		case e.Double:
			fmt.Fprint(w, " while delivering that: #DF double fault")
		default:
			fmt.Fprint(w, " while delivering that")
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "  at      %s\n", place(f.PC, symbolize))
	f.reportMemory(w)
	for _, pc := range f.Callers {
		fmt.Fprintf(w, "  called  %s\n", place(pc-1, symbolize))
	}
	fmt.Fprintf(w, "  stack   %#x, privilege level %d\n", f.SP, f.CPL)
	fmt.Fprint(w, indent(registersOnly(f.Registers)))
}

// place describes a code address.
func place(pc uint64, symbolize Symbolize) string {
	if symbolize != nil {
		if s := symbolize(pc); s != "" {
			return fmt.Sprintf("%#x  %s", pc, s)
		}
	}
	return fmt.Sprintf("%#x", pc)
}

// registersOnly drops the vector registers from QEMU's dump.
func registersOnly(dump string) string {
	dump = strings.ReplaceAll(dump, "\r", "")
	if i := strings.Index(dump, "\nFCW="); i >= 0 {
		dump = dump[:i+1]
	}
	return strings.TrimLeft(dump, "\n")
}

// indent puts two blanks before each line.
func indent(s string) string {
	if s == "" {
		return ""
	}
	return "  " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n  ") + "\n"
}

// inspect completes f from the frozen machine of so many processors: its
// registers, its memory, and the callers.
func (f *Fault) inspect(q *QMP, processors int) {
	f.Registers, _ = q.Monitor("info registers")
	for i := range processors {
		text, err := q.monitorOn(i, "info registers")
		if err == nil && f.isOf(text) {
			f.Registers = text
			if f.registers == nil { // the log has lost them
				f.registers = map[string]uint64{}
				readRegisters(text, f.registers)
			}
			break
		}
	}
	f.look(q.Monitor)
	f.findCallers(q.Monitor)
}

// isOf tells whether registers are of the processor with the fault: it stands
// where the first exception was, as none could be delivered.
func (f *Fault) isOf(registers string) bool {
	found := map[string]uint64{}
	readRegisters(registers, found)
	return found["RIP"] == f.PC && found["RSP"] == f.SP
}

// memoryWord is one 64-bit word in the output of the monitor's x command.
var memoryWord = regexp.MustCompile(`\b0x([0-9a-f]{16})\b`)
