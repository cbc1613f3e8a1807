//go:build tamago

package start

import (
	"vitrine/interrupts"
	"vitrine/kernel/cpu"
	"vitrine/kernel/crash"
)

// reporter writes the last page.
var reporter = crash.Reporter{Put: Printk, Control: controlRegisters, Trace: traceback}

func controlRegisters() [4]uint64 {
	return [4]uint64{cpu.CR0(), cpu.CR2(), cpu.CR3(), cpu.CR4()}
}

// dying counts how deep the report itself has fallen.
var dying int

// stopping tells other processors' NMI handlers what the NMI means.
func stopping() bool { return dying > 0 }

// fatal reports f and stops. A fault inside the report gets one line; a fault
// inside that line none.
//
// Context: a handler.
func fatal(f *interrupts.Frame, g uintptr) {
	dying++
	interrupts.StopOthers()
	switch dying {
	case 1:
		reporter.Symbols = interrupts.Current().BorrowM(g, gmOffset())
		reporter.Exception(f, g)
	case 2:
		print("\nvitrine: the report itself failed:")
		line(f)
	}
	Stop(3)
}

// line prints f in one line.
func line(f *interrupts.Frame) {
	if e, ok := interrupts.ExceptionOf(uint8(f.Vector)); ok {
		print(" ")
		print(e.Mnemonic)
		print(" ")
		print(e.Name)
	}
	for _, w := range [...]struct {
		name  string
		value uint64
	}{{"vector", f.Vector}, {"error", f.Error}, {"rip", f.IP}, {"rsp", f.SP}, {"cr2", cpu.CR2()}} {
		print(" ")
		print(w.name)
		print("=")
		printHex(w.value)
	}
	print("\n")
}
