//go:build tamago

#include "textflag.h"

// func programCounter() uint64
TEXT ·programCounter(SB),NOSPLIT,$0-8
	MOVQ	retpc-8(FP), AX
	MOVQ	AX, ret+0(FP)
	RET

// func stackPointer() uint64
TEXT ·stackPointer(SB),NOSPLIT,$0-8
	LEAQ	ret+0(FP), AX
	MOVQ	AX, ret+0(FP)
	RET

// func enterLine11()
// The lines' vectors begin behind the 32 exceptions.
TEXT ·enterLine11(SB),NOSPLIT,$0-0
	INT	$43
	RET
