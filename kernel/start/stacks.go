//go:build tamago

package start

import (
	"vitrine/interrupts"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// Stacks in the kernel window. Below each lies a page where nothing is ever
// mapped, so that an overflow is a fault and not somebody else's data:
//
//	StackBase   guard | IST1 | guard | IST2 | ... | guard | g0
var stackNext = mm.StackBase

// Sizes in bytes. Reports of panics are written on the exception stacks.
const (
	interruptStackSize   = 16 << 10
	exceptionStackSize   = 32 << 10
	doubleFaultStackSize = 32 << 10
	nmiStackSize         = 16 << 10
	machineStackSize     = 16 << 10
)

const stackFlags = paging.Writable | paging.NoExecute | paging.Global

// NewStack maps a stack of size bytes with a guard page below it and returns
// its range; the stack grows down from the End. name is for people.
//
// Errors:  those of the frame allocator and of paging.
// Context: before the runtime is up, or a goroutine.
func NewStack(name string, size uint64) (mm.VirtRange, error) {
	guard := mm.VirtRange{Start: stackNext, End: stackNext + mm.PageSize}
	stack := mm.VirtRange{Start: guard.End, End: guard.End + mm.VirtAddr(size)}
	for v := stack.Start; v < stack.End; v += mm.PageSize {
		f, err := Frames.Alloc()
		if err != nil {
			return stack, err
		}
		if err := Space.Map(v, f.Addr(), mm.PageSize, stackFlags, paging.Pages4K); err != nil {
			return stack, err
		}
	}
	stackNext = stack.End
	if err := Regions.Add(region.Region{Range: guard, Kind: region.Guard, Flags: paging.NoExecute, Name: "guard page"}); err != nil {
		return stack, err
	}
	return stack, Regions.Add(region.Region{Range: stack, Kind: region.Fixed, Flags: stackFlags, Name: name})
}

// startStacks moves the interrupt stacks to mapped ones and makes g0's.
func startStacks() {
	if err := InterruptStacks(&interrupts.CPUs[0]); err != nil {
		Die("interrupt stacks", err)
	}
	if err := startHeap(); err != nil {
		Die("heap", err)
	}
}

// InterruptStacks gives c its interrupt stacks.
//
// Errors and context as NewStack.
func InterruptStacks(c *interrupts.CPU) error {
	for _, s := range [...]struct {
		ist  int
		name string
		size uint64
	}{
		{interrupts.StackInterrupt, "interrupt stack", interruptStackSize},
		{interrupts.StackException, "exception stack", exceptionStackSize},
		{interrupts.StackDoubleFault, "double fault stack", doubleFaultStackSize},
		{interrupts.StackNMI, "NMI stack", nmiStackSize},
		{interrupts.StackMachineCheck, "machine check stack", machineStackSize},
	} {
		stack, err := NewStack(s.name, s.size)
		if err != nil {
			return err
		}
		c.TSS.SetStack(s.ist, stack.End)
	}
	return nil
}
