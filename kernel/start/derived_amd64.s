//go:build tamago && derived

#include "textflag.h"

// func sigPanicEntry() uintptr
TEXT ·sigPanicEntry(SB),NOSPLIT,$0-8
	LEAQ	runtime·trapsigpanic(SB), AX
	MOVQ	AX, ret+0(FP)
	RET

// func tickEntry() uintptr
TEXT ·tickEntry(SB),NOSPLIT,$0-8
	LEAQ	runtime·irqtick(SB), AX
	MOVQ	AX, ret+0(FP)
	RET
