// Package cpu wraps the instructions that Go has no words for: one function an
// instruction, and nothing else.
//
// Every privileged instruction of the kernel is here or in the three places
// that cannot call a function at that moment: the boot stub (boot/boot.S), the
// interrupt entry (interrupts/entry_amd64.s) and the start of the runtime
// (kernel/start/entry_amd64.s). On a hosted system these functions fault,
// apart from CPUID, TSC, OrderedTSC, Pause, Fence, Flags, Pin and Unpin.
//
// Context: any, interrupts on or off, before the runtime is up. None of them
// allocates.
package cpu

import "unsafe"

// CPUID asks the processor about itself (SDM Vol. 2A, "CPUID-CPU
// Identification").
func CPUID(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32)

// TSC reads the time-stamp counter.
func TSC() uint64

// OrderedTSC reads the time-stamp counter when all earlier loads are done: what
// another processor has said before is before (SDM Vol. 2B, "RDTSC-Read
// Time-Stamp Counter").
func OrderedTSC() uint64

// ReadMSR reads a model-specific register. An unknown one raises #GP.
func ReadMSR(msr uint32) uint64

// WriteMSR writes a model-specific register. An unknown one raises #GP.
func WriteMSR(msr uint32, v uint64)

// Fence waits until all earlier loads and stores are done and other processors
// can see them, and only then lets later instructions begin: MFENCE;LFENCE.
func Fence()

// MSR is the model-specific registers as drivers want them.
type MSR struct{}

// Read is ReadMSR.
func (MSR) Read(msr uint32) uint64 { return ReadMSR(msr) }

// Write is WriteMSR.
func (MSR) Write(msr uint32, v uint64) { WriteMSR(msr, v) }

// Fence is Fence.
func (MSR) Fence() { Fence() }

// CR0 reads control register 0: protection, paging, write protection, FPU.
func CR0() uint64

// SetCR0 writes control register 0.
func SetCR0(v uint64)

// CR2 reads the address of the last page fault.
func CR2() uint64

// CR3 reads the physical address of the top page table.
func CR3() uint64

// SetCR3 loads another top page table and thereby empties the TLB, global
// pages excepted.
func SetCR3(v uint64)

// CR4 reads control register 4: extensions that are switched on.
func CR4() uint64

// SetCR4 writes control register 4. Toggling PGE empties the whole TLB.
func SetCR4(v uint64)

// XCR0 reads which register sets XSAVE manages. It needs CR4.OSXSAVE.
func XCR0() uint64

// SetXCR0 writes which register sets XSAVE manages.
func SetXCR0(v uint64)

// Flags reads RFLAGS.
func Flags() uint64

// SetFlags writes RFLAGS; with a value from DisableInterrupts it restores
// their former state.
func SetFlags(v uint64)

// DisableInterrupts clears RFLAGS.IF and returns RFLAGS as it was, for
// SetFlags.
func DisableInterrupts() uint64

// EnableInterrupts sets RFLAGS.IF. The instruction after the next one is the
// first that can be interrupted.
func EnableInterrupts()

// WaitForInterrupt is STI;HLT: it enables interrupts and halts until one has
// been handled. STI takes effect after the following instruction, so that an
// interrupt cannot slip in between and be slept through.
func WaitForInterrupt()

// Halt stops the processor for good: interrupts off, HLT, again and again.
func Halt()

// Pause tells the processor that this is a waiting loop.
func Pause()

// InvalidatePage drops the TLB entries for the page that holds v.
func InvalidatePage(v uintptr)

// LoadGDT loads the descriptor-table register from a 10-byte operand: limit
// (2 bytes), base (8 bytes). It reloads no segment register.
//
//go:noescape
func LoadGDT(operand *[10]byte)

// LoadIDT loads the interrupt-descriptor-table register.
//
//go:noescape
func LoadIDT(operand *[10]byte)

// LoadTR loads the task register: where the processor finds its TSS.
func LoadTR(selector uint16)

// LoadSegments reloads CS by a far return and SS, DS, ES with data; FS and GS
// get the null selector, which leaves their base addresses to MSRs.
func LoadSegments(code, data uint16)

// StoreGDT, StoreIDT and StoreTR read the registers back.
//
//go:noescape
func StoreGDT(operand *[10]byte)

// StoreIDT reads the interrupt-descriptor-table register.
//
//go:noescape
func StoreIDT(operand *[10]byte)

// StoreTR reads the task register.
func StoreTR() uint16

// Random reads the hardware random number generator (RDRAND). It returns false
// where there is none or it has run dry.
func Random() (v uint64, ok bool)

// Exchange32 stores v at p and returns what was there, atomically and as a
// full barrier.
//
//go:noescape
func Exchange32(p *uint32, v uint32) uint32

// ClearPage zeroes the 4 KiB at p.
func ClearPage(p uintptr)

// CopyUser copies n bytes between memory of user mode and of the kernel. window is
// whether SMAP is on: then the way is open for the one instruction that copies,
// between STAC and CLAC (CR4.SMAP: SDM Vol. 3A, "Control Registers"). If that
// faults, whoever makes the fault a panic closes it.
//
//go:noescape
func CopyUser(to, from unsafe.Pointer, n uintptr, window bool)

// Here returns the address that this call returns to and the stack pointer
// after it.
func Here() (ip, sp uint64)

// IndexOffset is where, behind the GS base, a processor finds its number. What
// lies there is an interrupts.CPU.
const IndexOffset = 8
