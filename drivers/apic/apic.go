// Package apic drives the advanced programmable interrupt controllers: who
// interrupts which processor, and how processors interrupt each other.
//
// The 8259 knows one processor. So every processor got a controller of its own,
// the local APIC, and the devices' lines go to one or more I/O APICs, which
// turn a line into a message: this vector, to that processor.
//
//	device --line (GSI)--> I/O APIC --message--> local APIC --vector--> CPU 0
//	                       one entry    |
//	                       a line       +------> local APIC --vector--> CPU 1
//	                                               ^   |
//	                        timer, LINT0, LINT1 ---+   +--> messages to others
//
// A local APIC has its registers in one of two places. xAPIC: memory, one page,
// the same physical address on each processor, where each finds its own.
// x2APIC: MSRs, and names of processors with 32 bits instead of 8. Local hides
// the difference, and one Local serves all processors: it has no state.
//
// Read, in this order: local.go and register.go (a processor's controller),
// ipi.go (processors interrupt each other), timer.go (a timer for each
// processor), entry.go and io.go (devices), lines.go (which entry serves which
// of the PC's old interrupt lines). In GDB: break apic.(*Local).Enable.
//
// Locking: Local none, as each processor has its own registers, but call it with
// interrupts off wherever a handler could use the same register in between; IO
// and Lines under the lock that they are given. Allocation: where it is said.
//
// Sources: SDM Vol. 3A, chapter "Advanced Programmable Interrupt Controller
// (APIC)"; data sheet "82093AA I/O Advanced Programmable Interrupt Controller
// (IOAPIC)" (Intel).
package apic

// Error is an error of this package.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// The errors.
const (
	ErrAbsent      Error = "apic: there is no such controller"
	ErrDisabled    Error = "apic: the firmware has switched the local APIC off"
	ErrBusy        Error = "apic: the last message has not been delivered yet"
	ErrDestination Error = "apic: only x2APIC reaches processors above 254"
	ErrDead        Error = "apic: the timer does not count"
	ErrRange       Error = "apic: the timer's measured rate is not plausible"
	ErrPin         Error = "apic: no controller has this input"
	ErrVector      Error = "apic: vectors 0 to 15 cannot be sent"
)

// CPUID asks the processor about itself.
type CPUID func(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32)

// MSR reads and writes model-specific registers. Implementations are usable in
// any context and do not allocate.
type MSR interface {
	Read(msr uint32) uint64
	Write(msr uint32, v uint64)

	// Fence waits until other processors can see all earlier stores. Writes
	// of an APIC's MSRs do not wait for them by themselves (SDM Vol. 3A,
	// "MSR Access in x2APIC Mode").
	Fence()
}

// Features is what a processor says about its local APIC.
type Features struct {
	Present  bool   // and not switched off
	X2APIC   bool   // it can be used through MSRs
	Deadline bool   // its timer can be set to a value of the time-stamp counter
	Always   bool   // its timer goes on while the processor sleeps deeply
	TimerHz  uint64 // rate of its timer, if CPUID tells; else 0
}

// Leaves of CPUID (SDM Vol. 2A, "CPUID-CPU Identification"). The last is by
// convention of hypervisors.
const (
	leafFeatures   = 1
	leafPower      = 6
	leafCrystal    = 0x15
	leafHypervisor = 0x4000_0000
	leafTiming     = 0x4000_0010
)

// Detect returns what the processor that runs this says.
//
// Context: any; does not allocate.
func Detect(cpuid CPUID) (f Features) {
	last, _, _, _ := cpuid(0, 0)
	_, _, c, d := cpuid(leafFeatures, 0)
	f.Present, f.X2APIC, f.Deadline = d>>9&1 != 0, c>>21&1 != 0, c>>24&1 != 0
	if last >= leafPower {
		a, _, _, _ := cpuid(leafPower, 0)
		f.Always = a>>2&1 != 0
	}
	if last >= leafCrystal {
		_, _, hz, _ := cpuid(leafCrystal, 0) // of the crystal, which drives the timer, too
		f.TimerHz = uint64(hz)
	}
	if guest := c>>31&1 != 0; guest {
		if last, _, _, _ := cpuid(leafHypervisor, 0); last >= leafTiming && last < leafHypervisor+0x1_0000 {
			if _, khz, _, _ := cpuid(leafTiming, 0); khz != 0 {
				f.TimerHz = uint64(khz) * 1000
			}
		}
	}
	return f
}
