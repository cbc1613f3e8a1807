//go:build tamago

#include "go_asm.h"
#include "textflag.h"

// entry is where the trampoline ends.
//
//	In:   DI = &next, a stack of its own, the kernel's page tables,
//	      interrupts off.
TEXT entry<>(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVQ	newcomer_fs(DI), AX
	MOVQ	AX, DX
	SHRQ	$32, DX
	MOVL	$0xc0000100, CX		// IA32_FS_BASE
	WRMSR
	XORPS	X15, X15		// Go's zero register
	CALL	·main(SB)
	INT	$3

// func entryAddress() uintptr
TEXT ·entryAddress(SB),NOSPLIT,$0-8
	LEAQ	entry<>(SB), AX
	MOVQ	AX, ret+0(FP)
	RET
