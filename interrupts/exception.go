package interrupts

import "strconv"

// The processor's vectors that the code names (SDM Vol. 3A, "Exception and
// Interrupt Reference").
const (
	DivideError       = 0
	Debug             = 1
	NMI               = 2
	Breakpoint        = 3
	Overflow          = 4
	BoundRange        = 5
	InvalidOpcode     = 6
	DeviceNotAvail    = 7
	DoubleFault       = 8
	InvalidTSS        = 10
	SegmentNotPresent = 11
	StackFault        = 12
	GeneralProtection = 13
	PageFault         = 14
	FloatingPoint     = 16
	AlignmentCheck    = 17
	MachineCheck      = 18
	SIMDFloatingPoint = 19
	VirtualizationEx  = 20
	ControlProtection = 21
)

// Exception describes one of the first 32 vectors.
type Exception struct {
	Mnemonic string // as the manuals write it: #PF
	Name     string
	HasError bool // the processor pushes an error code
}

var exceptions = [Exceptions]Exception{
	0:  {"#DE", "divide error", false},
	1:  {"#DB", "debug exception", false},
	2:  {"NMI", "non-maskable interrupt", false},
	3:  {"#BP", "breakpoint", false},
	4:  {"#OF", "overflow", false},
	5:  {"#BR", "bound range exceeded", false},
	6:  {"#UD", "invalid opcode", false},
	7:  {"#NM", "device not available", false},
	8:  {"#DF", "double fault", true},
	9:  {"", "coprocessor segment overrun", false},
	10: {"#TS", "invalid TSS", true},
	11: {"#NP", "segment not present", true},
	12: {"#SS", "stack-segment fault", true},
	13: {"#GP", "general protection fault", true},
	14: {"#PF", "page fault", true},
	15: {"", "reserved", false},
	16: {"#MF", "x87 floating-point error", false},
	17: {"#AC", "alignment check", true},
	18: {"#MC", "machine check", false},
	19: {"#XM", "SIMD floating-point exception", false},
	20: {"#VE", "virtualization exception", false},
	21: {"#CP", "control protection exception", true},
	22: {"", "reserved", false},
	23: {"", "reserved", false},
	24: {"", "reserved", false},
	25: {"", "reserved", false},
	26: {"", "reserved", false},
	27: {"", "reserved", false},
	28: {"#HV", "hypervisor injection exception", false},
	29: {"#VC", "VMM communication exception", true},
	30: {"#SX", "security exception", true},
	31: {"", "reserved", false},
}

// ExceptionOf returns the description of a vector below 32; of others, false.
func ExceptionOf(vector uint8) (Exception, bool) {
	if vector >= Exceptions {
		return Exception{}, false
	}
	return exceptions[vector], true
}

// SelectorError is the error code of #TS, #NP, #SS and #GP: which descriptor
// was at fault (SDM Vol. 3A, "Error Code"). 0 means none in particular.
//
//	 31        16 15        3  2   1   0
//	|  reserved  |   index   | TI |IDT|EXT|
type SelectorError uint32

// Table returns the name of the table that e is about.
func (e SelectorError) Table() string {
	switch {
	case e&2 != 0:
		return "IDT"
	case e&4 != 0:
		return "LDT"
	}
	return "GDT"
}

// String decodes e: "GDT entry 5, while an external event was delivered".
// Context: goroutines; it allocates.
func (e SelectorError) String() string {
	if e == 0 {
		return "no selector involved"
	}
	s := e.Table() + " entry " + strconv.Itoa(int(e>>3&0x1fff))
	if e&1 != 0 {
		s += ", while an external event was delivered"
	}
	return s
}
