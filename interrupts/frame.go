package interrupts

// Frame is the interrupted program: what the processor pushed when it left it
// and what entry_amd64.s saved next to that, in stack order, lowest address
// first. A handler that changes it changes where and how the program goes on.
// The processor's part is told in SDM Vol. 3A, "64-Bit Mode Stack Frame".
//
//	       R15 ... AX        saved by common
//	120    Vector            pushed by the vector's stub
//	128    Error             pushed by the processor for some exceptions, else 0;
//	                         of #NM, which has none: CR0 as it was
//	136    IP CS Flags       pushed by the processor
//	160    SP SS
//	176
type Frame struct {
	R15, R14, R13, R12, R11, R10, R9, R8 uint64
	BP, DI, SI, DX, CX, BX, AX           uint64
	Vector, Error                        uint64
	IP, CS, Flags, SP, SS                uint64
}

// FlagIF is RFLAGS.IF: interrupts are enabled.
const FlagIF uint64 = 1 << 9

// FromUser tells whether the processor was in ring 3.
func (f *Frame) FromUser() bool { return f.CS&3 == 3 }

// InterruptsOn tells whether the interrupted code ran with interrupts enabled.
func (f *Frame) InterruptsOn() bool { return f.Flags&FlagIF != 0 }
