package mm

// The kernel's virtual memory. Every table that maps it has these parts; the
// lower half belongs to the current process and is empty in the kernel's own
// tables, so that a nil pointer faults.
//
//	0000_0000_0000_0000  user space of the current process
//	0000_7fff_ffff_ffff
//	        (not canonical: the processor refuses these addresses)
//	ffff_8000_0000_0000  direct map: physical address 0 and everything above
//	                     it, RAM and device memory, never executable
//	ffff_ff80_0000_0000  kernel window: stacks with guard pages, device windows
//	ffff_ff80_4000_0000  the Go heap, mapped as it grows
//	ffff_ffff_8000_0000  the kernel image: text R-X, read-only data R--, data RW-
const (
	// UserEnd is the first address above user space.
	UserEnd VirtAddr = 0x0000_8000_0000_0000

	// DirectMapBase is where physical address 0 is mapped.
	DirectMapBase VirtAddr = 0xffff_8000_0000_0000

	// WindowBase is the start of the kernel window, the last PML4 entry.
	WindowBase VirtAddr = 0xffff_ff80_0000_0000

	// StackBase is where stacks with guard pages are mapped.
	StackBase VirtAddr = WindowBase

	// ScratchBase is where ScratchSize bytes are free for experiments: mapped
	// and unmapped by benchmarks and by nobody else.
	ScratchBase VirtAddr = 0xffff_ff80_3000_0000

	// ScratchSize is in bytes.
	ScratchSize = 64 << 20

	// HeapBase is where the Go heap starts.
	HeapBase VirtAddr = 0xffff_ff80_4000_0000

	// HeapEnd is the end of the range that the heap may grow into.
	HeapEnd VirtAddr = 0xffff_ffff_0000_0000

	// ImageBase plus the physical address is where the kernel image is linked.
	ImageBase VirtAddr = 0xffff_ffff_8000_0000
)

// Direct returns the address of a in the direct map.
func (a PhysAddr) Direct() VirtAddr { return DirectMapBase + VirtAddr(a) }

// InDirectMap tells whether v lies in the direct map, and at which physical
// address.
func (v VirtAddr) InDirectMap() (PhysAddr, bool) {
	if v < DirectMapBase || v >= WindowBase {
		return 0, false
	}
	return PhysAddr(v - DirectMapBase), true
}
