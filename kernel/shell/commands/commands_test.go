package commands

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ps2"
	"vitrine/interrupts"
	"vitrine/kernel/log"
	"vitrine/kernel/shell"
	"vitrine/mm"
)

func TestRegsDecodesTheFlags(t *testing.T) {
	d := newDesk(t)
	out := d.run("regs")
	require.Contains(t, out, "CR0     0000000080010013  PE MP ET WP PG\n")
	require.Contains(t, out, "CR4     00000000000006a0  PAE PGE OSFXSR OSXMMEXCPT\n")
	require.Contains(t, out, "EFER    0000000000000d00  LME LMA NXE\n")
	require.Contains(t, out, "RFLAGS  0000000000000202  IF, IOPL 0\n")
	require.Contains(t, out, "GDTR    ffffffff12345678  7 descriptors\n")
	require.Contains(t, out, "IDTR    0000000000000000  256 gates\n")
	require.NotContains(t, out, "XCR0")
	require.Equal(t, "PE +0x2000", names(0x2001, bitsCR0))

	require.Contains(t, d.run("regs -x"), "no exception has become a Go panic yet")
	*d.m.Last = interrupts.LastPanic{Valid: true, Address: 0x10, Frame: interrupts.Frame{Vector: 14, Error: 2, AX: 0xabc, Flags: 0x10246}}
	out = d.run("regs -x")
	require.Contains(t, out, "#PF page fault, error code 0x2, address 0000000000000010\n")
	require.Contains(t, out, "RAX  0000000000000abc  RBX  ")
	require.Contains(t, out, "RFLAGS PF ZF IF RF\n")
}

func TestCPUIDIsDecoded(t *testing.T) {
	out := newDesk(t).run("cpuid")
	require.Equal(t, ""+
		"vendor     AuthenticAMD\n"+
		"name       Fake processor\n"+
		"family     25, model 33, stepping 2\n"+
		"leaves     0 to 0x1, 0x80000000 to 0x80000008\n"+
		"addresses  40 bits physical, 48 bits virtual\n"+
		"features   tsc sse sse3 hypervisor nx 64-bit\n", out)
	out = newDesk(t).run("cpuid 0")
	require.Contains(t, out, "CPUID(0x0, 0x0)\n  EAX 00000001  00000000000000000000000000000001  ....\n  EBX 68747541")
	require.Contains(t, out, "  Auth\n")
}

func TestLongListsAreFilled(t *testing.T) {
	require.Equal(t, "x  aa bb\n   cc", fill("x  ", []string{"aa", "bb", "cc"}, 8))
}

func TestIDTShowsGatesAndWhoseTheyAre(t *testing.T) {
	d := newDesk(t)
	out := d.run("idt")
	require.Contains(t, out, "VECTOR  HANDLER           IST  COUNT  WHAT\n")
	require.Contains(t, out, "    14  ffffffff800010e0    2    140  #PF page fault\n")
	require.Contains(t, out, "    33  ffffffff80001210    2    330  IRQ 1 keyboard\n")
	require.Contains(t, out, "48 of 256 gates are present")
	out = d.run("idt 14")
	require.Contains(t, out, "stack    IST 2, which starts at ffffff800000a000\n")
	require.Contains(t, out, "ring     INT 14 is allowed from ring 0 and below\n")
	require.Contains(t, d.run("idt 200"), "gate    not present")
}

func TestIRQShowsTheLines(t *testing.T) {
	out := newDesk(t).run("irq")
	require.Contains(t, out, "IRQ  VECTOR  COUNT  MASK  DEVICE\n  0      32    360  on    timer\n  1      33      7  on    keyboard\n  2      34      0  off   cascade: IRQ 8 to 15\n")
	require.Contains(t, out, "  -       -      2        log  (raised by software)\n1 spurious interrupts\n")
}

func TestPortsAreReadAndWritten(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, "port 0x60: fa  11111010\n", d.run("in 0x60"))
	require.Equal(t, "port 0x1f0: 1234  0001001000110100\n", d.run("in 0x1f0 2"))
	require.Equal(t, "port 0x70: ffffffff  11111111111111111111111111111111\n", d.run("in 0x70 4"))
	require.Empty(t, d.run("out 0x80 1; out 0x80 0x1234 2; out 0x80 5 4"))
	require.Equal(t, []string{"80<-01", "80<-1234", "80<-00000005"}, d.ports.Log)
	require.Contains(t, d.run("out 0x80 256"), "0x100 does not fit in 1 bytes")
	require.Contains(t, d.run("in 0x10000"), "PORT: 0x10000 does not fit in 16 bits")
	require.Contains(t, d.run("in 0x60 8"), "It is one of: 1, 2, 4")
}

