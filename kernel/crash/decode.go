package crash

// An instruction of 64-bit code is a row of up to 15 bytes (SDM Vol. 2A,
// "Instruction Format"):
//
//	| prefixes | REX | 0F, 0F 38, 0F 3A | opcode | ModRM | SIB | displacement | immediate |
//
// golang.org/x/arch/x86/x86asm takes them apart for the shell's command
// disasm, but allocates. This is a decoder that does not: it knows the length
// of every instruction, which is a matter of a few rules, and the names and
// operands of those that compilers write most.
type instruction struct {
	length int // in bytes; 0: not an instruction that this decoder knows
	rex    byte
	repeat byte // F2 or F3, or 0
	wide   bool // 66: 16-bit operands
	short  bool // 67: 32-bit addresses
	lock   bool
	seg    byte // 64 or 65: FS or GS
	vector bool // VEX or EVEX

	space  int // opcode map: 1, 0F is 2, 0F 38 is 3, 0F 3A is 4
	opcode byte

	mod, reg, rm       byte // ModRM's fields, with REX's bits
	scale, index, base byte // SIB's
	sib, ripRelative   bool
	disp               int64
	imm                int64
	hasModRM           bool
}

// longest is the length of the longest instruction.
const longest = 15

// modRM1 and the others tell about the one-byte opcodes, a bit each: word i has
// those from 64*i on.
var (
	modRM1   = [4]uint64{0x0f0f0f0f0f0f0f0f, 0x00000a0800000000, 0x000000000000fffb, 0xc0c00000ff0f00c3}
	imm8s1   = [4]uint64{0x1010101010101010, 0xffff0c0000000000, 0x00ff010000000009, 0x000008ff00002043}
	immZs1   = [4]uint64{0x2020202020202020, 0x0000030000000000, 0xff00020000000002, 0x0000000000000080}
	invalid1 = [4]uint64{0x80808080c0c040c0, 0x0000000300000000, 0x0000000004000004, 0x0000040000704000}
)

func has(set *[4]uint64, opcode byte) bool { return set[opcode>>6]>>(opcode&63)&1 != 0 }

// decode takes the first instruction of code apart.
func decode(code []byte) (in instruction) {
	if len(code) > longest {
		code = code[:longest]
	}
	at := 0
	next := func() byte {
		at++
		if at > len(code) {
			return 0
		}
		return code[at-1]
	}
	// Prefixes. REX counts only right before the opcode.
	b := next()
	for ; at <= len(code); b = next() {
		if b&0xf0 == 0x40 {
			in.rex = b
			continue
		}
		switch b {
		case 0x66:
			in.wide = true
		case 0x67:
			in.short = true
		case 0xf0:
			in.lock = true
		case 0xf2, 0xf3:
			in.repeat = b
		case 0x64, 0x65:
			in.seg = b
		case 0x26, 0x2e, 0x36, 0x3e:
		default:
			goto opcode
		}
		in.rex = 0
	}
opcode:
	in.space = 1
	switch b {
	case 0x0f:
		in.space = 2
		switch b = next(); b {
		case 0x38:
			in.space, b = 3, next()
		case 0x3a:
			in.space, b = 4, next()
		}
	case 0xc5: // VEX, two bytes
		p := next()
		in.vector, in.space, in.rex = true, 2, ^p>>5&4
		b = next()
	case 0xc4, 0x62: // VEX, three bytes; EVEX, four
		p := next()
		in.vector, in.space, in.rex = true, int(p&7)+1, ^p>>5
		next()
		if b == 0x62 {
			next()
		}
		b = next()
		if in.space < 2 || in.space > 4 {
			return instruction{}
		}
	}
	in.opcode = b

	immediate, ok := in.shape()
	if !ok {
		return instruction{}
	}
	if in.hasModRM {
		m := next()
		in.mod, in.reg, in.rm = m>>6, m>>3&7|in.rex<<1&8, m&7
		if in.space == 2 && in.opcode&0xf8 == 0x20 {
			in.mod = 3 // control and debug registers are not in memory
		}
		if in.mod != 3 {
			size := 0
			if in.rm == 4 {
				s := next()
				in.sib = true
				in.scale, in.index, in.base = s>>6, s>>3&7|in.rex<<2&8, s&7
				if in.base == 5 && in.mod == 0 {
					size = 4
				}
			}
			switch {
			case in.mod == 1:
				size = 1
			case in.mod == 2:
				size = 4
			case in.rm == 5:
				size, in.ripRelative = 4, true
			}
			in.disp = number(next, size)
		}
		if in.space == 1 && in.opcode&^1 == 0xf6 && in.reg&7 < 2 { // TEST has one, NOT and so on have none
			immediate = in.immZ()
			if in.opcode == 0xf6 {
				immediate = 1
			}
		}
	}
	in.imm = number(next, immediate)
	if at <= len(code) {
		in.length = at
	}
	return in
}

// number reads a little-endian number of so many bytes, with its sign.
func number(next func() byte, size int) int64 {
	v := uint64(0)
	for i := range size {
		v |= uint64(next()) << (8 * i)
	}
	shift := 64 - 8*size
	return int64(v<<shift) >> shift
}

// immZ is the length of an immediate number of the operand's size, at most 4.
func (in *instruction) immZ() int {
	if in.wide && in.rex&8 == 0 {
		return 2
	}
	return 4
}

// shape sets whether there is a ModRM byte and returns how long the immediate
// number is.
func (in *instruction) shape() (immediate int, ok bool) {
	op := in.opcode
	switch in.space {
	case 3: // 0F 38
		in.hasModRM = true
		return 0, true
	case 4: // 0F 3A
		in.hasModRM = true
		return 1, true
	case 2: // 0F
		in.hasModRM = true
		switch {
		case op == 0x04, op == 0x0a, op == 0x0c, op == 0xa6, op == 0xa7, op == 0x25, op == 0x27,
			op == 0x36, op > 0x37 && op < 0x40:
			return 0, false
		case op >= 0x05 && op < 0x0d, op == 0x0e, op >= 0x30 && op < 0x38, op == 0x77,
			op >= 0xa0 && op < 0xa3, op >= 0xa8 && op < 0xab, op >= 0xc8 && op < 0xd0:
			in.hasModRM = false
		case op&0xf0 == 0x80:
			in.hasModRM = in.vector // mask registers
			return 4, !in.vector
		case op == 0x0f, op >= 0x70 && op < 0x74, op == 0xa4, op == 0xac, op == 0xba, op == 0xc2,
			op >= 0xc4 && op < 0xc7:
			return 1, true
		}
		return 0, true
	}
	if has(&invalid1, op) {
		return 0, false
	}
	in.hasModRM = has(&modRM1, op)
	switch {
	case has(&imm8s1, op):
		immediate = 1
	case has(&immZs1, op):
		immediate = in.immZ()
		if op&0xf8 == 0xb8 && in.rex&8 != 0 {
			immediate = 8
		}
	case op == 0xe8, op == 0xe9: // calls and jumps: 32 bits whatever the prefixes
		immediate = 4
	case op == 0xc2, op == 0xca:
		immediate = 2
	case op == 0xc8:
		immediate = 3
	case op >= 0xa0 && op < 0xa4:
		immediate = 8
		if in.short {
			immediate = 4
		}
	}
	return immediate, true
}
