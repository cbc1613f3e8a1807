package commands

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"vitrine/kernel/log"
	"vitrine/kernel/shell"
	"vitrine/kernel/trace"
	"vitrine/mm"
	"vitrine/mm/paging"
)

func (m *Machine) benchCommand() *shell.Command {
	return &shell.Command{
		Name: "bench", Args: "[-json] [NAME]", Short: "measure the kernel's basic operations",
		Long: "NAME is the beginning of a name, as 'paging'. -json: one line a result, for programs.",
		Run:  m.bench,
		Complete: func(_ *shell.Env, args []string, _ string) []string {
			list := []string{"-json"}
			for _, b := range m.benchmarks(nil) {
				list = append(list, b.name)
			}
			return list
		},
	}
}

// benchmark is something that can be done n times.
type benchmark struct {
	name, what string
	run        func(n int) error

	// sample, in place of run, returns how long it took once; the result is the
	// median of many.
	sample func() (time.Duration, error)

	unit int // the result is for one of so many parts; 0 means 1
	most int // the largest n; 0 means any
}

// result is what one operation takes.
type result struct {
	ns float64
	n  int
}

// benchTime is how long each benchmark runs, at least.
const benchTime = 50 * time.Millisecond

// benchmarks returns those that this machine can do.
func (m *Machine) benchmarks(sh *shell.Env) []benchmark {
	ring, set, point := new(log.Ring), new(trace.Set), trace.New("bench", "")
	set.Add(point)
	list := []benchmark{
		{name: "clock.now", what: "read the clock", run: func(n int) error {
			for range n {
				keep(time.Now().Nanosecond())
			}
			return nil
		}},
		{name: "heap.alloc", what: "a Go object of 64 bytes", run: func(n int) error {
			for range n {
				keepPointer(new([64]byte))
			}
			return nil
		}},
		{name: "heap.gc", what: "collect garbage", most: 20, run: func(n int) error {
			for range n {
				runtime.GC()
			}
			return nil
		}},
		{name: "goroutine.switch", what: "from one goroutine to another", run: benchSwitch},
		{name: "goroutine.start", what: "start a goroutine and see it end", run: benchStart},
		{name: "chan.roundtrip", what: "there and back over two channels", run: benchRoundTrip},
		{name: "timer.late", what: "how late a sleep of 1 ms ends", most: 100, sample: func() (time.Duration, error) {
			start := time.Now()
			time.Sleep(time.Millisecond)
			return time.Since(start) - time.Millisecond, nil
		}},
		{name: "log.write", what: "a record of 32 bytes", run: func(n int) error {
			for range n {
				ring.Write(log.Info, "bench", "thirty-two bytes in one sentence")
			}
			return nil
		}},
		{name: "trace.off", what: "a trace point that is off", run: func(n int) error {
			set.Switch("bench", false)
			for range n {
				point.Record(0, 1, 2, 3)
			}
			return nil
		}},
		{name: "trace.on", what: "a trace point that is on", run: func(n int) error {
			set.Switch("bench", true)
			for range n {
				point.Record(0, 1, 2, 3)
			}
			return nil
		}},
	}
	list = append(list, m.memoryBenchmarks()...)
	latency := m.Latency
	if latency == nil && canInterrupt {
		latency = interruptLatency
	}
	if latency != nil {
		list = append(list, benchmark{name: "irq.goroutine", what: "from an interrupt to its goroutine", most: 1000, sample: latency})
	}
	if sh == nil || sh.Colour {
		list = append(list, benchmark{name: "console.byte", what: "a character on the console", unit: len(benchLine), most: 200, run: func(n int) error {
			for range n {
				fmt.Fprint(sh.Out, benchLine)
			}
			fmt.Fprint(sh.Out, "\r\x1b[K")
			return nil
		}})
	}
	return list
}

var benchLine = "\r" + strings.Repeat("The quick brown fox. ", 3)

// keep and keepPointer use a value, as far as the compiler can tell: without
// them it would leave out what makes the value.
//
//go:noinline
func keep(int) {}

//go:noinline
func keepPointer(p *[64]byte) { kept.Store(p) }

var kept atomic.Pointer[[64]byte]

