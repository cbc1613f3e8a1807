package commands

import (
	"fmt"
	"strings"

	"vitrine/kernel/shell"
	"vitrine/mm"
	"vitrine/mm/audit"
)

// audit walks the live page tables and reports each promise about memory that
// is not kept. Its error makes a script notice.
func (m *Machine) audit(sh *shell.Env) error {
	if m.Frames == nil || m.Space == nil {
		return errAbsent("address space to audit")
	}
	kernel := audit.Space{Name: "kernel", Tables: m.Space, Regions: m.Regions}
	if m.Stacks != nil {
		kernel.Stacks = m.Stacks()
	}
	r := audit.Run(m.Frames, kernel)
	t := sh.Table("CHECKED", ">", "KEPT, UNLESS LISTED BELOW")
	t.Row("address spaces", r.Spaces, "kernel: empty lower half, and closed to users")
	t.Row("runs of pages", r.Mappings, "none both writable and executable")
	t.Row("executable", shell.Size(r.Executable), "not writable under any other address")
	t.Row("regions", r.Regions, fmt.Sprintf("nothing in the %d guards, nowhere more rights", r.Guards))
	t.Row("stacks", r.Stacks, "of processors: complete, a guard page below each")
	t.Row("page tables", r.Tables, "in use, each in one place, none mapped as a page")
	t.Row("frames mapped", r.Frames, fmt.Sprintf("none free, and of the %d mapped twice each well owned", r.Shared))
	t.Row("frames of RAM", r.Count.Total, fmt.Sprintf("%d free + %d used + %d reserved", r.Count.Free, r.Count.Used, r.Count.Reserved))
	t.Row("frames held", max(0, r.Held), "used, and reached through the direct map alone")
	missing := m.unprotected(func(on []string) { t.Row("processor", len(on), strings.Join(on, " ")) })
	missing = append(missing, m.elsewhere()...)
	t.Print()
	for _, v := range r.Violations {
		sh.Println(sh.Paint(shell.Red, v.String()))
	}
	for _, what := range missing {
		sh.Println(sh.Paint(shell.Red, "the processor "+what))
	}
	if more := r.Found - len(r.Violations); more > 0 {
		sh.Printf("and %d more\n", more)
	}
	if n := r.Found + len(missing); n > 0 {
		return fmt.Errorf("violations: %d", n)
	}
	sh.Printf("%s: %s mapped, %s of tables, no violation\n", sh.Paint(shell.Green, "in order"),
		shell.Size(r.Frames*mm.PageSize), shell.Size(r.Tables*mm.PageSize))
	return nil
}

// elsewhere tells if the processor uses tables other than those under audit.
func (m *Machine) elsewhere() []string {
	if m.Registers == nil {
		return nil
	}
	if root := mm.PhysAddr(m.Registers().CR3).Frame(); root != m.Space.Root() {
		return []string{fmt.Sprintf("uses the page tables at %x, and these are others", uint64(root.Addr()))}
	}
	return nil
}

// unprotected returns the protections that the processor has and that are
// switched off, in words, and tells which are on.
func (m *Machine) unprotected(tell func(on []string)) (off []string) {
	if m.Registers == nil || m.CPUID == nil {
		return nil
	}
	regs := m.Registers()
	has := func(leaf uint32, register, bit int) bool {
		if last, _, _, _ := m.CPUID(leaf&^0xffff, 0); last < leaf {
			return false
		}
		_, b, c, d := m.CPUID(leaf, 0)
		return [...]uint32{b, c, d}[register]>>bit&1 != 0
	}
	var on []string
	for _, p := range []struct {
		name     string
		has      bool
		register uint64
		bit      int
	}{
		{"WP", true, regs.CR0, 16},
		{"NX", has(0x8000_0001, 2, 20), regs.EFER, 11},
		{"SMEP", has(7, 0, 7), regs.CR4, 20},
		{"SMAP", has(7, 0, 20), regs.CR4, 21},
		{"UMIP", has(7, 1, 2), regs.CR4, 11},
	} {
		switch {
		case p.register>>p.bit&1 != 0:
			on = append(on, p.name)
		case p.has:
			off = append(off, "has "+p.name+", and it is off")
		}
	}
	tell(on)
	return off
}