func TestLogIsFiltered(t *testing.T) {
	d := newDesk(t)
	const ready, odd, b = "[   0.000000] ps2: keyboard ready\n", "[   0.000000] rtc: the clock is odd\n", "[   0.000000] ps2: byte 1e\n"
	for line, want := range map[string]string{
		"log": ready + odd + b, "log -l info": ready + odd, "log -l warn": odd, "log -s ps2": ready + b,
		"log -n 1": b, "log -n 0": "", "log -s ps2 -n 1 -l info": ready, "log CLOCK": odd,
		"log -l loud": "log: -l: no log level \"loud\": use debug, info, warn, error or off\nusage: log [-l LEVEL] [-s SOURCE] [-n N] [-f] [-c LEVEL] [TEXT]\n",
	} {
		require.Equal(t, want, d.run(line), line)
	}
	require.Empty(t, d.run("log -c warn"))
	require.Equal(t, log.Warn, d.m.Console.Threshold())
	require.Contains(t, d.run("log -c loud"), "no log level")
	require.Equal(t, []string{"ps2", "rtc", "ps2"}, d.m.completeLog(nil, []string{"-s"}, ""))
}

// screen is a shared output.
type screen struct {
	sync.Mutex
	b bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.Lock()
	defer s.Unlock()
	return s.b.Write(p)
}

func (s *screen) shows(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool {
		s.Lock()
		defer s.Unlock()
		return strings.Contains(s.b.String(), text)
	}, 10*time.Second, time.Millisecond, text)
}

// start runs a line in the background; the result stops it.
func (d *desk) start(line string) (*screen, func()) {
	out := new(screen)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		d.shell.Run(ctx, &shell.Env{Shell: d.shell, Out: out, Columns: 80, Rows: 25}, line)
		close(done)
	}()
	return out, func() { cancel(); <-done }
}

func TestLogFollows(t *testing.T) {
	d := newDesk(t)
	out, stop := d.start("log -f -n 1 -s ps2")
	defer stop()
	out.shows(t, "byte 1e")
	logger := d.m.Log.Handler("ps2")
	for i := range 3 {
		d.m.Log.Write(log.Info, "rtc", "not this")
		require.NoError(t, logger.Handle(context.Background(), slogRecord(fmt.Sprintf("new %d", i))))
		out.shows(t, fmt.Sprintf("ps2: new %d\n", i))
	}
	require.NotContains(t, out.b.String(), "not this")
}

func TestTraceListsSwitchesAndDumps(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, ""+
		"POINT  STATE  EVENTS  WHAT IT SHOWS\n"+
		"irq    off         0  interrupts\n"+
		"kbd    off         0  keys on their way\n", d.run("trace"))
	require.Empty(t, d.run("trace kbd on"))
	require.True(t, d.kbd.On())
	d.kbd.Record(0, 0x1e, 0, 0)
	require.Empty(t, d.run("trace off kbd"))
	require.False(t, d.kbd.On())
	require.Equal(t, "[   0.000000] kbd     byte      0x1e\n", d.run("trace dump"))
	require.Empty(t, d.run("trace dump 0"))
	require.Contains(t, d.run("trace kdb on"), `no trace point "kdb": there are irq, kbd`)
	require.Contains(t, d.run("trace kbd maybe"), "'maybe' should be on or off")
	require.Contains(t, d.run("trace on"), "which point?")
	require.Empty(t, d.run("trace all on; trace all off"))
}

func TestTraceShowsEventsLive(t *testing.T) {
	d := newDesk(t)
	pending := make(chan struct{}, 1)
	d.m.Trace.Wake = func() {
		select {
		case pending <- struct{}{}:
		default:
		}
	}
	ctx, end := context.WithCancel(context.Background())
	defer end()
	go d.m.Trace.Serve(ctx, func(ctx context.Context) {
		select {
		case <-pending:
		case <-ctx.Done():
		}
	})
	out, stop := d.start("trace kbd")
	out.shows(t, "Ctrl-C stops.")
	d.kbd.Record(0, 0x2a, 0, 0)
	out.shows(t, "kbd     byte      0x2a\n")
	stop()
	require.False(t, d.kbd.On())

	out, stop = d.start("trace kbd on")
	require.Eventually(t, d.kbd.On, 10*time.Second, time.Millisecond)
	d.kbd.Record(0, 0x3b, 0, 0)
	out.shows(t, "kbd     byte      0x3b\n")
	stop()
	require.True(t, d.kbd.On())
	require.Empty(t, d.run("trace kbd off"))
}

