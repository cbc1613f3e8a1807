package clock

// Leaves of CPUID that tell the TSC's rate. The second is by convention of
// hypervisors.
const (
	leafCrystal    = 0x15 // SDM Vol. 2A, "CPUID-CPU Identification"
	leafHypervisor = 0x4000_0000
	leafTiming     = 0x4000_0010

	leafExtended = 0x8000_0000
	leafPower    = 0x8000_0007
)

// CPUID asks the processor about itself.
type CPUID func(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32)

// KnownRate returns the TSC's rate in Hz, if the processor or the hypervisor
// tells it; else 0. What it tells should be checked, but not bettered.
//
// Context: any; does not allocate.
func KnownRate(cpuid CPUID) uint64 {
	if _, _, c, _ := cpuid(1, 0); c>>31&1 != 0 { // a guest
		if last, _, _, _ := cpuid(leafHypervisor, 0); last >= leafTiming && last < leafHypervisor+0x1_0000 {
			if khz, _, _, _ := cpuid(leafTiming, 0); khz != 0 {
				return uint64(khz) * 1000
			}
		}
	}
	if last, _, _, _ := cpuid(0, 0); last < leafCrystal {
		return 0
	}
	denominator, numerator, crystal, _ := cpuid(leafCrystal, 0)
	if denominator == 0 {
		return 0
	}
	return uint64(crystal) * uint64(numerator) / uint64(denominator)
}

// Invariant tells whether the processor promises that its TSC has one rate, and
// never stops (SDM Vol. 3B, "Invariant TSC").
//
// Context: any; does not allocate.
func Invariant(cpuid CPUID) bool {
	if last, _, _, _ := cpuid(leafExtended, 0); last < leafPower {
		return false
	}
	_, _, _, d := cpuid(leafPower, 0)
	return d>>8&1 != 0
}
