//go:build tamago

package start

import (
	"vitrine/interrupts"
	"vitrine/kernel/cpu"
	"vitrine/mm"
	"vitrine/mm/paging"
)

// The page attribute table: eight memory types, of which a page-table entry's
// bits PCD and PWT choose one of the first four (SDM Vol. 3A, "IA32_PAT MSR"):
//
//	 63   56 55   48 47   40 39   32 31   24 23   16 15    8 7     0
//	|  PA7  |  PA6  |  PA5  |  PA4  |  PA3  |  PA2  |  PA1  |  PA0  |
//	                                 PCD PWT  PCD      PWT
//	                                 none    none     combine  cache
const (
	msrPAT = 0x277

	typeUncached       = 0x00
	typeWriteCombining = 0x01
	typeWriteThrough   = 0x04
	typeWriteBack      = 0x06
	typeUncachedMinus  = 0x07

	memoryTypes uint64 = typeWriteBack | typeWriteCombining<<8 | typeUncachedMinus<<16 | typeUncached<<24 |
		typeWriteBack<<32 | typeWriteThrough<<40 | typeUncachedMinus<<48 | typeUncached<<56
)

// SetMemoryTypes makes paging.WriteCombining mean what it says on this
// processor, if it has a PAT. All processors must have the same one. No page
// with that flag is mapped yet when the first one gets it, so nothing is in a
// cache that should not be.
//
// Context: a processor that starts, interrupts off.
func SetMemoryTypes() {
	const pat = 1 << 16
	if _, _, _, d := cpu.CPUID(1, 0); d&pat != 0 {
		cpu.WriteMSR(msrPAT, memoryTypes)
		interrupts.FlushOwn()
	}
}

// MapFramebuffer is MapDevice for memory whose writes may be gathered and sent
// in bursts. They arrive at the latest with the next interrupt, port access or
// locked instruction.
//
// Errors and context as MapDevice.
func MapFramebuffer(a mm.PhysAddr, n uint64) ([]byte, error) {
	b, err := MapDevice(a, n)
	if err != nil {
		return nil, err
	}
	const flags = paging.Writable | paging.NoExecute | paging.Global | paging.WriteCombining
	first := a.AlignDown(mm.PageSize)
	size := uint64((a + mm.PhysAddr(n)).AlignUp(mm.PageSize) - first)
	if err := Space.Protect(first.Direct(), size, flags); err != nil {
		return nil, err
	}
	return b, nil
}
