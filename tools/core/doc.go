// Package core makes an ELF core of a frozen machine: a file that GDB and Delve
// open as they do the core of a Linux process, with the kernel's source, its
// variables and all its goroutines.
//
// QEMU can write a machine down (QMP's dump-guest-memory), but speaks of
// physical addresses and of registers as they are now; debuggers want virtual
// addresses and, of a kernel that has died, the program that went wrong rather
// than the report that was written about it:
//
//	QEMU's dump                          core
//	+-----------------------+            +-----------------------------------+
//	| notes: registers      |--threads-->| notes: a thread for each processor|
//	+-----------------------+            +-----------------------------------+
//	| RAM from 0            |            | program headers: one for each run |
//	|   page tables --------|---walk---->|   of pages, virtual -> offset     |
//	| RAM from 0xc0000      |            +-----------------------------------+
//	| ...                   |---copy---->| RAM, once; zeros are holes        |
//	+-----------------------+            +-----------------------------------+
//
// Memory stands in the file in physical order and once, however often it is
// mapped: several program headers may lead to the same place. It is copied as
// it was; nothing in it is changed.
//
// What the kernel itself says about its death it says in variables
// (kernel/start, kernel/crash, interrupts), which are found by the debugging
// information of its ELF file, so that no layout is written down twice.
//
// Start reading at Write; threads.go decides what a debugger sees of a dead
// processor, space.go walks the page tables.
package core
