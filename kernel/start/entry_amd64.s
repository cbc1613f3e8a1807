//go:build tamago

#include "textflag.h"

// entry is the first code of the Go image, by way of goos.CPUInit.
//
//	In:   EDI = Multiboot magic, ESI = physical address of the boot
//	      information, EDX and ECX = start and end of the code for other
//	      processors; interrupts off, the stub's stack and page tables.
//	Out:  jumps to the runtime, on the g0 stack that early has mapped.
//
// Go code finds the current goroutine (g) in thread-local storage, at -8(FS).
// There is none yet: a zero one serves, whose stack limit of 0 satisfies every
// function prologue.
TEXT ·entry(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVL	DX, ·trampolineStart(SB)
	MOVL	CX, ·trampolineEnd(SB)
	RDTSC
	SHLQ	$32, DX
	ORQ	DX, AX
	MOVQ	AX, ·entryTSC(SB)
	MOVL	DI, ·bootMagic(SB)
	MOVL	SI, ·bootInfo(SB)

	LEAQ	·earlyG(SB), AX
	MOVQ	AX, ·earlyTLS(SB)
	LEAQ	·earlyTLS+8(SB), AX
	MOVQ	AX, DX
	SHRQ	$32, DX
	MOVL	$0xc0000100, CX		// IA32_FS_BASE
	WRMSR
	XORPS	X15, X15		// Go's zero register
	CALL	·early(SB)

	// The stack is the contract's: below the end of RAM.
	MOVQ	runtime∕goos·RamStart(SB), SP
	ADDQ	runtime∕goos·RamSize(SB), SP
	SUBQ	runtime∕goos·RamStackOffset(SB), SP
	JMP	_rt0_tamago_start(SB)
