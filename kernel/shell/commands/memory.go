package commands

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"strings"

	"vitrine/kernel/shell"
	"vitrine/mm"
	"vitrine/mm/frame"
)

func (m *Machine) memoryCommands() []*shell.Command {
	return []*shell.Command{
		{Name: "mem", Short: "memory: RAM, kernel, Go heap, page faults", Run: none(m.mem)},
		{
			Name: "frames", Args: "[ADDR]", Short: "physical frames: counts and a map, or one frame's state",
			Long: "In the map a character stands for a number of frames:\n" +
				"  .  all free      +  some in use    #  all in use\n" +
				"  x  some reserved X  all reserved   a space: not RAM",
			Run: m.frames,
		},
		{
			Name: "pagewalk", Args: "ADDR", Short: "the processor's walk through the page tables, level by level",
			Long: "The flags are P present, W writable, U user, T write-through, C no caching,\n" +
				"A accessed, D dirty, L large page, G global, NX no-execute.\n" +
				addressHelp,
			Run: m.pagewalk, Complete: m.completeSymbol,
		},
		{Name: "translate", Args: "ADDR", Short: "the physical address behind a virtual one", Long: addressHelp, Run: m.translate, Complete: m.completeSymbol},
		{Name: "maps", Args: "[-p]", Short: "what is mapped where (-p: each run of pages)", Run: m.maps},
		{
			Name: "audit", Short: "walk the live page tables: is every promise about memory kept?",
			Long: "Each violation is a line: the address space, the address, the physical address behind it, and\n" +
				"what is wrong there. Without any, the command succeeds.",
			Run: none(m.audit),
		},
		{
			Name: "peek", Args: "[-f] ADDR [1|2|4|8]", Short: "read a number from memory",
			Long: "Reads 8 bytes unless told otherwise. Memory that is not mapped, and registers of devices,\n" +
				"are refused; -f does it anyway.\n" + addressHelp,
			Run: m.peek, Complete: m.completeSymbol,
		},
		{
			Name: "poke", Args: "[-f] ADDR VALUE [1|2|4|8]", Short: "write a number to memory",
			Long: "Writes 8 bytes unless told otherwise. Memory that is not mapped, is read-only, or belongs\n" +
				"to a device is refused; -f does it anyway. What you overwrite, somebody may need.",
			Run: m.poke,
		},
		{
			Name: "hexdump", Args: "[-f] ADDR [LENGTH]", Short: "show memory, byte by byte",
			Long: "Shows 256 bytes unless told otherwise. A line like the one before is shown as '*'.\n" + addressHelp,
			Run:  m.hexdump, Complete: m.completeSymbol,
		},
		{
			Name: "disasm", Args: "[-b] [-i] ADDR [COUNT]", Short: "show machine code as instructions",
			Long: "Shows up to 24 instructions of a function unless told otherwise, with their line in the\n" +
				"source, in the Go assembler's notation. -i: in Intel's. -b: with their bytes.\n" + addressHelp,
			Run: m.disasm, Complete: m.completeSymbol,
		},
	}
}

const addressHelp = "ADDR is a number, a function as main.main, or one of the names direct, window, heap and\n" +
	"image; sums as image+0x1000 are fine."

