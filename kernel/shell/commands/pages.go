package commands

import (
	"context"
	"errors"
	"fmt"

	"vitrine/kernel/shell"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// pagewalk shows each entry that the processor reads on the way to an address.
func (m *Machine) pagewalk(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	v := mm.VirtAddr(a.Number("ADDR"))
	if err := a.Done(); err != nil {
		return err
	}
	if m.Space == nil {
		return errAbsent("address space")
	}
	if !v.Canonical() {
		return fmt.Errorf("%s is not canonical: bits 63 to 47 must be alike", hex(uint64(v)))
	}
	sh.Printf("%s  %s\n", hex(uint64(v)), m.partOf(v))
	sh.Printf("CR3 -> PML4 table at %#x\n", uint64(m.Space.Root().Addr()))
	t := sh.Table("LEVEL", ">INDEX", ">ENTRY AT", "ENTRY", "FLAGS", "LEADS TO")
	steps, n := m.Space.Walk(v)
	for i, s := range steps[:n] {
		to := sh.Paint(shell.Yellow, "nothing")
		switch {
		case !s.Entry.Has(paging.Present):
		case i == n-1:
			to = sh.Paint(shell.Green, shell.Size(s.Level.Span())+" page")
		default:
			to = steps[i+1].Level.String() + " table"
		}
		t.Row(s.Level, s.Index, fmt.Sprintf("%x", uint64(s.Address)), hex(uint64(s.Entry)), s.Entry, to)
	}
	t.Print()
	last := steps[n-1]
	p, err := m.Space.Translate(v)
	if err != nil {
		sh.Printf("%v: the walk ends in the %v\n", err, last.Level)
		return nil
	}
	sh.Printf("%s -> physical %s, %s\n", hex(uint64(v)), sh.Paint(shell.Bold, fmt.Sprintf("%#x", uint64(p))), rights(last.Rights))
	return nil
}

// rights says in words what the kernel and programs may do with a page.
func rights(flags paging.Entry) string {
	s := "read"
	if flags.Has(paging.Writable) {
		s += ", write"
	}
	if !flags.Has(paging.NoExecute) {
		s += ", execute"
	}
	if flags.Has(paging.User) {
		return s + " (user)"
	}
	return s
}

// mode is rights in three letters.
func mode(flags paging.Entry) string {
	b := []byte("r--")
	if flags.Has(paging.Writable) {
		b[1] = 'w'
	}
	if !flags.Has(paging.NoExecute) {
		b[2] = 'x'
	}
	return string(b)
}

func (m *Machine) translate(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	v := mm.VirtAddr(a.Number("ADDR"))
	if err := a.Done(); err != nil {
		return err
	}
	if m.Space == nil {
		return errAbsent("address space")
	}
	p, err := m.Space.Translate(v)
	if err != nil {
		return notMapped(v, err)
	}
	sh.Printf("%s -> %#x\n", hex(uint64(v)), uint64(p))
	return nil
}

func notMapped(v mm.VirtAddr, err error) error {
	if errors.Is(err, paging.ErrNotPresent) {
		return fmt.Errorf("nothing is mapped at %s; 'pagewalk %#x' shows where the walk ends", hex(uint64(v)), uint64(v))
	}
	return fmt.Errorf("%s: %w", hex(uint64(v)), err)
}

// maps shows the address space by its regions, or each mapping.
func (m *Machine) maps(ctx context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	pages := a.Flag("-p")
	if err := a.Done(); err != nil {
		return err
	}
	if m.Space == nil {
		return errAbsent("address space")
	}
	if pages {
		return m.mappings(ctx, sh)
	}
	t := sh.Table("FROM", "TO", ">MAPPED", "", "WHAT")
	for _, p := range parts {
		runs := m.runsIn(p.start, p.last)
		total := uint64(0)
		for _, r := range runs {
			total += r.Size
		}
		if total == 0 {
			continue
		}
		t.Row(hex(uint64(p.start)), hex(uint64(p.last)), shell.Size(total), "", sh.Paint(shell.Bold, p.what))
		regions := 0
		if m.Regions != nil {
			for r := range m.Regions.Visit {
				if r.Range.Start >= p.start && r.Range.Start <= p.last {
					t.Row(hex(uint64(r.Range.Start)), hex(uint64(r.Range.End-1)), regionSize(r), mode(r.Flags), "  "+r.Name)
					regions++
				}
			}
		}
		if regions > 0 {
			continue
		}
		const most = 12
		for _, r := range runs[:min(len(runs), most)] {
			t.Row(hex(uint64(r.Start)), hex(uint64(r.Last())), shell.Size(r.Size), mode(r.Flags), "  "+runName(p.name, r.Flags))
		}
		if more := len(runs) - most; more > 0 {
			t.Row("", "", "", "", fmt.Sprintf("  and %d more: -p lists them", more))
		}
	}
	t.Print()
	return ctx.Err()
}

// runName says what memory with these rights is in a part of the memory map.
func runName(part string, flags paging.Entry) string {
	switch {
	case flags.Has(paging.CacheDisable):
		return "devices"
	case flags.Has(paging.WriteCombining):
		return "framebuffer"
	case !flags.Has(paging.NoExecute):
		return "code"
	case !flags.Has(paging.Writable):
		return "read-only data"
	case part == "image":
		return "data"
	case part == "direct":
		return "RAM"
	}
	return ""
}

// runsIn returns what is mapped in a part, neighbours with the same rights as
// one.
func (m *Machine) runsIn(start, last mm.VirtAddr) (runs []paging.Mapping) {
	const rights = paging.Writable | paging.NoExecute | paging.User | paging.CacheDisable | paging.WriteCombining
	for {
		p, ok := m.Space.Next(start, last)
		if !ok {
			return runs
		}
		if n := len(runs); n > 0 && runs[n-1].Last()+1 == p.Start && (runs[n-1].Flags^p.Flags)&rights == 0 {
			runs[n-1].Size += p.Size
		} else {
			runs = append(runs, p)
		}
		if p.Last() >= last {
			return runs
		}
		start = p.Last() + 1
	}
}

func regionSize(r region.Region) string {
	switch r.Kind {
	case region.Guard:
		return "guard"
	case region.DemandZero:
		return fmt.Sprintf("%s of %s", shell.Size(r.Pages*mm.PageSize), shell.Size(r.Range.Size()))
	}
	return shell.Size(r.Range.Size())
}

// parts is the memory map of mm/layout.go. A part with a name can be typed as
// an address.
var parts = []struct {
	start, last mm.VirtAddr
	name, what  string
}{
	{0, mm.UserEnd - 1, "", "user space"},
	{mm.DirectMapBase, mm.WindowBase - 1, "direct", "direct map of physical memory"},
	{mm.WindowBase, mm.HeapBase - 1, "window", "kernel window"},
	{mm.HeapBase, mm.HeapEnd - 1, "heap", "Go heap"},
	{mm.HeapEnd, mm.ImageBase - 1, "", "above the heap"},
	{mm.ImageBase, ^mm.VirtAddr(0), "image", "kernel image"},
}

// partOf names the part of the memory map that v lies in.
func (m *Machine) partOf(v mm.VirtAddr) string {
	what := "not canonical"
	for _, p := range parts {
		if v >= p.start && v <= p.last {
			what = p.what
		}
	}
	if m.Regions != nil {
		if r, ok := m.Regions.Find(v); ok {
			what += ": " + r.Name
		}
	}
	if s, ok := m.symbols.at(uint64(v)); ok {
		what += ": " + s
	}
	return what
}

// mappings lists the page tables' contents.
func (m *Machine) mappings(ctx context.Context, sh *shell.Env) error {
	sh.Println(sh.Paint(shell.Bold, "FROM              TO                 PHYSICAL      SIZE  PAGES  FLAGS"))
	for p := range m.Space.Visit {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		sh.Printf("%s  %s  %10x  %8s  %5s  %v\n", hex(uint64(p.Start)), hex(uint64(p.Last())), uint64(p.Phys),
			compact(p.Size), compact(p.Level.Span()), short(p.Flags))
	}
	return nil
}

// compact is a size that is a multiple of 4 KiB, in a few characters.
func compact(n uint64) string {
	for _, u := range []struct {
		shift uint
		name  string
	}{{30, "G"}, {20, "M"}} {
		if n >= 1<<u.shift && n&(1<<u.shift-1) == 0 {
			return fmt.Sprintf("%d%s", n>>u.shift, u.name)
		}
	}
	return fmt.Sprintf("%dK", n>>10)
}

// short is the flags that are set, without Present and without spaces.
func short(e paging.Entry) string {
	s := mode(e)
	for _, f := range []struct {
		flag paging.Entry
		name string
	}{{paging.User, " U"}, {paging.CacheDisable, " C"}, {paging.Global, " G"}} {
		if e.Has(f.flag) {
			s += f.name
		}
	}
	return s
}