func TestTimeCommands(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, "up 2 days 2h0m1.234s\n", d.run("uptime"))
	d.m.CPUs = func() []CPU {
		return []CPU{{Load: interrupts.Load{Timer: 1_000_000}}, {Load: interrupts.Load{Timer: 8_000}}}
	}
	out := d.run("ticks")
	require.Contains(t, out, "its rate            2400.000 MHz  measured at boot\n")
	require.Contains(t, out, "timer interrupts         1008000  5.6 a second since boot\n", "of all processors")
	require.Contains(t, out, "halts                        500  times that a processor had nothing to do\n")
	require.Contains(t, d.run("date"), "CMOS clock: 2026-01-02 03:04:05 (")
}

func TestTheMachineIsTurnedOff(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, "Turning off.\npoweroff: the machine is still here\n", d.run("poweroff"))
	require.Equal(t, "Restarting.\nreboot: the machine is still here\n", d.run("reboot"))
	require.Equal(t, []string{"off", "reboot"}, d.off)
	require.Contains(t, d.run("poweroff now"), "'now' is one argument too many")
}

func TestLayoutIsShownAndChanged(t *testing.T) {
	d := newDesk(t)
	require.Contains(t, d.run("layout"), "*  us  ")
	require.Contains(t, d.run("layout de"), "*  de  ")
	require.Equal(t, "de", d.m.Layout.Layout().Name)
	require.Contains(t, d.run("layout xx"), "layout: ")
}

func TestDevicesShowTheirState(t *testing.T) {
	d := newDesk(t)
	out := d.run("kbd")
	require.Contains(t, out, "device     identity ab 83, scan code set 1, repeats after")
	require.Contains(t, out, "layout     us, locks: num, no accent waits\n")
	require.Contains(t, d.run("mouse -s"), "bytes of a packet\n")
	require.Contains(t, d.run("serial"), "bytes received            0\n")
	require.Contains(t, d.run("acpi"), "FACP")
}

func TestMouseShowsMovements(t *testing.T) {
	d := newDesk(t)
	out, stop := d.start("mouse")
	defer stop()
	out.shows(t, "POSITION")
	require.Eventually(t, func() bool {
		d.m.Moves.mu.Lock()
		defer d.m.Moves.mu.Unlock()
		return len(d.m.Moves.listeners) == 1
	}, 10*time.Second, time.Millisecond)
	d.m.Moves.Tell(ps2.MouseEvent{DX: 3, DY: -2, Buttons: ps2.LeftButton | ps2.RightButton})
	d.m.Moves.Tell(ps2.MouseEvent{DX: 4, Wheel: 1})
	out.shows(t, "     3    -2      0  left right               3, -2\n     4     0      1  none                     7, -2\n")
}

func TestFaultsThatBecomePanicsAreSurvived(t *testing.T) {
	d := newDesk(t)
	for kind, want := range map[string]string{
		"nil":    "fault: panic: runtime error: invalid memory address or nil pointer dereference",
		"panic":  "fault: panic: asked for by the command 'fault'\n",
		"bounds": "index out of range [5] with length 3",
		"nested": "panic: ",
	} {
		require.Contains(t, d.run("fault -r "+kind), want, kind)
	}
	require.Contains(t, d.run("fault -r nil"), "\n    vitrine/kernel/shell/commands.readInt  kernel/shell/commands/fault.go:")
	require.Equal(t, "fault: nothing survives 'heap': without -r you see the panic screen\n", d.run("fault -r heap"))
	require.Contains(t, d.run("fault nul"), "did you mean 'nil'?")
	require.Contains(t, d.run("fault"), "KIND is missing\nusage: fault [-r] KIND")
}

func TestDemandTouchesPages(t *testing.T) {
	d := newDesk(t)
	d.m.Scratch.Start, d.m.Scratch.End = d.page+0x3000, d.page+0x4000
	out := d.run("fault demand")
	require.Contains(t, out, "touched each page of a region of 4 KiB at ")
	require.Contains(t, out, "all of it was zero: true\n")
	require.Equal(t, 1, d.m.Regions.Len())
}

func TestOutOfMemoryIsAnError(t *testing.T) {
	d := newDesk(t)
	require.Contains(t, d.run("fault oom"), "no memory to run out of")
	d.inOrder()
	d.m.Heap = nil
	d.m.Scratch = mm.VirtRange{Start: mm.ScratchBase, End: mm.ScratchBase + mm.ScratchSize}
	before := d.m.Frames.Stats()
	require.Equal(t, ""+
		"WHO ASKS                                    GETS\n"+
		"for all frames                              62, in 1 runs\n"+
		"for one more frame                          the error 'out of physical memory'\n"+
		"for a page table, by mapping a page         the error 'out of physical memory'\n"+
		"by touching a page of a demand-zero region  the error 'out of physical memory'\n"+
		"for a MiB of the Go heap                    it, of what the heap has or of its reserve\n"+
		"frames free before: 62, after: 62; used without the heap's, before: 1, after: 1\n", d.run("fault oom"))
	after := d.m.Frames.Stats()
	require.Equal(t, before.Free, after.Free)
	require.Equal(t, before.Used, after.Used)
	require.Zero(t, d.m.Regions.Len())
	require.NoError(t, d.m.Frames.Verify())
}

