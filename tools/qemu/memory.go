package qemu

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/arch/x86/x86asm"
)

// What the memory of a machine that is frozen in a triple fault tells: the
// instruction that began it and, of a page fault, the walk through the tables.

// Step is one entry that the processor reads to translate an address (SDM Vol.
// 3A, "4-Level Paging and 5-Level Paging").
type Step struct {
	Level          string
	Index          uint64
	Address, Entry uint64
}

// monitor is QMP.Monitor.
type monitor func(line string) (string, error)

const (
	protected = 1 << 0  // CR0.PE
	pagingOn  = 1 << 31 // CR0.PG
	longMode  = 1 << 10 // EFER.LMA

	present      = 1 << 0
	largePage    = 1 << 7
	tableAddress = 0x000f_ffff_ffff_f000

	// longest is the length of the longest instruction in bytes (SDM Vol. 2A,
	// "Instruction Format").
	longest = 15
)

// long tells whether the processor was in 64-bit mode, with paging.
func (f *Fault) long() bool {
	return f.registers["CR0"]&pagingOn != 0 && f.registers["EFER"]&longMode != 0
}

// mode is how many bits the processor's code had: 64 if nothing is known of its
// registers, as a kernel's code has almost always.
func (f *Fault) mode() int {
	cr0, known := f.registers["CR0"]
	switch {
	case !known || f.long():
		return 64
	case cr0&protected == 0:
		return 16
	}
	return 32
}

// look reads the code at the first exception, and the tables of a page fault.
func (f *Fault) look(ask monitor) {
	if len(f.Chain) == 0 {
		return
	}
	f.Code = readBytes(ask, f.PC, longest)
	if f.Chain[0].Vector == pageFault && f.long() {
		f.Walk = walk(ask, f.registers["CR3"], f.CR2)
	}
}

// memoryByte is one byte in the output of the monitor's x command.
var memoryByte = regexp.MustCompile(`\b0x([0-9a-f]{2})\b`)

// walk reads the entries on the way to v, up to the one that maps it or is not
// present.
func walk(ask monitor, cr3, v uint64) (steps []Step) {
	table := cr3 & tableAddress
	for i, level := range []string{"PML4", "PDPT", "PD", "PT"} {
		shift := 39 - 9*i
		s := Step{Level: level, Index: v >> shift & 511}
		s.Address = table + 8*s.Index
		out, err := ask(fmt.Sprintf("xp/1gx %#x", s.Address))
		word := memoryWord.FindStringSubmatch(out)
		if err != nil || word == nil {
			return steps
		}
		s.Entry = number(word[1])
		steps = append(steps, s)
		if s.Entry&present == 0 || i > 0 && s.Entry&largePage != 0 {
			return steps
		}
		table = s.Entry & tableAddress
	}
	return steps
}

// entryBits are what matters of an entry here.
var entryBits = []struct {
	bit     uint
	yes, no string
}{
	{0, "present", "not present"},
	{1, "writable", "read-only"},
	{2, "user", "kernel"},
	{63, "not executable", "executable"},
}

// reportMemory writes what look has found.
func (f *Fault) reportMemory(w io.Writer) {
	if text := f.instruction(); text != "" {
		fmt.Fprintf(w, "  code    %s\n", text)
	}
	if len(f.Walk) == 0 {
		return
	}
	fmt.Fprintf(w, "  the walk to %#x, as the tables are now:\n", f.CR2)
	for _, s := range f.Walk {
		var what []string
		for _, b := range entryBits {
			if s.Entry>>b.bit&1 != 0 {
				what = append(what, b.yes)
			} else {
				what = append(what, b.no)
			}
			if s.Entry&present == 0 {
				break // the other bits mean nothing
			}
		}
		fmt.Fprintf(w, "    %-4s entry %3d at %#x = 0x%016x  %s\n", s.Level, s.Index, s.Address, s.Entry, strings.Join(what, ", "))
	}
}

// instruction returns the bytes and the text of the instruction at the first
// exception; "" if they are not known.
func (f *Fault) instruction() string {
	inst, err := x86asm.Decode(f.Code, f.mode())
	if err != nil || inst.Op == 0 || inst.Len == 0 {
		return ""
	}
	return fmt.Sprintf("% x  %s", f.Code[:inst.Len], x86asm.IntelSyntax(inst, f.PC, nil))
}
