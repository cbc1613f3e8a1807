//go:build tamago

#include "textflag.h"

// func stackGuard() uintptr
// The g begins with stack.lo, stack.hi, stackguard0.
TEXT ·stackGuard(SB),NOSPLIT,$0-8
	MOVQ	(TLS), AX
	MOVQ	16(AX), AX
	MOVQ	AX, ret+0(FP)
	RET

// func stackRoom()
// Its prologue, which the assembler writes, grows the stack to hold the frame.
TEXT ·stackRoom(SB),0,$4096-0
	RET
