# Vitrine's boot stub: from the boot loader's 32-bit protected mode to the
# first instruction of Go.
#
# A Multiboot loader (QEMU's -kernel, GRUB) leaves the processor here:
#
#	32-bit protected mode, paging off, interrupts off, flat segments,
#	EAX = magic number, EBX = physical address of the boot information.
#
# Go needs long mode with paging, at the addresses that its linker chose. So
# the stub
#
#	1. checks that the machine can run it, and says so if not;
#	2. makes temporary page tables, already with the final rights of the
#	   image's segments (no page writable and executable);
#	3. switches to long mode;
#	4. jumps to its own alias in the kernel image window and empties the
#	   lower half of the address space;
#	5. jumps to the Go image with EDI = magic, ESI = boot information, EDX
#	   and ECX = start and end of the code for other processors.
#
# Memory, physical (left) and where it is mapped (right):
#
#	0x0010_0000 stub    0xffff_ffff_8010_0000, its text only, R-X
#	0x0020_1000 Go      0xffff_ffff_8020_1000, each segment with its rights
#	0 .. 4 GiB          0xffff_8000_0000_0000, direct map, RW- (temporary:
#	                    kernel/start makes the final one)
#
# GNU assembler, AT&T syntax: the destination comes last.

	.set	MB1_MAGIC_LOADED, 0x2badb002
	.set	MB2_MAGIC_LOADED, 0x36d76289
	.set	PRESENT, 1
	.set	WRITABLE, 2
	.set	LARGE, 0x80
	.set	IMAGE_TABLES, 32		# 2 MiB each: what the image may span
	.set	DIRECT_MAP, 0xffff800000000000
	.set	IMAGE_BASE, 0xffffffff80000000
	.set	STUB_BASE, 0x100000
	.set	MIN_HEAP_KIB, 8 * 1024		# besides the image: kernel/start's minFree

	.code32
	.section .text, "ax"
	.globl _start

# --- headers: the loader looks for these in the first 8 KiB of the file ---

# book:begin multiboot1
	# Multiboot Specification 0.6.96, "The layout of Multiboot header".
	# Flags: bit 0, modules on page boundaries; bit 1, memory map wanted.
	.align	4
mb1_header:
	.long	0x1badb002, 0x00000003, -(0x1badb002 + 0x00000003)
# book:end multiboot1

# book:begin multiboot2
	# Multiboot2 Specification 2.0, "The layout of Multiboot2 header".
	.align	8
mb2_header:
	.long	0xe85250d6, 0, mb2_end - mb2_header
	.long	-(0xe85250d6 + 0 + (mb2_end - mb2_header))
	.align	8				# information request, optional:
	.word	1, 1
	.long	8 + 4 * 7
	.long	1, 3, 4, 6, 8, 14, 15		# command line, modules, memory, map, framebuffer, RSDP
	.align	8				# console flags: text mode is understood
	.word	4, 1
	.long	12, 2
	.align	8				# framebuffer, optional, any size
	.word	5, 1
	.long	20, 0, 0, 32
	.align	8				# modules on page boundaries
	.word	6, 0
	.long	8
	.align	8				# end
	.word	0, 0
	.long	8
mb2_end:
# book:end multiboot2

# --- 32-bit entry ---

# book:begin entry
_start:
	cli
	cld
	movl	$stack_top, %esp
	movl	%eax, %edi			# kept for Go: magic
	movl	%ebx, %esi			#              boot information
	call	serial_init
# book:end entry

# book:begin fit
	# 1. Is the machine fit for it?
	cmpl	$MB1_MAGIC_LOADED, %edi
	je	loaded
	cmpl	$MB2_MAGIC_LOADED, %edi
	je	loaded
	movl	$msg_loader, %ebx
	jmp	die
loaded:
	pushfl					# CPUID exists if EFLAGS.ID can change
	popl	%eax
	movl	%eax, %ecx
	xorl	$1 << 21, %eax
	pushl	%eax
	popfl
	pushfl
	popl	%eax
	cmpl	%eax, %ecx
	je	no_long_mode
	movl	$0x80000000, %eax
	cpuid
	cmpl	$0x80000001, %eax
	jb	no_long_mode
	movl	$0x80000001, %eax
	cpuid
	testl	$1 << 29, %edx
	jz	no_long_mode
	testl	$1 << 20, %edx
	jz	no_nx
	call	check_memory
# book:end fit

# book:begin tables
	# 2. Temporary page tables.
	# Top level: the direct map is the identity map with NX on top.
	movl	$pdpt + PRESENT + WRITABLE, pml4
	movl	$pdpt + PRESENT + WRITABLE, pml4 + 256 * 8
	movl	$1 << 31, pml4 + 256 * 8 + 4	# NX is bit 63
	movl	$pdpt_image + PRESENT + WRITABLE, pml4 + 511 * 8
	movl	$pd_image + PRESENT + WRITABLE, pdpt_image + 510 * 8
	# 4 GiB in 2 MiB pages.
	movl	$pd + PRESENT + WRITABLE, %eax
	movl	$pdpt, %edx
	movl	$4, %ecx
