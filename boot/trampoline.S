# Where the other processors begin: a page of code below 1 MiB.
#
# After reset only one processor runs. It wakes each other one with a message
# (STARTUP IPI) that carries a page number, and that processor begins in real
# mode, as the 8086 did, at the first byte of that page (SDM Vol. 3A,
# "Multiple-Processor (MP) Initialization"). So this code has the whole way of
# boot.S before it, in a few lines, as the tables are there already.
#
# Package kernel/smp copies the code to such a page and fills in the parameters
# at its end. The page is mapped at its own address meanwhile, because the code
# runs there when it turns paging on.
#
# GNU assembler, AT&T syntax: the destination comes last.

	.section .text, "ax"
	.globl	trampoline, trampoline_end
	.code16
	.align	16
# book:begin begin
trampoline:
	cli
	cld
	movw	%cs, %ax			# the page: addresses below count from it
	movw	%ax, %ds
	lgdtl	gdt_operand - trampoline
	movl	cr4 - trampoline, %eax
	movl	%eax, %cr4
	movl	cr3 - trampoline, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx		# EFER: NXE, LME
	rdmsr
	orl	$0x900, %eax
	wrmsr
	movl	$0x80010033, %eax		# CR0: PG, WP, NE, ET, MP, PE
	movl	%eax, %cr0
	ljmpl	*(jump - trampoline)		# into 64-bit mode
# book:end begin

	.code64
long_mode:
	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	xorl	%ebp, %ebp
	movq	stack(%rip), %rsp
	movq	argument(%rip), %rdi
	jmp	*entry(%rip)

	# Code and data, as in boot.S, but marked as accessed (bit 40): the
	# processor would set that bit at the first use, and the page is read-only.
	.align	8
gdt:	.quad	0, 0x00209b0000000000, 0x0000930000000000

	# Parameters, in the order of kernel/smp's type parameters. The three
	# addresses in this page are as if the page were at 0: smp adds its own.
parameters:
gdt_operand:
	.word	23
	.long	gdt - trampoline		# + page
	.word	0
jump:	.long	long_mode - trampoline		# + page
	.word	8
	.word	0
cr3:	.long	0
cr4:	.long	0
stack:	.quad	0
entry:	.quad	0
argument:
	.quad	0
trampoline_end:
