package crash

// The general registers, in the order of their numbers.
var (
	names64 = [16]string{"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"}
	names32 = [8]string{"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"}
	names8  = [8]string{"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil"}
	names8H = [4]string{"ah", "ch", "dh", "bh"} // without REX
)

// register writes general register n as size bytes of it.
func (r *Reporter) register(in *instruction, n byte, size int) {
	switch {
	case size == 1 && n >= 4 && n < 8 && in.rex == 0:
		r.string(names8H[n-4])
	case size == 1 && n < 8:
		r.string(names8[n])
	case n < 8 && size == 4:
		r.string(names32[n])
	case n < 8 && size == 2:
		r.string(names32[n][1:])
	default:
		r.string(names64[n])
		if n >= 8 {
			r.string([...]string{1: "b", 2: "w", 4: "d", 8: ""}[size])
		}
	}
}

// pointer writes how much of memory is meant.
func (r *Reporter) pointer(size int) {
	r.string([...]string{1: "byte", 2: "word", 4: "dword", 8: "qword", 16: "xmmword"}[size])
	r.string(" ptr ")
}

// operandE writes the operand that ModRM names.
func (r *Reporter) operandE(in *instruction, size int) {
	if in.mod == 3 {
		r.register(in, in.rm|in.rex<<3&8, size)
		return
	}
	if in.opcode != 0x8d || in.space != 1 { // LEA touches no memory
		r.pointer(size)
		switch in.seg {
		case 0x64:
			r.string("fs:")
		case 0x65:
			r.string("gs:")
		}
	}
	r.string("[")
	some := true
	switch {
	case in.ripRelative:
		r.string("rip")
	case !in.sib:
		r.string(names64[in.rm|in.rex<<3&8])
	default:
		if some = in.base != 5 || in.mod != 0; some {
			r.string(names64[in.base|in.rex<<3&8])
		}
		if in.index != 4 {
			if some {
				r.string("+")
			}
			r.string(names64[in.index])
			if in.scale > 0 {
				r.string("*")
				r.decimal(1 << in.scale)
			}
			some = true
		}
	}
	switch {
	case in.disp < 0 && some:
		r.string("-")
		r.hex(uint64(-in.disp))
	case in.disp != 0 || !some:
		if some {
			r.string("+")
		}
		r.hex(uint64(in.disp))
	}
	r.string("]")
}

// immediate writes the immediate number, of an operation on size bytes.
func (r *Reporter) immediate(in *instruction, size int) {
	v := in.imm
	if in.space == 1 && (in.opcode == 0xcd || in.opcode&^1 == 0xc0) || in.space == 2 {
		v &= 0xff
	}
	if v < 0 && size == 8 && in.opcode&0xf8 != 0xb8 {
		r.string("-")
		v = -v
	}
	r.hex(uint64(v) & (1<<(8*size-1)<<1 - 1))
}

// instruction writes in, which lies at pc, in Intel's way of writing; false if
// it is none that this decoder can name.
func (r *Reporter) instruction(in *instruction, pc uint64) bool {
	if name := in.alone(); name != "" {
		r.string(name)
		return true
	}
	if r.system(in) {
		return true
	}
	name, s, size := in.form()
	if name == "" {
		return false
	}
	r.string(name)
	if (in.space == 2 && in.opcode&0xf0 <= 0x90 && in.opcode >= 0x40) || in.space == 1 && name == "j" {
		r.string(conditions[in.opcode&15])
	}
	r.string(" ")
	from := size // what E is read as
	switch {
	case in.space == 2 && in.opcode&^8 == 0xb6:
		from = 1
	case in.space == 2 && in.opcode&^8 == 0xb7:
		from = 2
	case name == "movsxd":
		from = 4
	}
	low := in.opcode&7 | in.rex<<3&8
	switch s {
	case shapeNone: // control registers
		if in.opcode == 0x22 {
			r.string("cr")
			r.decimal(uint64(in.reg))
			r.string(", ")
		}
		r.register(in, in.rm|in.rex<<3&8, 8)
		if in.opcode == 0x20 {
			r.string(", cr")
			r.decimal(uint64(in.reg))
		}
	case shapeEG:
		r.operandE(in, size)
		r.string(", ")
		r.register(in, in.reg, size)
	case shapeGE, shapeGEI:
		r.register(in, in.reg, size)
		r.string(", ")
		r.operandE(in, from)
		if s == shapeGEI {
			r.string(", ")
			r.immediate(in, size)
		}
	case shapeEI:
		r.operandE(in, size)
		r.string(", ")
		r.immediate(in, size)
	case shapeE:
		r.operandE(in, size)
	case shapeE1:
		r.operandE(in, size)
		r.string(", 0x1")
	case shapeECL:
		r.operandE(in, size)
		r.string(", cl")
	case shapeAI:
		r.register(in, 0, size)
		r.string(", ")
		r.immediate(in, size)
	case shapeRI:
		r.register(in, low, size)
		r.string(", ")
		r.immediate(in, size)
	case shapeR:
		r.register(in, low, size)
	case shapeI:
		r.immediate(in, size)
	case shapeJump:
		r.target(pc + uint64(in.length) + uint64(in.imm))
	}
	return true
}

// target writes where a jump or call goes.
func (r *Reporter) target(pc uint64) {
	r.hex(pc)
	r.function(uintptr(pc), 0)
}