1:	movl	%eax, (%edx)
	addl	$4096, %eax
	addl	$8, %edx
	loop	1b
	movl	$PRESENT + WRITABLE + LARGE, %eax
	movl	$pd, %edx
	movl	$2048, %ecx
2:	movl	%eax, (%edx)
	addl	$0x200000, %eax
	addl	$8, %edx
	loop	2b
# book:end tables
# book:begin image-window
	# The image window: page tables for its first 64 MiB,
	movl	$pt_image + PRESENT + WRITABLE, %eax
	movl	$pd_image, %edx
	movl	$IMAGE_TABLES, %ecx
3:	movl	%eax, (%edx)
	addl	$4096, %eax
	addl	$8, %edx
	loop	3b
	# the stub's text in them, R-X (for step 4),
	movl	$STUB_BASE, %eax
4:	movl	%eax, %edx
	shrl	$12 - 3, %edx
	orl	$PRESENT, %eax
	movl	%eax, pt_image(%edx)
	andl	$~PRESENT, %eax
	addl	$4096, %eax
	cmpl	$text_end, %eax
	jb	4b
	# and each segment of the Go image with its own rights.
	movl	$boot_segments, %ebx
	movl	boot_count, %ebp
5:	movl	(%ebx), %eax			# low halves: start and end; the
	subl	$0x80000000, %eax		# window's base has low half 2 GiB
	movl	8(%ebx), %ecx
	subl	$0x80000000, %ecx
6:	movl	%eax, %edx
	shrl	$12 - 3, %edx
	orl	$PRESENT, %eax
	testl	$2, 16(%ebx)			# ELF: PF_W
	jz	7f
	orl	$WRITABLE, %eax
7:	movl	%eax, pt_image(%edx)
	testl	$1, 16(%ebx)			# ELF: PF_X
	jnz	8f
	movl	$1 << 31, pt_image + 4(%edx)
8:	andl	$~0xfff, %eax
	addl	$4096, %eax
	cmpl	%ecx, %eax
	jb	6b
	addl	$24, %ebx
	decl	%ebp
	jnz	5b
# book:end image-window

# book:begin switch
	# 3. Long mode (SDM Vol. 3A, "Initializing IA-32e Mode").
enter_long_mode:
	movl	$0x620, %eax			# CR4: PAE, OSFXSR, OSXMMEXCPT
	movl	%eax, %cr4
	movl	$pml4, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx		# EFER: NXE, LME
	rdmsr
	orl	$0x900, %eax
	wrmsr
	movl	$0x80010033, %eax		# CR0: PG, WP, NE, ET, MP, PE
	movl	%eax, %cr0			# from here on: compatibility mode
	lgdt	gdt_operand
	ljmp	$8, $long_mode

# book:end switch
# book:begin long-mode
	.code64
long_mode:
	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
# book:end long-mode

# book:begin higher-half
	# 4. To the alias in the image window; then the lower half goes.
	movl	$high, %eax
	movabsq	$IMAGE_BASE, %rcx
	addq	%rcx, %rax
	jmp	*%rax
high:
	movabsq	$DIRECT_MAP, %rcx
	movl	$stack_top, %esp
	addq	%rcx, %rsp
	movl	$pml4, %eax
	movq	$0, (%rax, %rcx)
	movq	%cr3, %rax
	movq	%rax, %cr3
# book:end higher-half

# book:begin go
	# 5. Go. A frame pointer of 0 ends the chain of callers.
	xorl	%ebp, %ebp
	movl	%edi, %edi			# clears the upper halves
	movl	%esi, %esi
	movl	$boot_entry, %eax
	movq	(%rax, %rcx), %rax
	movl	$trampoline, %edx		# where the other processors' code lies,
	movl	$trampoline_end, %ecx		# and where it ends
	jmp	*%rax
# book:end go

# --- what the machine must have ---

	.code32
no_long_mode:
	movl	$msg_long_mode, %ebx
	jmp	die
no_nx:
	movl	$msg_nx, %ebx
	jmp	die

# check_memory makes sure that there is memory where the image lies. A loader
# that speaks Multiboot 2 has looked; QEMU's has not. mem_upper counts the KiB
# from 1 MiB up to the first hole. Whether the rest suffices, Go decides, from the
# memory map (kernel/start); the message has the same number.
check_memory:
	cmpl	$MB1_MAGIC_LOADED, %edi
	jne	3f
	testl	$1, (%esi)			# flags: mem_lower, mem_upper valid
	jz	3f
	movl	$boot_segments, %ebx		# the highest end of a segment
	movl	boot_count, %ebp
	xorl	%ecx, %ecx
