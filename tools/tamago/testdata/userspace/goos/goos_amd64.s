#include "textflag.h"

// System calls, and numbers of signals.
#define WRITE		1
#define MMAP		9
#define SIGACTION	13
#define SIGRETURN	15
#define NANOSLEEP	35
#define SETITIMER	38
#define SIGALTSTACK	131
#define ARCH_PRCTL	158
#define CLOCK_GETTIME	228
#define EXIT_GROUP	231
#define GETRANDOM	318

#define SIGILL	4
#define SIGTRAP	5
#define SIGFPE	8
#define SIGSEGV	11
#define SIGALRM	14

// Offsets in ucontext_t.
#define RBX	128
#define RDX	136
#define RAX	144
#define RCX	152
#define RSP	160
#define RIP	168
#define TRAPNO	200
#define CR2	216

GLOBL ·altstack(SB), NOPTR, $65536

DATA ·stack_t+0(SB)/8, $·altstack(SB)
DATA ·stack_t+8(SB)/8, $0
DATA ·stack_t+16(SB)/8, $65536
GLOBL ·stack_t(SB), NOPTR, $24

// SA_SIGINFO, SA_ONSTACK, SA_RESTORER, SA_RESTART, SA_NODEFER; SIGALRM masked.
DATA ·action+0(SB)/8, $·handler(SB)
DATA ·action+8(SB)/8, $0x5c000004
DATA ·action+16(SB)/8, $·restorer(SB)
DATA ·action+24(SB)/8, $(1<<(SIGALRM-1))
GLOBL ·action(SB), NOPTR, $32

// Every 10 ms.
DATA ·interval+0(SB)/8, $0
DATA ·interval+8(SB)/8, $10000
DATA ·interval+16(SB)/8, $0
DATA ·interval+24(SB)/8, $10000
GLOBL ·interval(SB), NOPTR, $32

#define HANDLE(sig) \
	MOVL	$sig, DI; \
	LEAQ	·action(SB), SI; \
	XORL	DX, DX; \
	MOVL	$8, R10; \
	MOVL	$SIGACTION, AX; \
	SYSCALL

TEXT ·CPUInit(SB),NOSPLIT|NOFRAME,$0
	MOVQ	0(SP), AX
	MOVQ	AX, ·argc(SB)
	LEAQ	8(SP), AX
	MOVQ	AX, ·argv(SB)
	// g0's stack is at the end of what RamSize covers.
	MOVQ	·RamStart(SB), DI
	ADDQ	·RamSize(SB), DI
	SUBQ	$0x20000, DI
	MOVL	$0x20000, SI
	CALL	·map(SB)
	LEAQ	·stack_t(SB), DI
	XORL	SI, SI
	MOVL	$SIGALTSTACK, AX
	SYSCALL
	HANDLE(SIGILL)
	HANDLE(SIGTRAP)
	HANDLE(SIGFPE)
	HANDLE(SIGSEGV)
	HANDLE(SIGALRM)
	JMP	_rt0_tamago_start(SB)

// DI = address, SI = length; result in AX.
TEXT ·map(SB),NOSPLIT|NOFRAME,$0
	MOVL	$3, DX			// PROT_READ|PROT_WRITE
	MOVL	$0x32, R10		// MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS
	MOVQ	$-1, R8
	XORL	R9, R9
	MOVL	$MMAP, AX
	SYSCALL
	RET

TEXT ·restorer(SB),NOSPLIT|NOFRAME,$0
	MOVL	$SIGRETURN, AX
	SYSCALL

// handler takes the part of a kernel's interrupt and exception entry.
//
//	In:  DI = signal, SI = siginfo_t, DX = ucontext_t; the alternate stack.
TEXT ·handler(SB),NOSPLIT|NOFRAME,$0
	CMPL	DI, $SIGALRM
	JEQ	timer
	CMPL	DI, $SIGTRAP
	JEQ	breakpoint
	MOVQ	RIP(DX), R8
	MOVL	DI, AX
	MOVL	$1, BX
	MOVQ	CR2(DX), CX
	CMPQ	TRAPNO(DX), $14
	JEQ	inject
	MOVQ	$-1, CX
	CMPQ	TRAPNO(DX), $13
	JNE	inject
	CMPW	(R8), $0x300f		// WRMSR
	JNE	inject
	MOVL	RAX(DX), SI
	MOVL	RDX(DX), AX
	SHLQ	$32, AX
	ORQ	AX, SI
	ADDQ	$2, R8
	MOVQ	R8, RIP(DX)
	MOVL	$0x1002, DI		// ARCH_SET_FS
	MOVL	$ARCH_PRCTL, AX
	SYSCALL
	RET
