package crash

// system writes what a kernel's own code consists of and a program's hardly:
// ports, tables, segment registers, strings and locks; false if in is none of
// these.
func (r *Reporter) system(in *instruction) bool {
	if in.vector || in.wide || in.short || in.seg != 0 {
		return false
	}
	switch {
	case in.lock:
		return in.space == 2 && in.repeat == 0 && r.locked(in)
	case in.space == 1 && r.stringInstruction(in):
		return true
	case in.repeat != 0:
		if in.space == 1 && in.repeat == 0xf3 && in.opcode == 0x90 && in.rex == 0 {
			r.string("pause")
			return true
		}
		return false
	case in.space == 1:
		return r.portOrSegment(in)
	case in.space == 2:
		return r.table(in) || r.atomic(in) || r.vectors(in)
	}
	return false
}

// stringInstruction is one that works on memory at RSI and RDI, with REP as many
// times as RCX says.
func (r *Reporter) stringInstruction(in *instruction) bool {
	var name string
	var from, to bool // RSI, RDI
	switch in.opcode &^ 1 {
	case 0xa4:
		name, from, to = "movs", true, true
	case 0xa6:
		name, from, to = "cmps", true, true
	case 0xaa:
		name, to = "stos", true
	case 0xac:
		name, from = "lods", true
	case 0xae:
		name, to = "scas", true
	default:
		return false
	}
	compares := in.opcode&^9 == 0xa6
	switch {
	case in.repeat == 0xf3:
		r.string("rep ")
	case in.repeat != 0 && compares:
		r.string("repne ")
	case in.repeat != 0:
		return false
	}
	size, letter := 4, byte('d')
	switch {
	case in.opcode&1 == 0:
		size, letter = 1, 'b'
	case in.rex&8 != 0:
		size, letter = 8, 'q'
	}
	r.string(name)
	r.byte(letter)
	r.string(" ")
	first, second := "[rdi]", "[rsi]"
	switch {
	case name == "cmps":
		first, second = second, first
	case !to:
		first = "[rsi]"
	}
	r.pointer(size)
	r.string(first)
	if from && to {
		r.string(", ")
		r.pointer(size)
		r.string(second)
	}
	return true
}

var segments = [8]string{"es", "cs", "ss", "ds", "fs", "gs", "", ""}

// portOrSegment is an instruction of one byte, and its operands.
func (r *Reporter) portOrSegment(in *instruction) bool {
	accumulator := [...]string{"al", "eax"}[in.opcode&1]
	switch in.opcode {
	case 0xe4, 0xe5:
		r.string("in ")
		r.string(accumulator)
		r.string(", ")
		r.hex(uint64(uint8(in.imm)))
	case 0xec, 0xed:
		r.string("in ")
		r.string(accumulator)
		r.string(", dx")
	case 0xe6, 0xe7:
		r.string("out ")
		r.hex(uint64(uint8(in.imm)))
		r.string(", ")
		r.string(accumulator)
	case 0xee, 0xef:
		r.string("out dx, ")
		r.string(accumulator)
	case 0x9c:
		r.string("pushfq")
	case 0x9d:
		r.string("popfq")
	case 0x8c: // a register gets it in its whole length, memory 16 bits
		name := segments[in.reg&7]
		if name == "" {
			return false
		}
		size := 2
		if in.mod == 3 {
			size = 4 << (in.rex >> 3 & 1)
		}
		r.string("mov ")
		r.operandE(in, size)
		r.string(", ")
		r.string(name)
	case 0x8e:
		name := segments[in.reg&7]
		if name == "" || name == "cs" {
			return false
		}
		r.string("mov ")
		r.string(name)
		r.string(", ")
		r.operandE(in, 2)
	default:
		return false
	}
	return true
}

// table is an instruction about descriptor tables and the TLB.
func (r *Reporter) table(in *instruction) bool {
	switch op, which := in.opcode, in.reg&7; {
	case op == 0x01 && in.mod == 3 && which == 7 && in.rm == 0:
		r.string("swapgs")
	case op == 0x01 && in.mod != 3 && which == 7:
		r.string("invlpg ")
		r.operandE(in, 1)
	case op == 0x00 && which == 3:
		r.string("ltr ")
		r.operandE(in, 2)
	default:
		return false
	}
	return true
}

// locked is an atomic instruction with LOCK before it.
func (r *Reporter) locked(in *instruction) bool {
	if in.mod == 3 || in.opcode&^1 != 0xb0 && in.opcode&^1 != 0xc0 {
		return false
	}
	r.string("lock ")
	return r.atomic(in)
}

// atomic is one of the two on which atomic operations are built.
func (r *Reporter) atomic(in *instruction) bool {
	size := 4 << (in.rex >> 3 & 1)
	if in.opcode&1 == 0 {
		size = 1
	}
	switch in.opcode &^ 1 {
	case 0xb0:
		r.string("cmpxchg ")
	case 0xc0:
		r.string("xadd ")
	default:
		return false
	}
	r.operandE(in, size)
	r.string(", ")
	r.register(in, in.reg, size)
	return true
}

// vectors is what Go's compiler clears and copies memory with: MOVUPS and XORPS.
func (r *Reporter) vectors(in *instruction) bool {
	switch in.opcode {
	case 0x10, 0x57:
		r.string([...]string{"movups ", "xorps "}[btoi(in.opcode == 0x57)])
		r.vector(in.reg)
		r.string(", ")
		r.vectorE(in)
	case 0x11:
		r.string("movups ")
		r.vectorE(in)
		r.string(", ")
		r.vector(in.reg)
	default:
		return false
	}
	return true
}

func (r *Reporter) vector(n byte) {
	r.string("xmm")
	r.decimal(uint64(n))
}

// vectorE writes the operand that ModRM names, of 16 bytes.
func (r *Reporter) vectorE(in *instruction) {
	if in.mod == 3 {
		r.vector(in.rm | in.rex<<3&8)
		return
	}
	r.operandE(in, 16)
}