1:	movl	8(%ebx), %edx
	subl	$0x80000000, %edx
	cmpl	%edx, %ecx
	jae	2f
	movl	%edx, %ecx
2:	addl	$24, %ebx
	decl	%ebp
	jnz	1b
	shrl	$10, %ecx
	movl	8(%esi), %eax
	addl	$1024, %eax			# KiB in all
	cmpl	%ecx, %eax
	jb	4f
3:	ret
4:	pushl	%eax
	leal	MIN_HEAP_KIB(%ecx), %eax
	movl	$memory_needed, %edx
	call	decimal
	popl	%eax
	movl	$memory_present, %edx
	call	decimal
	movl	$msg_memory, %ebx
	jmp	die

# decimal writes KiB in EAX as MiB, rounded up for need and for presence alike,
# right-aligned in the five characters at EDX.
decimal:
	addl	$1023, %eax
	shrl	$10, %eax
	movl	%edx, %ebx
	addl	$5, %ebx
	movl	$10, %ecx
1:	xorl	%edx, %edx
	divl	%ecx
	addb	$'0', %dl
	decl	%ebx
	movb	%dl, (%ebx)
	testl	%eax, %eax
	jnz	1b
	ret

# --- last words: EBX = text, on COM1 and at the top of the VGA screen ---

# book:begin last-words
die:
	movl	$0xb8000, %edi			# clear the screen: spaces, white on red
	movl	$0x4f204f20, %eax
	movl	$80 * 25 / 2, %ecx
	rep stosl
	movl	$0xb8000, %edi
1:	movb	(%ebx), %al
	testb	%al, %al
	jz	4f
	incl	%ebx
	cmpb	$'\n', %al
	je	2f
	movb	%al, (%edi)
	addl	$2, %edi
2:	movb	%al, %ah
	movw	$0x3fd, %dx			# line status: wait for the transmitter,
	movl	$0x100000, %ecx			# but not for ever
3:	inb	%dx, %al
	testb	$0x20, %al
	loopz	3b
	movb	%ah, %al
	movw	$0x3f8, %dx
	outb	%al, %dx
	jmp	1b
4:	cli
	hlt
	jmp	4b
# book:end last-words

# book:begin serial-init
# serial_init sets COM1 to 115200 baud, 8N1, FIFO on, no interrupts.
serial_init:
	movl	$serial_setup, %ebx
1:	movzbw	(%ebx), %dx
	testb	%dl, %dl
	jz	2f
	addw	$0x300, %dx
	movb	1(%ebx), %al
	outb	%al, %dx
	addl	$2, %ebx
	jmp	1b
2:	ret
# book:end serial-init

	.section .rodata, "a"
# book:begin serial-setup
	# register (0x300 +), value
serial_setup:
	.byte	0xf9, 0x00, 0xfb, 0x80, 0xf8, 0x01, 0xf9, 0x00, 0xfb, 0x03, 0xfa, 0x07, 0xfc, 0x0b, 0
# book:end serial-setup

msg_loader:
	.asciz	"vitrine: not started by a Multiboot loader (use qemu -kernel, or GRUB's multiboot or multiboot2)\n"
msg_long_mode:
	.asciz	"vitrine: this processor has no 64-bit mode (long mode); in QEMU use -cpu qemu64 or newer\n"
msg_nx:
	.asciz	"vitrine: this processor has no NX bit, or the firmware has disabled it\n"

	.section .data, "aw"
msg_memory:
	.ascii	"vitrine: too little memory: "
memory_needed:
	.ascii	"      MiB needed, "
memory_present:
	.asciz	"      MiB present (qemu: -m 64)\n"

# book:begin gdt
	# Temporary GDT: null, 64-bit code, data. Package interrupts loads the final one.
	.align	8
gdt:	.quad	0, 0x00209a0000000000, 0x0000920000000000
gdt_operand:
	.word	. - gdt - 1
	.long	gdt
# book:end gdt

# book:begin boot-table
	# Filled in by `vit image` from the Go image's program headers.
	.align	8
	.ascii	"VITRBOOT"
boot_entry:
	.quad	0
boot_count:
	.long	0
	.long	IMAGE_TABLES * 0x200000		# limit of physical addresses
boot_segments:					# 8 of: virtual start, end; ELF flags, 0
	.fill	8 * 24, 1, 0
# book:end boot-table

	.bss
	.align	4096
pml4:	.skip	4096
pdpt:	.skip	4096
pd:	.skip	4 * 4096
pdpt_image:
	.skip	4096
pd_image:
	.skip	4096
pt_image:
	.skip	IMAGE_TABLES * 4096
	.skip	4096
stack_top:
