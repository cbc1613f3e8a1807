#include "textflag.h"

// func CPUID(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32)
TEXT ·CPUID(SB),NOSPLIT,$0-24
	MOVL	leaf+0(FP), AX
	MOVL	subleaf+4(FP), CX
	CPUID
	MOVL	AX, eax+8(FP)
	MOVL	BX, ebx+12(FP)
	MOVL	CX, ecx+16(FP)
	MOVL	DX, edx+20(FP)
	RET

// func TSC() uint64
TEXT ·TSC(SB),NOSPLIT,$0-8
	RDTSC
	SHLQ	$32, DX
	ORQ	DX, AX
	MOVQ	AX, ret+0(FP)
	RET

// func OrderedTSC() uint64
TEXT ·OrderedTSC(SB),NOSPLIT,$0-8
	LFENCE
	RDTSC
	SHLQ	$32, DX
	ORQ	DX, AX
	MOVQ	AX, ret+0(FP)
	RET

// func ReadMSR(msr uint32) uint64
TEXT ·ReadMSR(SB),NOSPLIT,$0-16
	MOVL	msr+0(FP), CX
	RDMSR
	SHLQ	$32, DX
	ORQ	DX, AX
	MOVQ	AX, ret+8(FP)
	RET

// func WriteMSR(msr uint32, v uint64)
TEXT ·WriteMSR(SB),NOSPLIT,$0-16
	MOVL	msr+0(FP), CX
	MOVQ	v+8(FP), AX
	MOVQ	AX, DX
	SHRQ	$32, DX
	WRMSR
	RET

// func Fence()
TEXT ·Fence(SB),NOSPLIT,$0-0
	MFENCE
	LFENCE
	RET

// func CR0() uint64
TEXT ·CR0(SB),NOSPLIT,$0-8
	MOVQ	CR0, AX
	MOVQ	AX, ret+0(FP)
	RET

// func SetCR0(v uint64)
TEXT ·SetCR0(SB),NOSPLIT,$0-8
	MOVQ	v+0(FP), AX
	MOVQ	AX, CR0
	RET

// func CR2() uint64
TEXT ·CR2(SB),NOSPLIT,$0-8
	MOVQ	CR2, AX
	MOVQ	AX, ret+0(FP)
	RET

// func CR3() uint64
TEXT ·CR3(SB),NOSPLIT,$0-8
	MOVQ	CR3, AX
	MOVQ	AX, ret+0(FP)
	RET

// func SetCR3(v uint64)
TEXT ·SetCR3(SB),NOSPLIT,$0-8
	MOVQ	v+0(FP), AX
	MOVQ	AX, CR3
	RET

// func CR4() uint64
TEXT ·CR4(SB),NOSPLIT,$0-8
	MOVQ	CR4, AX
	MOVQ	AX, ret+0(FP)
	RET

// func SetCR4(v uint64)
TEXT ·SetCR4(SB),NOSPLIT,$0-8
	MOVQ	v+0(FP), AX
	MOVQ	AX, CR4
	RET

// func XCR0() uint64
TEXT ·XCR0(SB),NOSPLIT,$0-8
	XORL	CX, CX
	XGETBV
	SHLQ	$32, DX
	ORQ	DX, AX
	MOVQ	AX, ret+0(FP)
	RET

// func SetXCR0(v uint64)
TEXT ·SetXCR0(SB),NOSPLIT,$0-8
	XORL	CX, CX
	MOVQ	v+0(FP), AX
	MOVQ	AX, DX
	SHRQ	$32, DX
	XSETBV
	RET

// func Flags() uint64
TEXT ·Flags(SB),NOSPLIT,$0-8
	PUSHFQ
	POPQ	AX
	MOVQ	AX, ret+0(FP)
	RET

// func SetFlags(v uint64)
TEXT ·SetFlags(SB),NOSPLIT,$0-8
	MOVQ	v+0(FP), AX
	PUSHQ	AX
	POPFQ
	RET

// func DisableInterrupts() uint64
TEXT ·DisableInterrupts(SB),NOSPLIT,$0-8
	PUSHFQ
	POPQ	AX
	CLI
	MOVQ	AX, ret+0(FP)
	RET

// func EnableInterrupts()
TEXT ·EnableInterrupts(SB),NOSPLIT,$0-0
	STI
	RET

