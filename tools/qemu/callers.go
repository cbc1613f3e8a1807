package qemu

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/arch/x86/x86asm"
)

// maxCallers bounds the walk up the stack.
const maxCallers = 16

// findCallers walks up the stack of 64-bit code, along the frame pointers.
func (f *Fault) findCallers(ask monitor) {
	if len(f.Chain) == 0 || f.mode() != 64 {
		return
	}
	if pc, ok := frameless(ask, f.PC, f.SP); ok {
		f.Callers = append(f.Callers, pc)
	}
	bp := f.registers["RBP"]
	for len(f.Callers) < maxCallers && bp != 0 && bp%8 == 0 {
		words := readWords(ask, bp, 2)
		if words == nil || words[1] == 0 {
			return
		}
		f.Callers = append(f.Callers, words[1])
		if words[0] <= bp { // callers' frames lie above
			return
		}
		bp = words[0]
	}
}

// frameless returns where the function that pc is in returns to, if it has not
// saved its caller's frame pointer when it comes to pc: the return address is on
// top of the stack then. Before that stands a call of the function, if the call
// is direct; and between the function's beginning and pc nothing is pushed.
func frameless(ask monitor, pc, sp uint64) (ret uint64, ok bool) {
	const (
		callLength = 5 // E8, and how far in 32 bits
		near       = 64
	)
	top := readWords(ask, sp, 1)
	if top == nil {
		return 0, false
	}
	ret = top[0]
	call := readBytes(ask, ret-callLength, callLength)
	if len(call) != callLength || call[0] != 0xe8 {
		return 0, false
	}
	start := ret + uint64(int32(binary.LittleEndian.Uint32(call[1:])))
	if start > pc || pc-start > near {
		return 0, false
	}
	code := readBytes(ask, start, int(pc-start))
	for len(code) > 0 {
		inst, err := x86asm.Decode(code, 64)
		if err != nil || inst.Len == 0 || inst.Op == x86asm.PUSH {
			return 0, false
		}
		code = code[inst.Len:]
	}
	return ret, true
}

// readWords reads n words of 64 bits at a virtual address; nil if they cannot all
// be read.
func readWords(ask monitor, at uint64, n int) (words []uint64) {
	out, err := ask(fmt.Sprintf("x/%dgx %#x", n, at))
	if err != nil {
		return nil
	}
	for _, m := range memoryWord.FindAllStringSubmatch(out, -1) {
		words = append(words, number(m[1]))
	}
	if len(words) != n {
		return nil
	}
	return words
}

// readBytes reads up to n bytes at a virtual address; none if nothing is mapped
// there.
func readBytes(ask monitor, at uint64, n int) (code []byte) {
	if n <= 0 {
		return nil
	}
	out, err := ask(fmt.Sprintf("x/%dbx %#x", n, at))
	if err != nil {
		return nil
	}
	for _, m := range memoryByte.FindAllStringSubmatch(out, -1) {
		code = append(code, byte(number(m[1])))
	}
	return code
}