// mem accounts for the memory: from the machine's RAM down to the Go heap's
// objects.
func (m *Machine) mem(sh *shell.Env) error {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	t := sh.Table("", ">", "")
	size := func(n uint64) string { return shell.Size(n) }
	if m.Frames != nil {
		f := m.Frames.Stats()
		bytes := func(frames uint64) string { return size(frames * mm.PageSize) }
		t.Row(sh.Paint(shell.Bold, "RAM"), bytes(f.Total), fmt.Sprintf("%d frames of 4 KiB", f.Total))
		t.Row("  free", bytes(f.Free), percent(f.Free, f.Total))
		t.Row("  in use", bytes(f.Used), fmt.Sprintf("%s, at most %s so far", percent(f.Used, f.Total), bytes(f.Peak)))
		t.Row("  reserved", bytes(f.Reserved), "kernel image, firmware")
	}
	if m.Heap != nil {
		mapped, returned := m.Heap()
		t.Row(sh.Paint(shell.Bold, "Go"), size(mapped-returned), fmt.Sprintf("mapped: %s taken, %s given back", size(mapped), size(returned)))
	} else {
		t.Row(sh.Paint(shell.Bold, "Go"), size(s.Sys), "")
	}
	if m.Reserve != nil {
		t.Row("  reserve", size(m.Reserve()), "for the heap alone, when there is no other memory")
	}
	t.Row("  objects", size(s.HeapAlloc), fmt.Sprintf("%d of them, in spans of %s", s.HeapObjects, size(s.HeapInuse)))
	t.Row("  next GC", size(s.NextGC), fmt.Sprintf("%d collections so far", s.NumGC))
	t.Row("  heap idle", size(s.HeapIdle), "free spans")
	t.Row("  stacks", size(s.StackInuse), fmt.Sprintf("of %d goroutines", runtime.NumGoroutine()))
	t.Row("  tables", size(s.MSpanSys+s.MCacheSys+s.GCSys+s.BuckHashSys+s.OtherSys), "the runtime's own")
	if limit := debug.SetMemoryLimit(-1); limit != math.MaxInt64 {
		t.Row("  limit", size(uint64(limit)), "the collector works harder near it")
	}
	t.Print()
	if m.Regions != nil {
		r := m.Regions.Stats()
		faults := fmt.Sprintf("\npage faults: %d served with a zeroed frame", r.Served)
		for _, bad := range []struct {
			n    uint64
			what string
		}{{r.Copied, "with a copy"}, {r.NoMemory, "without memory"}, {r.Guard, "in a guard page"}, {r.Fixed, "in a fixed region"}, {r.Access, "forbidden"}, {r.Unknown, "elsewhere"}} {
			if bad.n > 0 {
				faults += fmt.Sprintf(", %d %s", bad.n, bad.what)
			}
		}
		sh.Println(faults)
	}
	return nil
}

func percent(part, whole uint64) string {
	if whole == 0 {
		return "0 %"
	}
	return fmt.Sprintf("%d %%", part*100/whole)
}

// frames shows the frame allocator, or one frame.
func (m *Machine) frames(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	one := a.Len() > 0
	addr := mm.PhysAddr(a.NumberOr("ADDR", 0))
	if err := a.Done(); err != nil {
		return err
	}
	if m.Frames == nil {
		return errAbsent("frame allocator")
	}
	if one {
		sh.Printf("frame %#x at %#x: %v\n", uint64(addr.Frame()), uint64(addr.Frame().Addr()), m.Frames.State(addr.Frame()))
		return nil
	}
	s := m.Frames.Stats()
	t := sh.Table("", ">", ">")
	row := func(name string, n uint64) { t.Row(name, n, shell.Size(n*mm.PageSize)) }
	row("frames", s.Total)
	row("free", s.Free)
	row("free below 16 MiB", s.LowFree)
	row("free, in processors' caches", s.Cached)
	row("in use", s.Used)
	row("in use at most", s.Peak)
	row("reserved", s.Reserved)
	first, run := m.Frames.LargestRun()
	row(fmt.Sprintf("longest free run, at %#x", uint64(first.Addr())), run)
	t.Print()
	sh.Printf("%d handed out, %d taken back since boot\n\n", s.Allocs, s.Frees)
	m.frameMap(sh)
	return nil
}

// frameMap draws all frames in at most 16 lines of 64 characters.
func (m *Machine) frameMap(sh *shell.Env) {
	const columns, rows = 64, 16
	top := uint64(m.Frames.Top())
	each := uint64(1)
	for (top+each-1)/each > columns*rows {
		each *= 2
	}
	sh.Printf("a character is %s: . free, + partly used, # used, x partly, X all reserved\n", shell.Size(each*mm.PageSize))
	for line := uint64(0); line < top; line += columns * each {
		var b strings.Builder
		for at := line; at < min(line+columns*each, top); at += each {
			b.WriteByte(m.frameMark(at, min(at+each, top)))
		}
		sh.Printf("%10x  %s\n", uint64(mm.Frame(line).Addr()), b.String())
	}
}

func (m *Machine) frameMark(from, to uint64) byte {
	var n [4]uint64
	for f := from; f < to; f++ {
		n[m.Frames.State(mm.Frame(f))&3]++
	}
	switch all := to - from; {
	case n[frame.NotRAM] == all:
		return ' '
	case n[frame.Reserved]+n[frame.NotRAM] == all:
		return 'X'
	case n[frame.Used]+n[frame.NotRAM] == all:
		return '#'
	case n[frame.Free]+n[frame.NotRAM] == all:
		return '.'
	case n[frame.Used] == 0:
		return 'x'
	default:
		return '+'
	}
}