// func WaitForInterrupt()
TEXT ·WaitForInterrupt(SB),NOSPLIT,$0-0
	STI
	HLT
	RET

// func Halt()
TEXT ·Halt(SB),NOSPLIT,$0-0
	CLI
forever:
	HLT
	JMP	forever

// func Pause()
TEXT ·Pause(SB),NOSPLIT,$0-0
	PAUSE
	RET

// func InvalidatePage(v uintptr)
TEXT ·InvalidatePage(SB),NOSPLIT,$0-8
	MOVQ	v+0(FP), AX
	INVLPG	(AX)
	RET

// func LoadGDT(operand *[10]byte)
TEXT ·LoadGDT(SB),NOSPLIT,$0-8
	MOVQ	operand+0(FP), AX
	LGDT	(AX)
	RET

// func LoadIDT(operand *[10]byte)
TEXT ·LoadIDT(SB),NOSPLIT,$0-8
	MOVQ	operand+0(FP), AX
	LIDT	(AX)
	RET

// func LoadTR(selector uint16)
TEXT ·LoadTR(SB),NOSPLIT,$0-2
	MOVW	selector+0(FP), AX
	LTR	AX
	RET

// func LoadSegments(code, data uint16)
//
// CS cannot be moved to: a far return pops it together with RIP. So this
// function returns far, with the new CS put behind its return address. Loading
// FS or GS would clear the base address, where FS holds the goroutine pointer;
// they are left as the stub set them, null.
TEXT ·LoadSegments(SB),NOSPLIT|NOFRAME,$0-4
	MOVWQZX	code+0(FP), BX
	MOVW	data+2(FP), AX
	MOVW	AX, DS
	MOVW	AX, ES
	MOVW	AX, SS
	MOVQ	0(SP), CX		// return address
	SUBQ	$8, SP
	MOVQ	CX, 0(SP)
	MOVQ	BX, 8(SP)
	RETFQ	$0

// func StoreGDT(operand *[10]byte)
TEXT ·StoreGDT(SB),NOSPLIT,$0-8
	MOVQ	operand+0(FP), AX
	SGDT	(AX)
	RET

// func StoreIDT(operand *[10]byte)
TEXT ·StoreIDT(SB),NOSPLIT,$0-8
	MOVQ	operand+0(FP), AX
	SIDT	(AX)
	RET

// func StoreTR() uint16
TEXT ·StoreTR(SB),NOSPLIT,$0-2
	STRW	AX
	MOVW	AX, ret+0(FP)
	RET

// func Random() (v uint64, ok bool)
TEXT ·Random(SB),NOSPLIT,$0-9
	MOVL	$1, AX
	XORL	CX, CX
	CPUID
	BTL	$30, CX
	JCC	none
	RDRANDQ	AX
	SETCS	ok+8(FP)
	MOVQ	AX, v+0(FP)
	RET
none:
	MOVQ	$0, v+0(FP)
	MOVB	$0, ok+8(FP)
	RET

// func Exchange32(p *uint32, v uint32) uint32
TEXT ·Exchange32(SB),NOSPLIT,$0-20
	MOVQ	p+0(FP), BX
	MOVL	v+8(FP), AX
	XCHGL	AX, (BX)
	MOVL	AX, ret+16(FP)
	RET

// func ClearPage(p uintptr)
TEXT ·ClearPage(SB),NOSPLIT,$0-8
	MOVQ	p+0(FP), DI
	MOVL	$512, CX
	XORL	AX, AX
	CLD
	REP; STOSQ
	RET

// func Here() (ip, sp uint64)
TEXT ·Here(SB),NOSPLIT,$0-16
	MOVQ	0(SP), AX
	MOVQ	AX, ip+0(FP)
	LEAQ	ip+0(FP), AX
	MOVQ	AX, sp+8(FP)
	RET

// func CopyUser(to, from unsafe.Pointer, n uintptr, window bool)
TEXT ·CopyUser(SB),NOSPLIT,$0-25
	MOVQ	to+0(FP), DI
	MOVQ	from+8(FP), SI
	MOVQ	n+16(FP), CX
	MOVB	window+24(FP), AX
	CLD
	TESTB	AX, AX
	JEQ	open
	STAC
	REP; MOVSB
	CLAC
	RET
open:
	REP; MOVSB
	RET
