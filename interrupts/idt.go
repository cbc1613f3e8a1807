package interrupts

import (
	"unsafe"

	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// Gate is one 16-byte slot of the IDT (SDM Vol. 3A, "64-Bit Mode IDT"):
//
//	 127      96 95        64 63       48 47  40 39 35 34 32 31    16 15       0
//	| reserved  | off 63:32  | off 31:16 | attr |  0  | IST | select | off 15:0 |
//
// The address lies in three pieces because the 64-bit gate grew out of the
// 32-bit one, which grew out of the 80286's.
type Gate struct{ lo, hi uint64 }

// Attribute byte: present, privilege level of INT n, kind of gate.
const (
	gatePresent   uint64 = 1 << 47
	gateInterrupt uint64 = 0xe << 40 // an interrupt gate: clears RFLAGS.IF
)

// NewGate returns a gate to the code at handler, which runs in ring 0 with
// interrupts off on interrupt stack ist; 0 would mean the interrupted stack.
// INT n from ring 3 is refused.
func NewGate(handler mm.VirtAddr, ist int) Gate {
	a := uint64(handler)
	return Gate{
		lo: a&0xffff | uint64(KernelCode)<<16 | uint64(ist&7)<<32 | gateInterrupt | gatePresent | a>>16&0xffff<<48,
		hi: a >> 32,
	}
}

// Handler returns the address that g leads to.
func (g Gate) Handler() mm.VirtAddr {
	return mm.VirtAddr(g.lo&0xffff | g.lo>>48<<16 | g.hi<<32)
}

// Selector returns the code segment that g switches to.
func (g Gate) Selector() uint16 { return uint16(g.lo >> 16) }

// IST returns the number of g's interrupt stack.
func (g Gate) IST() int { return int(g.lo >> 32 & 7) }

// DPL returns the least privileged ring that may use g by INT n.
func (g Gate) DPL() int { return int(g.lo >> 45 & 3) }

// Present tells whether g leads anywhere.
func (g Gate) Present() bool { return g.lo&gatePresent != 0 }

// Vectors is the number of vectors; the first Exceptions are the processor's.
const (
	Vectors    = 256
	Exceptions = 32
)

// idt is the interrupt descriptor table, shared by all processors.
var idt [Vectors]Gate

// stubSize is the distance between two vectors' stubs in entry_amd64.s.
const stubSize = 16

// stackFor returns the interrupt stack of a vector.
func stackFor(vector int) int {
	switch vector {
	case DoubleFault:
		return StackDoubleFault
	case NMI:
		return StackNMI
	case MachineCheck:
		return StackMachineCheck
	}
	if vector < Exceptions {
		return StackException
	}
	return StackInterrupt
}

func fillIDT() {
	base := vectorsAddress()
	for v := range idt {
		idt[v] = NewGate(mm.VirtAddr(base)+mm.VirtAddr(v*stubSize), stackFor(v))
	}
}

func loadIDT() {
	op := tableOperand(unsafe.Pointer(&idt), unsafe.Sizeof(idt))
	cpu.LoadIDT(&op)
}

// GateOf returns the gate of a vector as it is in the table.
func GateOf(vector uint8) Gate { return idt[vector] }
