#include "go_asm.h"
#include "textflag.h"

// func change(from, to *Thread)
//
// Go's functions keep nothing in registers over a call but SP and BP; the
// current g is found through FS. So that is all there is to save.
TEXT ·change(SB),NOSPLIT|NOFRAME,$0-16
	MOVQ	from+0(FP), SI
	MOVQ	to+8(FP), DI
	MOVL	$0xc0000100, CX		// IA32_FS_BASE
	RDMSR
	MOVL	AX, (Thread_fs+0)(SI)
	MOVL	DX, (Thread_fs+4)(SI)
	SUBQ	$8, SP
	MOVQ	BP, 0(SP)
	MOVQ	SP, Thread_sp(SI)

	MOVL	(Thread_fs+0)(DI), AX
	MOVL	(Thread_fs+4)(DI), DX
	WRMSR
	MOVQ	Thread_sp(DI), SP
	MOVQ	0(SP), BP
	ADDQ	$8, SP
	RET

// A new thread: change "returns" here, with the lock held and DI = thread.
// Interrupts come on; the runtime's code follows and never returns.
TEXT start<>(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVL	$0, ·locked(SB)
	MOVQ	Thread_mp(DI), SI
	MOVQ	Thread_fn(DI), AX
	MOVQ	Thread_gp(DI), DI
	STI
	CALL	AX
	INT	$3

// func startAddress() uintptr
TEXT ·startAddress(SB),NOSPLIT,$0-8
	LEAQ	start<>(SB), AX
	MOVQ	AX, ret+0(FP)
	RET
