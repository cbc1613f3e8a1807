//go:build tamago

#include "go_asm.h"
#include "textflag.h"

// func Pin() (index int, flags uint64)
TEXT ·Pin(SB),NOSPLIT,$0-16
	PUSHFQ
	POPQ	AX
	CLI
	MOVQ	AX, flags+8(FP)
	MOVQ	const_IndexOffset(GS), AX
	MOVQ	AX, index+0(FP)
	RET

// func Unpin(flags uint64)
TEXT ·Unpin(SB),NOSPLIT,$0-8
	PUSHQ	flags+0(FP)
	POPFQ
	RET
