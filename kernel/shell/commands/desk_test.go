package commands

import (
	"bytes"
	"context"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/acpi"
	"vitrine/drivers/acpi/acpitest"
	"vitrine/drivers/ioport/porttest"
	"vitrine/drivers/ps2"
	"vitrine/drivers/ps2/ps2test"
	"vitrine/drivers/rtc"
	"vitrine/drivers/uart"
	"vitrine/interrupts"
	"vitrine/kernel/keymap"
	"vitrine/kernel/log"
	"vitrine/kernel/shell"
	"vitrine/kernel/thread"
	"vitrine/kernel/trace"
	"vitrine/mm"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
	"vitrine/mm/paging/pagingtest"
	"vitrine/mm/region"
)

// desk is a fake machine with a shell in front of it.
type desk struct {
	t     *testing.T
	m     *Machine
	shell *shell.Shell
	ports *porttest.Space

	memory []byte // four pages: data, read-only, of a device, and one not mapped
	page   mm.VirtAddr
	kbd    *trace.Point
	off    []string // what was switched off
}

func newDesk(t *testing.T) *desk {
	log.Now = nil
	d := &desk{t: t, ports: &porttest.Space{Reads: map[uint16][]uint32{0x60: {0xfa}, 0x1f0: {0x1234}}}}
	d.m = &Machine{
		Log: new(log.Ring), Trace: new(trace.Set), Regions: new(region.Set), Ports: d.ports,
		Heap:      func() (uint64, uint64) { return 8 << 20, 1 << 20 },
		Registers: fakeRegisters,
		CPUID:     fakeCPUID,
		Gate:      fakeGate,
		Count:     func(v uint8) uint64 { return uint64(v) * 10 },
		Line:      fakeLine,
		Spurious:  func() uint64 { return 1 },
		Stack:     func(ist int) mm.VirtAddr { return mm.StackBase + mm.VirtAddr(ist*0x5000) },
		CPUs: func() []CPU {
			return []CPU{{Now: 1e15, Load: interrupts.Load{Timer: 1e6, Device: 1e5, Wakes: 1e6, Halts: 1e6, Flushes: 1e6}, Goroutine: 1e4}}
		},
		Threads:   func() thread.Stats { return thread.Stats{Threads: 3, Switches: 40, Halts: 500} },
		Uptime:    func() time.Duration { return 50*time.Hour + 1234*time.Millisecond },
		Frequency: func() uint64 { return 2_400_000_000 },
		Counter:   func() uint64 { return 12345 },
		RTC: func() (rtc.Time, error) {
			return rtc.Time{Year: 2026, Month: 1, Day: 2, Hour: 3, Minute: 4, Second: 5}, nil
		},
		Last:     new(interrupts.LastPanic),
		Serial:   uart.New(new(porttest.Space), 0x3f8),
		PowerOff: func() { d.off = append(d.off, "off") },
		Reboot:   func() { d.off = append(d.off, "reboot") },
		Moves:    new(Feed[ps2.MouseEvent]),
	}
	d.m.Console = log.NewConsole(d.m.Log, new(bytes.Buffer), log.Info, false)
	d.addMemory()
	d.addDevices()
	d.kbd = trace.New("kbd", "keys on their way", trace.Stage{Name: "byte"})
	require.NoError(t, d.m.Trace.Add(d.kbd, trace.New("irq", "interrupts")))
	d.m.Log.Write(log.Info, "ps2", "keyboard ready")
	d.m.Log.Write(log.Warn, "rtc", "the clock is odd")
	d.m.Log.Write(log.Debug, "ps2", "byte 1e")
	d.shell = shell.New()
	require.NoError(t, d.shell.Add(All(d.m)...))
	return d
}

// addMemory makes page tables that map this test's own memory.
func (d *desk) addMemory() {
	const frames = 1024
	d.m.Frames = new(frame.Allocator)
	d.m.Frames.Init(make([]uint64, frame.StorageWords(frames)), frames)
	d.m.Frames.AddRange(mm.PhysRange{Start: 0, End: 0x9f000})
	d.m.Frames.AddRange(mm.PhysRange{Start: 0x100000, End: 0x300000})
	d.m.Frames.Reserve(mm.PhysRange{Start: 0x200000, End: 0x280000})

	tables := pagingtest.New(64)
	space, err := paging.Create(tables, tables, tables)
	require.NoError(d.t, err)
	d.m.Space = &space
	d.memory = make([]byte, 5*mm.PageSize)
	d.page = mm.VirtAddr(uintptr(unsafe.Pointer(&d.memory[0]))).AlignUp(mm.PageSize)
	d.t.Cleanup(func() { runtime.KeepAlive(d.memory) })
	for i, flags := range []paging.Entry{paging.Writable | paging.NoExecute, paging.NoExecute, paging.Writable | paging.CacheDisable | paging.NoExecute} {
		require.NoError(d.t, space.Map(d.page+mm.VirtAddr(i*mm.PageSize), mm.PhysAddr(0x10000*(i+1)), mm.PageSize, flags, paging.Pages4K))
	}
	require.NoError(d.t, space.Map(mm.DirectMapBase, 0, 4<<20, paging.Writable|paging.NoExecute|paging.Global, paging.Pages2M))
	require.NoError(d.t, d.m.Regions.Add(region.Region{
		Range: mm.VirtRange{Start: mm.StackBase, End: mm.StackBase + mm.PageSize}, Kind: region.Guard, Flags: paging.NoExecute, Name: "guard page",
	}))
	pc, _, _, _ := runtime.Caller(0)
	code := mm.VirtAddr(pc).AlignDown(mm.PageSize)
	d.m.Text = mm.VirtRange{Start: code - 16*mm.PageSize, End: code + 16*mm.PageSize}
	require.NoError(d.t, space.Map(d.m.Text.Start, 0x400000, d.m.Text.Size(), 0, paging.Pages4K))
}

