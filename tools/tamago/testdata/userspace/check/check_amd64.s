#include "textflag.h"

TEXT ·illegal(SB),NOSPLIT,$8-0
	UD2
	RET

TEXT ·divide(SB),NOSPLIT,$8-0
	XORL	CX, CX
	XORL	DX, DX
	MOVL	$1, AX
	IDIVL	CX
	RET

TEXT ·breakpoint(SB),NOSPLIT,$8-0
	INT	$3
	RET

// func poke(addr uintptr)
TEXT ·poke(SB),NOSPLIT,$8-8
	MOVQ	addr+0(FP), AX
	MOVB	$1, (AX)
	RET
