package apic

// register is a register of the local APIC, as its offset in the page of
// registers (SDM Vol. 3A, "Local APIC Register Address Map"). The x2APIC's MSR
// is 0x800 plus a sixteenth of it.
type register uint64

const (
	regID           register = 0x020
	regVersion      register = 0x030
	regPriority     register = 0x080 // TPR: what is less urgent waits
	regEOI          register = 0x0b0
	regLogical      register = 0x0d0 // LDR
	regFormat       register = 0x0e0 // DFR, xAPIC only
	regSpurious     register = 0x0f0 // SVR: vector, and the switch
	regInService    register = 0x100 // ISR, 8 registers of 32 vectors
	regTrigger      register = 0x180 // TMR
	regRequest      register = 0x200 // IRR
	regError        register = 0x280 // ESR
	regLVTMachine   register = 0x2f0 // corrected machine checks
	regCommand      register = 0x300 // ICR; in x2APIC mode all 64 bits
	regCommandHigh  register = 0x310 // in xAPIC mode bits 63 to 32
	regLVTTimer     register = 0x320
	regLVTThermal   register = 0x330
	regLVTCounter   register = 0x340 // performance counters
	regLVTInput0    register = 0x350 // LINT0
	regLVTInput1    register = 0x360 // LINT1
	regLVTError     register = 0x370
	regTimerInitial register = 0x380
	regTimerCurrent register = 0x390
	regTimerDivide  register = 0x3e0
	regSelf         register = 0x3f0 // x2APIC only: a message to oneself

	bankStride = 0x10 // from one register of a bank of 8 to the next
)

// MSRs.
const (
	msrBase     uint32 = 0x1b  // IA32_APIC_BASE
	msrDeadline uint32 = 0x6e0 // IA32_TSC_DEADLINE
	msrX2APIC   uint32 = 0x800 // the first of the x2APIC's
)

// IA32_APIC_BASE (SDM Vol. 3A, "Local APIC Status and Location"):
//
//	 63       52 51       12   11     10      9    8     7    0
//	| reserved  | page      | EN   | EXTD  |    | BSP | reserved |
//
// EN switches the controller on, EXTD its MSRs. Of the four combinations EXTD
// alone is invalid, and from both there is no way back but through neither.
const (
	baseBoot   uint64 = 1 << 8
	baseExtend uint64 = 1 << 10
	baseEnable uint64 = 1 << 11
	basePage   uint64 = 1<<52 - 1<<12
)

// Spurious-interrupt vector register (SDM Vol. 3A, "Spurious Interrupt"):
//
//	 31     13    12             9        8       7      0
//	| reserved | no EOI broadcast | focus | enable | vector |
const spuriousEnable uint32 = 1 << 8