// memoryBenchmarks measure the packages below mm.
func (m *Machine) memoryBenchmarks() []benchmark {
	var list []benchmark
	if m.Frames != nil {
		list = append(list, benchmark{name: "frame.allocfree", what: "allocate a frame and free it", run: func(n int) error {
			frames := m.Frames
			for range n {
				f, err := frames.Alloc()
				if err == nil {
					err = frames.Free(f)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}})
	}
	if m.Space != nil {
		list = append(list, benchmark{name: "paging.translate", what: "walk the page tables", run: func(n int) error {
			for range n {
				if _, err := m.Space.Translate(m.Text.Start); err != nil {
					return err
				}
			}
			return nil
		}})
	}
	if m.Space != nil && m.Frames != nil && m.Scratch.Size() >= mm.PageSize {
		list = append(list, benchmark{name: "paging.mapunmap", what: "map a page, touch it, unmap it", run: m.benchMap})
	}
	return list
}

// benchMap maps the same frame again and again.
func (m *Machine) benchMap(n int) error {
	f, err := m.Frames.Alloc()
	if err != nil {
		return err
	}
	defer m.Frames.Free(f)
	v := m.Scratch.Start
	for range n {
		if err := m.Space.Map(v, f.Addr(), mm.PageSize, paging.Writable|paging.NoExecute, paging.Pages4K); err != nil {
			return err
		}
		load(v, 8)
		if err := m.Space.Unmap(v, mm.PageSize); err != nil {
			return err
		}
	}
	return nil
}

// benchSwitch lets two goroutines give way to each other n times in all.
func benchSwitch(n int) error {
	done := make(chan struct{})
	for range 2 {
		go func() {
			for range n / 2 {
				runtime.Gosched()
			}
			done <- struct{}{}
		}()
	}
	<-done
	<-done
	return nil
}

func benchStart(n int) error {
	done := make(chan struct{})
	for range n {
		go func() { done <- struct{}{} }()
		<-done
	}
	return nil
}

func benchRoundTrip(n int) error {
	there, back := make(chan int), make(chan int)
	defer close(there)
	go func() {
		for v := range there {
			back <- v
		}
	}()
	for i := range n {
		there <- i
		<-back
	}
	return nil
}

// bench runs the benchmarks whose name begins as told.
func (m *Machine) bench(ctx context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	asJSON := a.Flag("-json")
	prefix := a.WordOr("NAME", "")
	if err := a.Done(); err != nil {
		return err
	}
	t := sh.Table("NAME", ">TIME", ">RUNS", "WHAT")
	found := false
	for _, b := range m.benchmarks(sh) {
		if !strings.HasPrefix(b.name, prefix) {
			continue
		}
		found = true
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r, err := b.measure(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		if asJSON {
			sh.Printf("\n{\"name\":%q,\"ns\":%.1f,\"n\":%d}", b.name, r.ns, r.n)
		}
		t.Row(b.name, nanoseconds(r.ns), r.n, b.what)
	}
	if !found {
		return shell.Usagef("there is no benchmark '%s'", prefix)
	}
	if asJSON {
		sh.Println()
		return nil
	}
	t.Print()
	return nil
}

// measure runs b for long enough.
func (b *benchmark) measure(ctx context.Context) (result, error) {
	most := b.most
	if most == 0 {
		most = 1 << 30
	}
	if b.sample != nil {
		return b.median(ctx, most)
	}
	for n := 1; ; {
		start := time.Now()
		if err := b.run(n); err != nil {
			return result{}, err
		}
		took := time.Since(start)
		if took >= benchTime || n >= most || ctx.Err() != nil {
			return result{float64(took) / float64(n*max(b.unit, 1)), n}, ctx.Err()
		}
		// Aim a little beyond, but never trust a short measurement far.
		guess := int(float64(n) * 1.2 * float64(benchTime) / float64(max(took, 1)))
		n = min(max(n+1, min(guess, 100*n)), most)
	}
}

func (b *benchmark) median(ctx context.Context, most int) (result, error) {
	var samples []time.Duration
	for start := time.Now(); len(samples) < most && time.Since(start) < 4*benchTime && ctx.Err() == nil; {
		d, err := b.sample()
		if err != nil {
			return result{}, err
		}
		samples = append(samples, d)
	}
	if len(samples) == 0 {
		return result{}, ctx.Err()
	}
	slices.Sort(samples)
	return result{float64(samples[len(samples)/2]), len(samples)}, ctx.Err()
}

// nanoseconds formats a time with about three digits.
func nanoseconds(ns float64) string {
	if ns < 1000 {
		return fmt.Sprintf("%.1f ns", ns)
	}
	return shell.Duration(time.Duration(ns))
}
