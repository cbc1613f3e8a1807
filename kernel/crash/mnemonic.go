package crash

// Names of the instructions, in groups of eight or sixteen that share a shape.
var (
	arithmetic = [8]string{"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"}
	shifts     = [8]string{"rol", "ror", "rcl", "rcr", "shl", "shr", "shl", "sar"}
	unary      = [8]string{"test", "test", "not", "neg", "mul", "imul", "div", "idiv"}
	bits       = [8]string{4: "bt", 5: "bts", 6: "btr", 7: "btc"}
	conditions = [16]string{"o", "no", "b", "nb", "z", "nz", "be", "nbe", "s", "ns", "p", "np", "l", "nl", "le", "nle"}
)

// alone are instructions of one byte, or 0F and one, without operands.
func (in *instruction) alone() string {
	switch {
	case in.lock, in.short:
	case in.space == 1 && !in.wide && in.repeat == 0:
		switch in.opcode {
		case 0xc3:
			return "ret"
		case 0xc9:
			return "leave"
		case 0xcc:
			return "int3"
		case 0xf1:
			return "int1"
		case 0xf4:
			return "hlt"
		case 0xfa:
			return "cli"
		case 0xfb:
			return "sti"
		case 0xfc:
			return "cld"
		case 0xfd:
			return "std"
		case 0x98:
			return [...]string{"cwde", "cdqe"}[in.rex>>3&1]
		case 0x99:
			return [...]string{"cdq", "cqo"}[in.rex>>3&1]
		case 0x9b:
			return "fwait"
		case 0xcf:
			return [...]string{"iretd", "iretq"}[in.rex>>3&1]
		case 0x90:
			if in.rex&1 == 0 {
				return "nop"
			}
		}
	case in.space == 2 && !in.vector && in.repeat == 0 && !in.wide:
		switch in.opcode {
		case 0x05:
			return "syscall"
		case 0x06:
			return "clts"
		case 0x0b:
			return "ud2"
		case 0x09:
			return "wbinvd"
		case 0x30:
			return "wrmsr"
		case 0x31:
			return "rdtsc"
		case 0x32:
			return "rdmsr"
		case 0xa2:
			return "cpuid"
		}
	}
	return ""
}

// Operand shapes: E is the register or memory that ModRM names, G the other
// register, I the immediate number.
type shape uint8

const (
	shapeNone shape = iota
	shapeEG
	shapeGE
	shapeEI
	shapeE
	shapeGEI
	shapeE1  // shifted by one
	shapeECL // shifted by CL
	shapeAI  // accumulator
	shapeRI  // register in the opcode
	shapeR   // the same, 64 bits
	shapeI
	shapeJump
)

// form returns the instruction's name, its operands' shape and size in bytes:
// size of E, register of G. An empty name is none of those that are known.
func (in *instruction) form() (name string, s shape, size int) {
	op := in.opcode
	size = 4
	switch {
	case in.rex&8 != 0:
		size = 8
	case in.wide:
		size = 2
	}
	if in.vector || in.repeat != 0 || in.lock || in.short {
		return "", shapeNone, 0
	}
	if in.space == 2 {
		switch {
		case op&0xf0 == 0x40:
			return "cmov", shapeGE, size
		case op&0xf0 == 0x80 && !in.wide:
			return "j", shapeJump, size
		case op&0xf0 == 0x90:
			return "set", shapeE, 1
		case op == 0xa3, op == 0xab, op == 0xb3, op == 0xbb:
			return bits[op>>3&7], shapeEG, size
		case op == 0xba && in.reg&4 != 0:
			return bits[in.reg&7], shapeEI, size
		case op == 0xaf:
			return "imul", shapeGE, size
		case op == 0xbc && !in.wide:
			return "bsf", shapeGE, size
		case op == 0xbd && !in.wide:
			return "bsr", shapeGE, size
		case op == 0x20 || op == 0x22:
			return "mov", shapeNone, 8
		case op&^9 == 0xb6 && !in.wide:
			return [...]string{"movzx", "movsx"}[op>>3&1], shapeGE, size
		}
		return "", shapeNone, 0
	}
	if in.space != 1 {
		return "", shapeNone, 0
	}
	if op&1 == 0 {
		switch {
		case op < 0x40, op == 0x80, op >= 0x84 && op < 0x8c, op == 0xa8, op == 0xc0, op == 0xc6,
			op == 0xd0, op == 0xd2, op == 0xf6, op == 0xfe:
			size = 1
		}
	}
	switch {
	case op < 0x40:
		return arithmetic[op>>3], [...]shape{shapeEG, shapeEG, shapeGE, shapeGE, shapeAI, shapeAI}[op&7], size
	case op&0xf8 == 0x50 && !in.wide:
		return "push", shapeR, 8
	case op&0xf8 == 0x58 && !in.wide:
		return "pop", shapeR, 8
	case op == 0x63 && in.rex&8 != 0:
		return "movsxd", shapeGE, 8
	case (op == 0x68 || op == 0x6a) && !in.wide:
		return "push", shapeI, 8
	case op == 0x69, op == 0x6b:
		return "imul", shapeGEI, size
	case op&0xf0 == 0x70, op == 0xeb && !in.wide, op == 0xe9 && !in.wide, op == 0xe8 && !in.wide:
		return [...]string{"j", "call", "jmp"}[btoi(op >= 0xe8)+btoi(op > 0xe8)], shapeJump, size
	case op == 0x80, op == 0x81, op == 0x83:
		return arithmetic[in.reg&7], shapeEI, size
	case op&^1 == 0x84:
		return "test", shapeEG, size
	case op&^1 == 0x86:
		return "xchg", shapeEG, size
	case op&^1 == 0x88:
		return "mov", shapeEG, size
	case op&^1 == 0x8a:
		return "mov", shapeGE, size
	case op == 0x8d && in.mod != 3:
		return "lea", shapeGE, size
	case op&^1 == 0xa8:
		return "test", shapeAI, size
	case op&0xf8 == 0xb0:
		return "mov", shapeRI, 1
	case op&0xf8 == 0xb8:
		return "mov", shapeRI, size
	case op&^1 == 0xc0:
		return shifts[in.reg&7], shapeEI, size
	case op&^1 == 0xd0:
		return shifts[in.reg&7], shapeE1, size
	case op&^1 == 0xd2:
		return shifts[in.reg&7], shapeECL, size
	case op&^1 == 0xc6 && in.reg&7 == 0:
		return "mov", shapeEI, size
	case op == 0xcd:
		return "int", shapeI, 1
	case op&^1 == 0xf6 && in.reg&7 == 0:
		return "test", shapeEI, size
	case op&^1 == 0xf6 && in.reg&7 > 1:
		return unary[in.reg&7], shapeE, size
	case op&^1 == 0xfe && in.reg&7 < 2:
		return [...]string{"inc", "dec"}[in.reg&1], shapeE, size
	case op == 0xff && in.reg&7 == 2:
		return "call", shapeE, 8
	case op == 0xff && in.reg&7 == 4:
		return "jmp", shapeE, 8
	case op == 0xff && in.reg&7 == 6 && !in.wide:
		return "push", shapeE, 8
	}
	return "", shapeNone, 0
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
