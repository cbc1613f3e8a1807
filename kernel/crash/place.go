package crash

import (
	"vitrine/interrupts"
	"vitrine/kernel/symbol"
)

// where says which instruction was interrupted.
func (r *Reporter) where() {
	if r.noFrame {
		return
	}
	r.string("at ")
	r.placeBehind(uintptr(r.frame.IP), behind(&r.frame))
	r.string("\n")
}

// behind returns how many bytes, at least, f's address is behind the instruction
// that made the exception. A fault points at it. INT3 and INT n are traps, which
// point behind it: at another line or, behind the last instruction of a function,
// even at another function.
func behind(f *interrupts.Frame) uintptr {
	switch f.Vector {
	case interrupts.Breakpoint, interrupts.Overflow, interrupts.BoundRange:
		return 1
	}
	return 0
}

// place writes an address of code with what the symbol table says about it.
func (r *Reporter) place(pc uintptr) { r.placeBehind(pc, 0) }

// placeBehind is place for an address that is so far behind what is meant.
func (r *Reporter) placeBehind(pc, behind uintptr) {
	r.hex64(uint64(pc))
	if !r.Symbols {
		r.function(pc, behind)
		return
	}
	if p, ok := symbol.Lookup(pc - behind); ok {
		r.string(" ")
		r.string(p.Function)
		r.string("+")
		r.hex(uint64(p.Offset + behind))
		r.string("\n   ")
		r.string(p.File)
		r.string(":")
		r.decimal(uint64(p.Line))
	}
}

// function writes the name of the function that pc is in, or behind, and how far.
func (r *Reporter) function(pc, behind uintptr) {
	if name, start, ok := symbol.Function(pc - behind); ok {
		r.string(" ")
		r.string(name)
		r.string("+")
		r.hex(uint64(pc - start))
	}
}

// short writes function, file and line, without folders.
func (r *Reporter) short(pc uintptr) {
	name, _, ok := symbol.Function(pc)
	if !ok {
		r.hex64(uint64(pc))
		return
	}
	r.string(base(name))
	if !r.Symbols {
		return
	}
	if p, ok := symbol.Lookup(pc); ok {
		r.string("  ")
		r.string(base(p.File))
		r.string(":")
		r.decimal(uint64(p.Line))
	}
}

// base returns what is behind the last slash of path.
func base(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return path[i+1:]
		}
	}
	return path
}

// registers writes the interrupted program's registers, and the processor's.
func (r *Reporter) registers() {
	if r.noFrame {
		return
	}
	f, cr := &r.frame, &r.control
	for i, w := range [...]struct {
		name  string
		value uint64
	}{
		{"RAX", f.AX},
		{"RBX", f.BX},
		{"RCX", f.CX},
		{"RDX", f.DX},
		{"RSI", f.SI},
		{"RDI", f.DI},
		{"RBP", f.BP},
		{"RSP", f.SP},
		{"R8 ", f.R8},
		{"R9 ", f.R9},
		{"R10", f.R10},
		{"R11", f.R11},
		{"R12", f.R12},
		{"R13", f.R13},
		{"R14", f.R14},
		{"R15", f.R15},
		{"RIP", f.IP},
		{"FLG", f.Flags},
		{"CS ", f.CS},
		{"SS ", f.SS},
		{"CR0", cr[0]},
		{"CR2", cr[1]},
		{"CR3", cr[2]},
		{"CR4", cr[3]},
	} {
		r.string(w.name)
		r.string(" ")
		r.hex64(w.value)
		if i%3 == 2 {
			r.string("\n")
		} else {
			r.string("  ")
		}
	}
}
