// Package interrupts answers: what happens when something happens?
//
// The processor runs one instruction after another until an event breaks in:
// an exception (this instruction cannot be completed), an interrupt (a device
// wants something) or a non-maskable interrupt. For each of 256 event numbers,
// vectors, the interrupt descriptor table holds a gate: where to go, and on
// which stack.
//
//	device --IRQ--> 8259 PIC --vector--> CPU --IDT gate--> vectors+16*n
//	        or: --> I/O APIC -->          |                    |
//	                         TSS: interrupt stack       common: saves Frame
//	                                                           |
//	          goroutine <--Pump-- pending bit <--top half-- dispatch
//
// Read, in this order: gdt.go and tss.go (segments, and where stacks come
// from), idt.go (gates), entry_amd64.s (the way in and out), dispatch.go (who
// gets the event), exception.go, pic.go and line.go (devices, and how a
// goroutine waits for one), message.go (processors interrupt each other; the
// APICs are driven by package drivers/apic). In GDB: break interrupts.dispatch.
//
// # Rules for code that runs from dispatch down
//
// It runs with interrupts off, on an interrupt stack, while the interrupted
// goroutine may be in the middle of anything. So it allocates nothing, takes
// no lock that other code takes with interrupts on, stores no pointer (there
// may be a garbage collection going on that would have to know) and never
// blocks. It may call ordinary Go functions: entry_amd64.s puts a handler g in
// place of the current goroutine, whose stack limit is 0, so that no function
// prologue tries to grow the interrupt stack. An interrupt stack that is too
// small ends at its guard page, in a page fault with a report.
//
// Global state, owned by this package: the IDT, the lines, the counters, the
// pending word.
package interrupts
