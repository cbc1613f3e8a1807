package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"vitrine/interrupts"
	"vitrine/kernel/shell"
	"vitrine/mm"
)

// Registers are the processor's system registers at one moment.
type Registers struct {
	IP, SP             uint64 // of whoever read them
	Flags              uint64
	CR0, CR2, CR3, CR4 uint64
	EFER               uint64
	XCR0               uint64 // 0 if the processor has none
	GDT, IDT           [10]byte
	TR                 uint16
	FSBase, GSBase     uint64
}

// bit is a flag of a register.
type bit struct {
	n          int
	name, what string
}

// The registers' flags (SDM Vol. 3A, "Control Registers", "System Flags and
// Fields in the EFLAGS Register", "Extended Feature Enable Register").
var (
	bitsCR0 = []bit{
		{0, "PE", "protected mode"},
		{1, "MP", "monitor FPU"},
		{2, "EM", "no FPU"},
		{3, "TS", "task switched"},
		{4, "ET", "287 or later"},
		{5, "NE", "FPU errors as #MF"},
		{16, "WP", "read-only pages bind the kernel too"},
		{18, "AM", "alignment checks"},
		{29, "NW", "no write-through"},
		{30, "CD", "no caches"},
		{31, "PG", "paging"},
	}
	bitsCR4 = []bit{
		{0, "VME", ""},
		{1, "PVI", ""},
		{2, "TSD", ""},
		{3, "DE", ""},
		{4, "PSE", ""},
		{5, "PAE", "64-bit page tables"},
		{6, "MCE", "machine checks"},
		{7, "PGE", "global pages"},
		{8, "PCE", ""},
		{9, "OSFXSR", "SSE"},
		{10, "OSXMMEXCPT", "SSE errors as #XM"},
		{11, "UMIP", ""},
		{12, "LA57", "five levels"},
		{13, "VMXE", ""},
		{14, "SMXE", ""},
		{16, "FSGSBASE", ""},
		{17, "PCIDE", ""},
		{18, "OSXSAVE", "XSAVE"},
		{20, "SMEP", "no user code in the kernel"},
		{21, "SMAP", "no user data in the kernel"},
		{22, "PKE", ""},
		{23, "CET", ""},
	}
	bitsEFER = []bit{{0, "SCE", "SYSCALL"}, {8, "LME", "64-bit mode wanted"}, {10, "LMA", "64-bit mode on"}, {11, "NXE", "no-execute pages"}}
	bitsXCR0 = []bit{{0, "x87", ""}, {1, "SSE", ""}, {2, "AVX", ""}, {5, "opmask", ""}, {6, "ZMM", ""}, {7, "ZMM16", ""}, {9, "PKRU", ""}}
	bitsFlag = []bit{
		{0, "CF", "carry"},
		{2, "PF", "parity"},
		{4, "AF", ""},
		{6, "ZF", "zero"},
		{7, "SF", "sign"},
		{8, "TF", "single step"},
		{9, "IF", "interrupts on"},
		{10, "DF", "down"},
		{11, "OF", "overflow"},
		{14, "NT", "nested task"},
		{16, "RF", "resume"},
		{18, "AC", "alignment check"},
		{21, "ID", "CPUID"},
	}
)

// names returns the names of the flags that are set; bits without a name are
// counted.
func names(v uint64, bits []bit) string {
	var set []string
	for _, b := range bits {
		if v>>b.n&1 != 0 {
			set = append(set, b.name)
			v &^= 1 << b.n
		}
	}
	if v != 0 {
		set = append(set, fmt.Sprintf("+%#x", v))
	}
	return strings.Join(set, " ")
}

// privilege takes the two bits of RFLAGS.IOPL, and the one that is always set,
// out of v.
func privilege(v uint64) (rest, iopl uint64) { return v &^ (3<<12 | 2), v >> 12 & 3 }

