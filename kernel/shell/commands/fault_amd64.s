//go:build tamago

#include "textflag.h"

// Each of these raises one exception. None returns, unless a debugger or a
// handler skips the instruction.

// func divide()
TEXT ·divide(SB),NOSPLIT,$0-0
	XORL	DX, DX
	XORL	CX, CX
	MOVL	$1, AX
	DIVQ	CX
	RET

// func undefined()
TEXT ·undefined(SB),NOSPLIT,$0-0
	UD2
	RET

// func breakpoint()
TEXT ·breakpoint(SB),NOSPLIT,$0-0
	INT	$3
	RET

// func singleStep()
// TF is bit 8 of RFLAGS. The trap comes behind the instruction after POPFQ.
TEXT ·singleStep(SB),NOSPLIT,$0-0
	PUSHFQ
	ORQ	$0x100, (SP)
	POPFQ
	XORL	AX, AX
	RET

// func int2()
TEXT ·int2(SB),NOSPLIT,$0-0
	INT	$2
	RET

// func int4()
TEXT ·int4(SB),NOSPLIT,$0-0
	INT	$4
	RET

// func int5()
TEXT ·int5(SB),NOSPLIT,$0-0
	INT	$5
	RET

// func noDevice()
// TS is bit 3 of CR0. No interrupt may come in between: common uses FXSAVE.
TEXT ·noDevice(SB),NOSPLIT,$0-0
	CLI
	MOVQ	CR0, AX
	ORQ	$8, AX
	MOVQ	AX, CR0
	XORPS	X0, X0
	RET

// func int18()
TEXT ·int18(SB),NOSPLIT,$0-0
	INT	$18
	RET

// MXCSR: bits 7 to 12 mask the exceptions, 9 that of division by zero (SDM
// Vol. 1, "MXCSR Control and Status Register").
#define allMasked 0x1f80
#define divideUnmasked 0x1d80

// func simd()
TEXT ·simd(SB),NOSPLIT,$8-0
	MOVL	$divideUnmasked, mxcsr-8(SP)
	LDMXCSR	mxcsr-8(SP)
	XORPS	X1, X1
	MOVL	$0x3f800000, AX // 1.0
	MOVL	AX, X0
	DIVSS	X1, X0
	RET

// func maskSIMD()
TEXT ·maskSIMD(SB),NOSPLIT,$8-0
	MOVL	$allMasked, mxcsr-8(SP)
	LDMXCSR	mxcsr-8(SP)
	RET

// func fpu()
// The control word's bits 0 to 5 mask, 2 that of division by zero. The x87
// raises the exception at its next instruction.
TEXT ·fpu(SB),NOSPLIT,$8-0
	FINIT
	MOVW	$0x037b, cw-8(SP)
	FLDCW	cw-8(SP)
	FLD1
	FLDZ
	FDIVDP	F0, F1
	WAIT
	RET

// func maskFPU()
TEXT ·maskFPU(SB),NOSPLIT,$0-0
	FCLEX
	FINIT
	RET

// func oddAddress()
TEXT ·oddAddress(SB),NOSPLIT,$528-0
	LEAQ	area-528(SP), AX
	ORQ	$1, AX
	FXSAVE64	(AX)
	RET

// func stackSegment()
// BP addresses the stack segment.
TEXT ·stackSegment(SB),NOSPLIT,$8-0
	MOVQ	BP, saved-8(SP)
	MOVQ	$0x800000000000, BP
	MOVQ	0(BP), AX
	MOVQ	saved-8(SP), BP
	RET

// func badSelector()
TEXT ·badSelector(SB),NOSPLIT,$0-0
	MOVL	$0x1230, AX
	MOVW	AX, DS
	RET

// func callAddress(a uintptr)
TEXT ·callAddress(SB),NOSPLIT,$0-8
	MOVQ	a+0(FP), AX
	CALL	AX
	RET

// func absentSegment()
// The selector is that of absentGDT's last entry.
TEXT ·absentSegment(SB),NOSPLIT,$0-0
	MOVL	$0x78, AX
	MOVW	AX, ES
	RET

// func absentStack()
// As absentSegment.
TEXT ·absentStack(SB),NOSPLIT,$0-0
	MOVL	$0x78, AX
	MOVW	AX, SS
	RET

// func enterUser(ip, sp, flags uintptr)
// It never returns: IRETQ pops IP, CS, flags, SP and SS. The selectors are
// interrupts.UserCode and UserData; bit 1 of RFLAGS is always set.
TEXT ·enterUser(SB),NOSPLIT,$40-24
	CLI
	MOVQ	CR0, AX
	ORQ	$(1<<18), AX // AM
	MOVQ	AX, CR0
	MOVQ	ip+0(FP), AX
	MOVQ	sp+8(FP), BX
	MOVQ	flags+16(FP), CX
	ORQ	$2, CX
	MOVQ	AX, 0(SP)
	MOVQ	$0x23, 8(SP)
	MOVQ	CX, 16(SP)
	MOVQ	BX, 24(SP)
	MOVQ	$0x1b, 32(SP)
	IRETQ

// func overflowFrom(top uintptr)
// It never returns: the stack that it was called on is left.
TEXT ·overflowFrom(SB),NOSPLIT,$0-8
	MOVQ	top+0(FP), AX
	MOVQ	AX, SP
more:
	MOVQ	AX, -8(SP)
	SUBQ	$8, SP
	JMP	more
