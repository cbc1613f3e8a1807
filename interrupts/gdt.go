package interrupts

import (
	"unsafe"

	"vitrine/kernel/cpu"
)

// Segment selectors: the offset of a descriptor in the GDT, and in the lowest
// two bits a privilege level.
//
// Segmentation is what the 8086 had in place of big addresses and the 80286 in
// place of paging. In 64-bit mode base and limit are ignored; what is left is
// the privilege level of code and that the processor still wants a table.
// User data comes before user code because SYSRET computes the selectors in
// that order.
const (
	KernelCode uint16 = 0x08
	KernelData uint16 = 0x10
	UserData   uint16 = 0x18 | 3
	UserCode   uint16 = 0x20 | 3
	taskState  uint16 = 0x28 // two slots: its base address has 64 bits
)

// Descriptors (SDM Vol. 3A, "Segment Descriptors"); of each only the access
// byte (bits 47 to 40: present, privilege, kind) and flag L (53) still count.
//
//	 63    56 55 54 53 52 51   48 47 46 45 44 43  40 39    16 15     0
//	|  base  | G  D  L  A | limit | P | DPL | S | type |  base  | limit |
const (
	codeDescriptor     uint64 = 0x0020_9a00_0000_0000
	dataDescriptor     uint64 = 0x0000_9200_0000_0000
	userDataDescriptor uint64 = 0x0000_f200_0000_0000
	userCodeDescriptor uint64 = 0x0020_fa00_0000_0000
)

// gdt is one processor's global descriptor table. Each processor has its own,
// because each has its own task state.
type gdt [7]uint64

// fill writes the descriptors, the last of which points at the task state.
func (g *gdt) fill(tss *TSS) {
	lo, hi := tssDescriptor(uint64(uintptr(unsafe.Pointer(tss))))
	*g = gdt{0, codeDescriptor, dataDescriptor, userDataDescriptor, userCodeDescriptor, lo, hi}
}

// tssDescriptor returns the two words of a 64-bit TSS descriptor (SDM Vol. 3A,
// "TSS Descriptor in 64-bit mode"): the base lies in four pieces.
//
//	 127            96 95             64
//	|    reserved     |   base 63:32    |
//	 63   56 55  52 51  48 47    40 39         16 15        0
//	| 31:24 | flags | lim | P 0 9  |  base 23:0  | limit 15:0 |
func tssDescriptor(base uint64) (lo, hi uint64) {
	const limit = uint64(unsafe.Sizeof(TSS{})) - 1
	const presentAvailableTSS = 0x89
	lo = limit | base&0xff_ffff<<16 | presentAvailableTSS<<40 | base>>24&0xff<<56
	return lo, base >> 32
}

// tableOperand returns what LGDT and LIDT take: the limit (size less one) and
// the address.
func tableOperand(table unsafe.Pointer, size uintptr) (op [10]byte) {
	op[0], op[1] = byte(size-1), byte((size-1)>>8)
	for i := range 8 {
		op[2+i] = byte(uintptr(table) >> (8 * i))
	}
	return op
}

// load makes the processor use g.
func (g *gdt) load() {
	op := tableOperand(unsafe.Pointer(g), unsafe.Sizeof(*g))
	cpu.LoadGDT(&op)
	cpu.LoadSegments(KernelCode, KernelData)
	cpu.LoadTR(taskState)
}