func (d *desk) addDevices() {
	fake := ps2test.New()
	c := ps2.New(fake, fake)
	fake.Interrupt = func() { c.Interrupt() }
	require.NoError(d.t, c.Init())
	require.NoError(d.t, c.Listen())
	d.m.Keyboard, _ = c.Keyboard()
	d.m.Mouse, _ = c.Mouse()
	us, err := keymap.Lookup("us")
	require.NoError(d.t, err)
	d.m.Layout = keymap.NewState(us)
	memory := acpitest.PC()
	root, err := acpi.FindRSDP(memory)
	require.NoError(d.t, err)
	d.m.ACPI, err = acpi.Open(memory, root)
	require.NoError(d.t, err)
}

// run returns what a line prints, without colours.
func (d *desk) run(line string) string {
	var out bytes.Buffer
	env := &shell.Env{Shell: d.shell, Out: &out, Columns: 80, Rows: 25, Symbols: d.m.Symbol}
	d.shell.Run(context.Background(), env, line)
	return out.String()
}

func fakeRegisters() Registers {
	return Registers{
		CR0: 0x8001_0013, CR2: 0x1234, CR3: 0x20_0000, CR4: 0x6a0, EFER: 0xd00, Flags: 0x202,
		GDT: [10]byte{0x37, 0, 0x78, 0x56, 0x34, 0x12, 0xff, 0xff, 0xff, 0xff}, IDT: [10]byte{0xff, 0x0f}, TR: 0x28,
	}
}

func fakeCPUID(leaf, sub uint32) (a, b, c, d uint32) {
	text := func(s string) uint32 { return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24 }
	switch leaf {
	case 0:
		return 1, text("Auth"), text("cAMD"), text("enti")
	case 1:
		return 0x00a2_0f12, 0, 1<<31 | 1, 1<<25 | 1<<4
	case 0x8000_0000:
		return 0x8000_0008, 0, 0, 0
	case 0x8000_0001:
		return 0, 0, 0, 1<<20 | 1<<29
	case 0x8000_0002:
		return text("Fake"), text(" pro"), text("cess"), text("or  ")
	case 0x8000_0008:
		return 48<<8 | 40, 0, 0, 0
	}
	return 0, 0, 0, 0
}

func fakeGate(v uint8) interrupts.Gate {
	if v >= 48 {
		return interrupts.Gate{}
	}
	return interrupts.NewGate(mm.ImageBase+0x1000+mm.VirtAddr(v)*16, 2)
}

func fakeLine(i uint8) interrupts.LineInfo {
	l := interrupts.LineInfo{IRQ: i, Masked: i > 1}
	if i < 16 {
		l.Vector = 32 + i
	}
	switch i {
	case 0:
		l.Name, l.Count = "timer", 360
	case 1:
		l.Name, l.Count = "keyboard", 7
	case 16:
		l.Name, l.Count = "log", 2
	}
	return l
}

func TestEveryCommandFitsOn80Columns(t *testing.T) {
	d := newDesk(t)
	for _, c := range d.shell.Commands() {
		switch c.Name {
		case "help", "repeat", "time", "watch", "sleep", "fault", "bench", "mouse", "history", "goroutines", "boot", "disasm":
			for _, l := range strings.Split(d.run("help "+c.Name), "\n") {
				require.LessOrEqual(t, shell.Width(l), 80, "help %s: %s", c.Name, l)
			}
			continue
		}
		line := c.Name
		switch strings.Fields(c.Args + " -")[0] {
		case "ADDR":
			line += " direct"
		case "PORT":
			line += " 0x60 1"
		}
		for _, l := range strings.Split(d.run(line)+d.run("help "+c.Name), "\n") {
			require.LessOrEqual(t, shell.Width(l), 80, "%s: %s", line, l)
		}
	}
	for _, l := range strings.Split(d.run("help"), "\n") {
		require.LessOrEqual(t, shell.Width(l), 80)
	}
}

func TestACommandWithoutItsPartOfTheMachineSaysSo(t *testing.T) {
	d := newDesk(t)
	*d.m = Machine{}
	for line, want := range map[string]string{
		"frames": "no frame allocator", "pagewalk 0": "no address space", "translate 0": "no address space", "maps": "no address space",
		"audit": "no address space", "peek 0": "no address space", "poke 0 0": "no address space", "hexdump 0": "no address space", "disasm 0": "no address space",
		"regs": "no register", "cpuid": "no CPUID", "idt": "no interrupt descriptor table", "irq": "no interrupt controller",
		"in 0": "no I/O port", "out 0 0": "no I/O port", "layout": "no keyboard", "kbd": "no PS/2 keyboard", "mouse": "no PS/2 mouse",
		"serial": "no serial line", "acpi": "no ACPI", "log": "no log", "trace": "no trace point", "uptime": "no clock",
		"reboot": "no way to reboot", "poweroff": "no power switch", "fault demand": "no place for a region", "regs -x": "no exception", "cpus": "no list of processors",
	} {
		require.Contains(t, d.run(line), want, line)
	}
	for _, line := range []string{"mem", "boot", "ticks", "date", "goroutines", "stack", "gc", "bench clock"} {
		require.NotContains(t, d.run(line), "panic", line)
	}
}

func slogRecord(text string) slog.Record { return slog.NewRecord(time.Now(), slog.LevelInfo, text, 0) }

// bytes returns the first page.
func (d *desk) bytes() []byte {
	return d.memory[uint64(d.page)-uint64(uintptr(unsafe.Pointer(&d.memory[0]))):]
}
