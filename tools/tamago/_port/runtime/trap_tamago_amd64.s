// Where interrupts and exceptions of the kernel enter the runtime. All of
// this is an extension of the hook contract: see irq_tamago.go.

#include "go_asm.h"
#include "go_tls.h"
#include "textflag.h"

// trapsigpanic makes an exception a Go panic. The exception handler pushes
// the faulting RIP on the interrupted stack, as if the faulting instruction
// had called this function, and resumes here.
//
//	In:  AX = signal number, BX = signal code, CX = address, DX = faulting PC.
//	Out: does not return; becomes runtime.sigpanic, which the unwinder knows
//	     to be "called" by an instruction that is no call.
TEXT runtime·trapsigpanic(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	get_tls(R14)
	MOVQ	g(R14), R14
	MOVL	AX, g_sig(R14)
	MOVQ	BX, g_sigcode0(R14)
	MOVQ	CX, g_sigcode1(R14)
	MOVQ	DX, g_sigpc(R14)
	XORPS	X15, X15
	JMP	runtime·sigpanic0(SB)

// Layout of what irqtick and trapTraceback put on the gsignal stack: up to
// three arguments, then what the way back needs.
#define SAVED_SP	48
#define SAVED_G		56
#define ROOM		64

// irqtick tells the scheduler of a timer interrupt, or of a Wake.
//
// Like a signal handler on other systems, it runs Go code on the M's gsignal
// stack. It does nothing while the M is on that already.
//
//	In:        DI = what the CPU pushed for an interrupt from ring 0
//	           (irqFrame); it may be changed. SP = the handler's own stack,
//	           IF=0. The handler has saved general, x87 and vector registers.
//	Clobbers:  all of those.
TEXT runtime·irqtick(SB),NOSPLIT|NOFRAME,$0
	get_tls(CX)
	MOVQ	g(CX), R14
	TESTQ	R14, R14
	JEQ	ret
	MOVQ	g_m(R14), BX
	TESTQ	BX, BX
	JEQ	ret
	MOVQ	m_gsignal(BX), DX
	TESTQ	DX, DX
	JEQ	ret
	CMPQ	DX, R14
	JEQ	ret
	MOVQ	(g_stack+stack_hi)(DX), AX
	SUBQ	$ROOM, AX
	ANDQ	$~15, AX
	MOVQ	SP, SAVED_SP(AX)
	MOVQ	R14, SAVED_G(AX)
	MOVQ	R14, 0(AX)
	MOVQ	DI, 8(AX)
	MOVQ	DX, g(CX)
	MOVQ	AX, SP
	CLD
	CALL	runtime·irqpreempt(SB)
	MOVQ	SAVED_G(SP), R14
	MOVQ	SAVED_SP(SP), SP
	get_tls(CX)
	MOVQ	R14, g(CX)
ret:
	RET

// func trapTraceback(gp unsafe.Pointer, pc, sp uintptr) bool
//
// See irq_tamago.go. The caller is on a stack of its own, with some g; this
// one runs on the gsignal stack of gp's M, if gp was not on that itself.
TEXT runtime·trapTraceback(SB),NOSPLIT|NOFRAME,$0-25
	MOVB	$0, ret+24(FP)
	MOVQ	gp+0(FP), BX
	MOVQ	pc+8(FP), SI
	MOVQ	sp+16(FP), DI
	TESTQ	BX, BX
	JEQ	ret
	MOVQ	g_m(BX), DX
	TESTQ	DX, DX
	JEQ	ret
	MOVQ	m_gsignal(DX), DX
	TESTQ	DX, DX
	JEQ	ret
	CMPQ	DX, BX
	JEQ	ret
	MOVQ	(g_stack+stack_hi)(DX), AX
	SUBQ	$ROOM, AX
	ANDQ	$~15, AX
	get_tls(CX)
	MOVQ	g(CX), R8
	MOVQ	SP, SAVED_SP(AX)
	MOVQ	R8, SAVED_G(AX)
	MOVQ	BX, 0(AX)
	MOVQ	SI, 8(AX)
	MOVQ	DI, 16(AX)
	MOVQ	DX, g(CX)
	MOVQ	AX, SP
	CLD
	CALL	runtime·trapPrint(SB)
	MOVQ	SAVED_G(SP), R14
	MOVQ	SAVED_SP(SP), SP
	get_tls(CX)
	MOVQ	R14, g(CX)
	MOVB	$1, ret+24(FP)
ret:
	RET

// func rflags() uintptr
TEXT runtime·rflags(SB),NOSPLIT,$0-8
	PUSHFQ
	POPQ	AX
	MOVQ	AX, ret+0(FP)
	RET
