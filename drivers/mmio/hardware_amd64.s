#include "textflag.h"

// Each function is one access of the width in its name, at a virtual address.
//
//	Clobbers:  AX, BX.
//	Stack:     none.

// func load8(addr uint64) uint8
TEXT ·load8(SB),NOSPLIT,$0-9
	MOVQ	addr+0(FP), BX
	MOVB	(BX), AX
	MOVB	AX, ret+8(FP)
	RET

// func load16(addr uint64) uint16
TEXT ·load16(SB),NOSPLIT,$0-10
	MOVQ	addr+0(FP), BX
	MOVW	(BX), AX
	MOVW	AX, ret+8(FP)
	RET

// func load32(addr uint64) uint32
TEXT ·load32(SB),NOSPLIT,$0-12
	MOVQ	addr+0(FP), BX
	MOVL	(BX), AX
	MOVL	AX, ret+8(FP)
	RET

// func load64(addr uint64) uint64
TEXT ·load64(SB),NOSPLIT,$0-16
	MOVQ	addr+0(FP), BX
	MOVQ	(BX), AX
	MOVQ	AX, ret+8(FP)
	RET

// func store8(addr uint64, v uint8)
TEXT ·store8(SB),NOSPLIT,$0-9
	MOVQ	addr+0(FP), BX
	MOVB	v+8(FP), AX
	MOVB	AX, (BX)
	RET

// func store16(addr uint64, v uint16)
TEXT ·store16(SB),NOSPLIT,$0-10
	MOVQ	addr+0(FP), BX
	MOVW	v+8(FP), AX
	MOVW	AX, (BX)
	RET

// func store32(addr uint64, v uint32)
TEXT ·store32(SB),NOSPLIT,$0-12
	MOVQ	addr+0(FP), BX
	MOVL	v+8(FP), AX
	MOVL	AX, (BX)
	RET

// func store64(addr uint64, v uint64)
TEXT ·store64(SB),NOSPLIT,$0-16
	MOVQ	addr+0(FP), BX
	MOVQ	v+8(FP), AX
	MOVQ	AX, (BX)
	RET
