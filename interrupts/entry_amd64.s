#include "go_asm.h"
#include "textflag.h"

// func vectorsAddress() uintptr
TEXT ·vectorsAddress(SB),NOSPLIT,$0-8
	LEAQ	·vectors(SB), AX
	MOVQ	AX, ret+0(FP)
	RET

// func current() *CPU
TEXT ·current(SB),NOSPLIT,$0-8
	MOVQ	CPU_self(GS), AX
	MOVQ	AX, ret+0(FP)
	RET

// book:begin stubs
// One stub a vector, 16 bytes apart. Each makes the stack look alike, an error
// code below the processor's part and the vector below that, and goes on in
// common. PUSH is written as bytes (6a imm8, 68 imm32), because the assembler
// would add up the pushes of all 256 stubs as if they followed one another;
// interrupts_test.go decodes them.
#define VIA(n, next) \
	PCALIGN	$16; \
	BYTE $0x6a; BYTE $0; \
	BYTE $0x68; LONG $n; \
	JMP	next(SB)
#define PLAIN(n) \
	VIA(n, ·common)
#define ERROR(n) \
	PCALIGN	$16; \
	BYTE $0x68; LONG $n; \
	JMP	·common(SB)
// book:end stubs
#define PLAIN8(n) \
	PLAIN(n+0) \
	PLAIN(n+1) \
	PLAIN(n+2) \
	PLAIN(n+3) \
	PLAIN(n+4) \
	PLAIN(n+5) \
	PLAIN(n+6) \
	PLAIN(n+7)
#define PLAIN32(n) \
	PLAIN8(n+0) \
	PLAIN8(n+8) \
	PLAIN8(n+16) \
	PLAIN8(n+24)

// book:begin vectors
TEXT ·vectors(SB),NOSPLIT|NOFRAME,$0
	PLAIN(0)
	PLAIN(1)
	PLAIN(2)
	PLAIN(3)
	PLAIN(4)
	PLAIN(5)
	PLAIN(6)
	VIA(7, ·noDevice)
	ERROR(8)
	PLAIN(9)
	ERROR(10)
	ERROR(11)
	ERROR(12)
	ERROR(13)
	ERROR(14)
// book:end vectors
	PLAIN(15)
	PLAIN(16)
	ERROR(17)
	PLAIN(18)
	PLAIN(19)
	PLAIN(20)
	ERROR(21)
	PLAIN(22)
	PLAIN(23)
	PLAIN(24)
	PLAIN(25)
	PLAIN(26)
	PLAIN(27)
	PLAIN(28)
	ERROR(29)
	ERROR(30)
	PLAIN(31)
	PLAIN32(32)
	PLAIN32(64)
	PLAIN32(96)
	PLAIN32(128)
	PLAIN32(160)
	PLAIN32(192)
	PLAIN32(224)

// noDevice is the way to common of #NM. CR0 says that the FPU and SSE are switched
// off (TS, bit 3) or not there (EM, bit 2): common's FXSAVE would raise #NM
// again, and so for ever. So they are switched on, and what CR0 said goes where
// other exceptions have their error code.
//
//	In:        as common.
//	Out:       to common; CR0.TS and CR0.EM are clear.
//	Clobbers:  nothing but that.
//	Stack:     8 bytes, given back.
TEXT ·noDevice(SB),NOSPLIT|NOFRAME,$0
	PUSHQ	AX
	MOVQ	CR0, AX
	MOVQ	AX, (8+Frame_Error-Frame_Vector)(SP)
	ANDQ	$~(1<<3 | 1<<2), AX
	MOVQ	AX, CR0
	POPQ	AX
	JMP	·common(SB)

// book:begin save
// common saves the interrupted state as a Frame, calls dispatch, restores it.
//
//	In:        Frame.Vector and above, on an interrupt stack; interrupts off.
//	Out:       IRETQ through the Frame as dispatch left it.
//	Clobbers:  nothing. Compiled Go uses XMM registers freely, hence FXSAVE.
//	Stack:     176 bytes of Frame, up to 640 here, plus dispatch and what it
//	           calls. NOFRAME hides them from the linker's nosplit check.
//
// BP is left alone: dispatch's frame record then links to the interrupted
// function's, and a walk along frame pointers crosses the interrupt.
//
// Below the Frame, from a 64-byte boundary up:
//
//	  0  FXSAVE area
//	512  address of the Frame
//	520  the interrupted goroutine's g
TEXT ·common(SB),NOSPLIT|NOFRAME,$0
	SUBQ	$Frame_Vector, SP
	MOVQ	AX, Frame_AX(SP)
	MOVQ	BX, Frame_BX(SP)
	MOVQ	CX, Frame_CX(SP)
	MOVQ	DX, Frame_DX(SP)
	MOVQ	SI, Frame_SI(SP)
	MOVQ	DI, Frame_DI(SP)
	MOVQ	BP, Frame_BP(SP)
	MOVQ	R8, Frame_R8(SP)
	MOVQ	R9, Frame_R9(SP)
	MOVQ	R10, Frame_R10(SP)
	MOVQ	R11, Frame_R11(SP)
	MOVQ	R12, Frame_R12(SP)
	MOVQ	R13, Frame_R13(SP)
	MOVQ	R14, Frame_R14(SP)
	MOVQ	R15, Frame_R15(SP)
// book:end save

// book:begin call
	CLD
	MOVQ	SP, BX
	SUBQ	$(512+64), SP
	ANDQ	$~63, SP
	FXSAVE64	(SP)
	MOVQ	BX, 512(SP)

	// The handler g takes the goroutine's place in thread-local storage.
	MOVQ	(TLS), CX
	MOVQ	CX, 520(SP)
	MOVQ	CPU_self(GS), AX
	ADDQ	$CPU_handlerG, AX
	MOVQ	AX, (TLS)

	SUBQ	$32, SP
	MOVQ	BX, 0(SP)
	MOVQ	CX, 8(SP)
	CALL	·dispatch(SB)
	MOVB	16(SP), AX
	ADDQ	$32, SP
// book:end call

	MOVQ	520(SP), CX
	MOVQ	CX, (TLS)

	// Let the scheduler look, if dispatch says so.
	TESTB	AX, AX
	JEQ	restore
	MOVQ	·tickEntry(SB), AX
	TESTQ	AX, AX
	JEQ	restore
	MOVQ	512(SP), DI
	ADDQ	$Frame_IP, DI
	CALL	AX

// book:begin restore
restore:
	FXRSTOR64	(SP)
	MOVQ	512(SP), SP
	MOVQ	Frame_AX(SP), AX
	MOVQ	Frame_BX(SP), BX
	MOVQ	Frame_CX(SP), CX
	MOVQ	Frame_DX(SP), DX
	MOVQ	Frame_SI(SP), SI
	MOVQ	Frame_DI(SP), DI
	MOVQ	Frame_BP(SP), BP
	MOVQ	Frame_R8(SP), R8
	MOVQ	Frame_R9(SP), R9
	MOVQ	Frame_R10(SP), R10
	MOVQ	Frame_R11(SP), R11
	MOVQ	Frame_R12(SP), R12
	MOVQ	Frame_R13(SP), R13
	MOVQ	Frame_R14(SP), R14
	MOVQ	Frame_R15(SP), R15
	ADDQ	$Frame_IP, SP
	IRETQ
// book:end restore

// func Trap()
TEXT ·Trap(SB),NOSPLIT,$0-0
	INT	$3
	RET

// func Software80()
TEXT ·Software80(SB),NOSPLIT,$0-0
	INT	$0x80
	RET
