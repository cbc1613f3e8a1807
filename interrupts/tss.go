package interrupts

import "vitrine/mm"

// Interrupt stack numbers, as a gate names them (IST 1 to 7). An interrupted
// goroutine may have hardly any stack left, so every gate uses one of these;
// the events that can break into another handler have one each.
const (
	StackInterrupt    = 1 // devices, timer
	StackException    = 2 // faults and traps
	StackDoubleFault  = 3
	StackNMI          = 4
	StackMachineCheck = 5

	// Stacks is how many there are.
	Stacks = 5
)

// TSS is the task-state segment (SDM Vol. 3A, "Task Management in 64-bit Mode").
// The 80386 wanted to switch tasks with it; what 64-bit mode kept is the list
// of stacks:
//
//	  0  reserved
//	  4  RSP0 RSP1 RSP2    stack for entering ring 0, 1, 2
//	 28  reserved
//	 36  IST1 ... IST7     stacks that gates name
//	 92  reserved
//	102  I/O map base      104, the limit: no I/O from ring 3
//
// Its 64-bit fields are not aligned, so they are written in halves.
type TSS struct {
	_     uint32
	rsp   [3][2]uint32
	_     [2]uint32
	ist   [7][2]uint32
	_     [2]uint32
	_     uint16
	iomap uint16
}

func halves(v mm.VirtAddr) [2]uint32 { return [2]uint32{uint32(v), uint32(v >> 32)} }

// SetStack sets the top of interrupt stack number n (1 to 7).
func (t *TSS) SetStack(n int, top mm.VirtAddr) {
	if n >= 1 && n <= len(t.ist) {
		t.ist[n-1] = halves(top)
	}
}

// Stack returns the top of interrupt stack number n (1 to 7); 0 for others.
func (t *TSS) Stack(n int) mm.VirtAddr {
	if n < 1 || n > len(t.ist) {
		return 0
	}
	p := t.ist[n-1]
	return mm.VirtAddr(p[0]) | mm.VirtAddr(p[1])<<32
}