inject:
	MOVQ	AX, RAX(DX)
	MOVQ	BX, RBX(DX)
	MOVQ	CX, RCX(DX)
	MOVQ	R8, RDX(DX)
	LEAQ	runtime·trapsigpanic(SB), AX
	MOVQ	AX, RIP(DX)
	CMPQ	CX, R8			// a call of what is not code has pushed
	JEQ	done
	MOVQ	RSP(DX), AX
	SUBQ	$8, AX
	MOVQ	R8, (AX)
	MOVQ	AX, RSP(DX)
done:
	RET
timer:
	LOCK
	ORL	$1, ·Pending(SB)
	SUBQ	$64, SP
	MOVQ	DX, 48(SP)
	MOVQ	RIP(DX), AX
	MOVQ	AX, 0(SP)		// irqFrame.rip
	MOVQ	RSP(DX), AX
	MOVQ	AX, 24(SP)		// irqFrame.rsp
	MOVQ	SP, DI
	CALL	runtime·irqtick(SB)
	MOVQ	48(SP), DX
	MOVQ	0(SP), AX
	MOVQ	AX, RIP(DX)
	MOVQ	24(SP), AX
	MOVQ	AX, RSP(DX)
	ADDQ	$64, SP
	RET
breakpoint:
	SUBQ	$32, SP
	MOVQ	(TLS), AX
	MOVQ	AX, 0(SP)
	MOVQ	RIP(DX), AX
	MOVQ	AX, 8(SP)
	MOVQ	RSP(DX), AX
	MOVQ	AX, 16(SP)
	CALL	runtime·trapTraceback(SB)
	ADDQ	$32, SP
	RET

// func exit(code int32)
TEXT ·exit(SB),NOSPLIT,$0-4
	MOVL	code+0(FP), DI
	MOVL	$EXIT_GROUP, AX
	SYSCALL
	RET

// func mmap(addr, n uintptr) uintptr
TEXT ·mmap(SB),NOSPLIT,$0-24
	MOVQ	addr+0(FP), DI
	MOVQ	n+8(FP), SI
	CALL	·map(SB)
	MOVQ	AX, ret+16(FP)
	RET

// func nanosleep(ns int64)
TEXT ·nanosleep(SB),NOSPLIT,$16-8
	MOVQ	ns+0(FP), AX
	MOVQ	$0, 0(SP)
	MOVQ	AX, 8(SP)
	MOVQ	SP, DI
	XORL	SI, SI
	MOVL	$NANOSLEEP, AX
	SYSCALL
	RET

// func startTimer()
TEXT ·startTimer(SB),NOSPLIT,$0-0
	XORL	DI, DI			// ITIMER_REAL
	LEAQ	·interval(SB), SI
	XORL	DX, DX
	MOVL	$SETITIMER, AX
	SYSCALL
	RET

// func Nanotime() int64
TEXT ·Nanotime(SB),NOSPLIT,$16-8
	MOVL	$1, DI			// CLOCK_MONOTONIC
	MOVQ	SP, SI
	MOVL	$CLOCK_GETTIME, AX
	SYSCALL
	MOVQ	0(SP), AX
	IMULQ	$1000000000, AX
	ADDQ	8(SP), AX
	MOVQ	AX, ret+0(FP)
	RET

// func Printk(c byte)
TEXT ·Printk(SB),NOSPLIT,$0-1
	MOVL	$1, DI
	LEAQ	c+0(FP), SI
	MOVL	$1, DX
	MOVL	$WRITE, AX
	SYSCALL
	RET

// func GetRandomData(b []byte)
TEXT ·GetRandomData(SB),NOSPLIT,$0-24
	MOVQ	b_base+0(FP), DI
	MOVQ	b_len+8(FP), SI
	XORL	DX, DX
	MOVL	$GETRANDOM, AX
	SYSCALL
	RET