// regs shows the system registers, or all registers at the last exception.
func (m *Machine) regs(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	last := a.Flag("-x")
	if err := a.Done(); err != nil {
		return err
	}
	if last {
		return m.lastException(sh)
	}
	if m.Registers == nil {
		return errAbsent("register")
	}
	r := m.Registers()
	t := sh.Table("", "", "")
	row := func(name string, v uint64, text string) { t.Row(sh.Paint(shell.Bold, name), hex(v), text) }
	flags, iopl := privilege(r.Flags)
	row("CR0", r.CR0, names(r.CR0, bitsCR0))
	row("CR2", r.CR2, "address of the last page fault")
	row("CR3", r.CR3, "the PML4 table's physical address")
	row("CR4", r.CR4, names(r.CR4, bitsCR4))
	row("EFER", r.EFER, names(r.EFER, bitsEFER))
	if r.XCR0 != 0 {
		row("XCR0", r.XCR0, names(r.XCR0, bitsXCR0))
	}
	row("RFLAGS", r.Flags, fmt.Sprintf("%s, IOPL %d", names(flags, bitsFlag), iopl))
	base, limit := operand(r.GDT)
	row("GDTR", base, fmt.Sprintf("%d descriptors", (limit+1)/8))
	base, limit = operand(r.IDT)
	row("IDTR", base, fmt.Sprintf("%d gates", (limit+1)/16))
	row("TR", uint64(r.TR), "selector of the task state")
	row("FS", r.FSBase, "base: thread-local storage")
	row("GS", r.GSBase, "base: this processor's own data")
	ip, _ := m.symbols.at(r.IP)
	row("RIP", r.IP, ip)
	row("RSP", r.SP, "this goroutine's stack")
	t.Print()
	return nil
}

// operand decodes what SGDT and SIDT store: a limit of 16 bits and a base.
func operand(op [10]byte) (base, limit uint64) {
	for i := range 8 {
		base |= uint64(op[2+i]) << (8 * i)
	}
	return base, uint64(op[0]) | uint64(op[1])<<8
}

// lastException shows where the last exception that became a Go panic came
// from.
func (m *Machine) lastException(sh *shell.Env) error {
	if m.Last == nil || !m.Last.Valid {
		return errors.New("no exception has become a Go panic yet; 'fault -r nil' makes one")
	}
	f := m.Last.Frame
	e, _ := interrupts.ExceptionOf(uint8(f.Vector))
	sh.Printf("%s %s, error code %#x", e.Mnemonic, e.Name, f.Error)
	if f.Vector == interrupts.PageFault {
		sh.Printf(", address %s", hex(m.Last.Address))
	}
	where, _ := m.symbols.at(f.IP)
	sh.Printf("\nat %s  %s\n", hex(f.IP), where)
	t := sh.Table("", "", "", "", "", "")
	bold := func(s string) string { return sh.Paint(shell.Bold, s) }
	t.Row(bold("RAX"), hex(f.AX), bold("RBX"), hex(f.BX), bold("RCX"), hex(f.CX))
	t.Row(bold("RDX"), hex(f.DX), bold("RSI"), hex(f.SI), bold("RDI"), hex(f.DI))
	t.Row(bold("RBP"), hex(f.BP), bold("RSP"), hex(f.SP), bold("RIP"), hex(f.IP))
	t.Row(bold("R8"), hex(f.R8), bold("R9"), hex(f.R9), bold("R10"), hex(f.R10))
	t.Row(bold("R11"), hex(f.R11), bold("R12"), hex(f.R12), bold("R13"), hex(f.R13))
	t.Row(bold("R14"), hex(f.R14), bold("R15"), hex(f.R15), bold("CS"), fmt.Sprintf("%x", f.CS))
	t.Print()
	flags, _ := privilege(f.Flags)
	sh.Printf("RFLAGS %s\n", names(flags, bitsFlag))
	if p, ok := mm.VirtAddr(f.SP).InDirectMap(); ok {
		sh.Printf("the stack is at physical %#x\n", uint64(p))
	}
	return nil
}
