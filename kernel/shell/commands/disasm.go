package commands

import (
	"context"
	"fmt"

	"golang.org/x/arch/x86/x86asm"

	"vitrine/kernel/shell"
	"vitrine/kernel/symbol"
	"vitrine/mm"
)

// longest is the length of the longest instruction in bytes (SDM Vol. 2A,
// "Instruction Format").
const longest = 15

// disasm shows instructions under the source lines that they were made of.
func (m *Machine) disasm(ctx context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	withBytes, intel := a.Flag("-b"), a.Flag("-i")
	v := mm.VirtAddr(a.Number("ADDR"))
	toEnd := a.Len() == 0
	count := a.NumberOr("COUNT", 24)
	if err := a.Done(); err != nil {
		return err
	}
	var before symbol.Place
	for first := true; count > 0 && ctx.Err() == nil; count-- {
		code, err := m.code(v)
		if err != nil {
			return err
		}
		place, known := symbol.Lookup(uintptr(v))
		if known = known && place.Line > 0; toEnd && !first && (!known || place.Function != before.Function) {
			break // what is behind a function is filling, or another one
		}
		first = false
		file := sh.Paint(shell.Dim, shell.ShortFile(place.File))
		switch {
		case known && place.Function != before.Function:
			sh.Printf("%s  %s\n", sh.Paint(shell.Bold, place.Function), file)
		case known && place.File != before.File: // inlined
			sh.Printf("%23s  %s\n", "", file)
		}
		line := ""
		if known && (place.Line != before.Line || place.File != before.File || place.Function != before.Function) {
			line = fmt.Sprint(place.Line)
		}
		before = place

		text, n := instruction(code, uint64(v), intel)
		sh.Printf("%s %s  ", sh.Paint(shell.Dim, fmt.Sprintf("%6s", line)), hex(uint64(v)))
		if withBytes {
			sh.Printf("%-22x", code[:n])
		}
		sh.Println(text)
		v += mm.VirtAddr(n)
	}
	return ctx.Err()
}

// code returns up to 15 bytes of code at v: fewer if the next page is missing.
func (m *Machine) code(v mm.VirtAddr) ([]byte, error) {
	n := uint64(longest)
	if left := mm.PageSize - uint64(v)%mm.PageSize; left < n && m.check(v+mm.VirtAddr(left), 1, access{}) != nil {
		n = left
	}
	if err := m.check(v, n, access{}); err != nil {
		return nil, err
	}
	return v.Bytes(n), nil
}

// instruction returns the first instruction of code, which lies at pc, and its
// length. Bytes that are none are shown one by one.
func instruction(code []byte, pc uint64, intel bool) (text string, n int) {
	inst, err := x86asm.Decode(code, 64)
	if err != nil || inst.Op == 0 || inst.Len == 0 {
		return fmt.Sprintf("?  %02x", code[0]), 1
	}
	name := func(addr uint64) (string, uint64) {
		name, start, _ := symbol.Function(uintptr(addr))
		return name, uint64(start)
	}
	if intel {
		return x86asm.IntelSyntax(inst, pc, name), inst.Len
	}
	return x86asm.GoSyntax(inst, pc, name), inst.Len
}
