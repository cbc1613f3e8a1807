//go:build tamago

package start

import (
	"vitrine/interrupts"
	"vitrine/kernel/cpu"
)

// report, if set, prints what f was. It is package crash's, joined in by
// package kernel.
var report func(f *interrupts.Frame, g uintptr)

// SetReport tells who reports an exception that nothing survives.
func SetReport(r func(f *interrupts.Frame, g uintptr)) { report = r }

// dying counts how deep the report itself has fallen.
var dying int

// fatal reports f and stops. A fault inside the report is reported in a line;
// a fault inside that stops without words.
//
// Context: a handler.
func fatal(f *interrupts.Frame, g uintptr) {
	dying++
	if dying == 1 && report != nil {
		report(f, g)
		Stop(3)
	}
	if dying <= 2 {
		if dying == 2 {
			print("\nvitrine: a fault inside the report:")
		} else {
			print("\nvitrine: stopped by an exception:")
		}
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