func TestGoroutinesAndTheirStacks(t *testing.T) {
	d := newDesk(t)
	out := d.run("goroutines")
	require.Contains(t, out, "ID  STATE")
	require.Contains(t, out, "kernel/shell/commands.traceback")
	require.Contains(t, out, "3 threads on ")
	require.NotContains(t, out, "runtime.bgsweep")
	out = d.run("stack")
	require.Contains(t, out, "kernel/shell/commands.(*Machine).stack\n      kernel/shell/commands/goroutines.go:")
	require.Equal(t, "stack: there is no goroutine 999999: 'goroutines -a' lists them\n", d.run("stack 999999"))
	require.NotEmpty(t, completeGoroutine(nil, nil, ""))
	require.Contains(t, d.run("gc"), "collected in ")
}

func TestATracebackIsParsed(t *testing.T) {
	list := parseTraceback("goroutine 7 gp=0xc0 m=3 [chan receive, 2 minutes]:\n" +
		"runtime.gopark(...)\n\t/go/src/runtime/proc.go:400 +0x1\n" +
		"vitrine/x.(*T).wait(0xc000, {0x1, 0x2})\n\t/home/x.go:12 +0x25\n" +
		"created by runtime.main in goroutine 1\n\t/src/main.go:5 +0x1d\n\n" +
		"goroutine 8 [running]:\nmain.main()\n\tmain.go\n\nnot a goroutine\n")
	require.Len(t, list, 2)
	require.Equal(t, goroutine{id: 7, state: "chan receive, 2 minutes", origin: "runtime.main", frames: []stackFrame{
		{"runtime.gopark", "runtime/proc.go", 400}, {"vitrine/x.(*T).wait", "/home/x.go", 12},
	}}, list[0])
	require.Equal(t, "vitrine/x.(*T).wait", list[0].own().function)
	require.True(t, list[0].isRuntime())
	require.Equal(t, "main.go", list[1].frames[0].file)
	require.Empty(t, parseTraceback(""))
}

func FuzzTraceback(f *testing.F) {
	f.Add("goroutine 7 [chan receive]:\nmain.wait(0xc)\n\t/src/main.go:12 +0x25\ncreated by x\n\tm.go:1\n")
	f.Fuzz(func(t *testing.T, s string) {
		for _, g := range parseTraceback(s) {
			g.own()
		}
	})
}

func TestBenchMeasures(t *testing.T) {
	d := newDesk(t)
	d.m.Latency = func() (time.Duration, error) { time.Sleep(time.Millisecond); return 1500, nil }
	out := d.run("bench frame")
	require.Regexp(t, `frame.allocfree +[0-9.]+ [nu]s +\d+  allocate a frame and free it\n`, out)
	require.Regexp(t, `irq.goroutine +1.50 us +1.50 us +1.50 us +\d+  from`, d.run("bench irq.g"))
	require.Regexp(t, `^\n\{"name":"irq.goroutine","what":"[^"]+","ns":1500.0,"n":[0-9]+,"p999":1500.0,"worst":1500.0\}\n$`, d.run("bench -json irq.g"))
	require.Regexp(t, `^\n\{"name":"paging.translate","what":"walk the page tables","ns":[0-9.]+,"n":[0-9]+\}\n$`, d.run("bench -json paging"))
	require.Contains(t, d.run("bench nosuch"), "there is no benchmark 'nosuch'")
	for _, name := range []string{"chan", "goroutine", "log", "trace", "timer"} {
		require.NotContains(t, d.run("bench "+name), "bench:", name)
	}
}

func TestMapAndUnmapAreMeasuredWhereThereIsRoom(t *testing.T) {
	d := newDesk(t)
	d.m.Scratch.Start, d.m.Scratch.End = d.page+0x3000, d.page+0x4000
	require.NoError(t, d.m.benchMap(10))
	require.Zero(t, d.m.Frames.Stats().Used)
}

func TestKbdPressesKeys(t *testing.T) {
	d := newDesk(t)
	require.Contains(t, d.run("kbd"), "ring       0 of 256 bytes")
	require.Empty(t, d.run("kbd 1e 9E 0xe0"))
	require.Contains(t, d.run("kbd"), "ring       3 of 256 bytes")
	require.Contains(t, d.run("kbd 100"), "kbd: '100' is not a byte in hexadecimal\nusage: kbd [BYTE...]\n")
	require.Contains(t, d.run("kbd g"), "'g' is not a byte in hexadecimal")
}
