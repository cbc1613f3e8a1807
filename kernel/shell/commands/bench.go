package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vitrine/kernel/shell"
)

func (m *Machine) benchCommand() *shell.Command {
	return &shell.Command{
		Name: "bench", Args: "[-json] [NAME]", Short: "measure the kernel's basic operations",
		Long: "NAME is the beginning of a name, as 'paging'. -json: one line a result, for programs.\n" +
			"Where single events are measured the time is the median, and two more columns say what\n" +
			"999 of 1000 keep to, and the worst. Some need memory, or several processors, and are\n" +
			"left out without.",
		Run: m.bench,
		Complete: func(_ *shell.Env, args []string, _ string) []string {
			list := []string{"-json"}
			for _, b := range m.benchmarks(nil) {
				list = append(list, b.name)
			}
			return list
		},
	}
}

// benchmark is something that can be done n times. One of the three functions
// is there.
type benchmark struct {
	name, what string

	run    func(n int) error                  // does it n times
	timed  func(n int) (time.Duration, error) // likewise, and tells how long that took, without what it prepared
	sample func() (time.Duration, error)      // does it once, and tells how long it took

	// begin starts what is to go on meanwhile, and returns what ends it.
	begin func() (end func(), err error)

	unit int           // the result is for one of so many parts; 0 means 1
	most int           // the largest n; 0 means any
	long time.Duration // for how long samples are taken; 0 means a moment
}

// result is what one operation takes, in nanoseconds: on average, or the median
// of samples with, then, what 999 of 1000 keep to, and the worst.
type result struct {
	ns, p999, worst float64
	n               int
}

// benchTime is how long each benchmark runs, at least.
const benchTime = 50 * time.Millisecond

// benchmarks returns those that this machine can do.
func (m *Machine) benchmarks(sh *shell.Env) []benchmark {
	return slices.Concat(m.goBenchmarks(), m.memoryBenchmarks(), m.faultBenchmarks(), m.forkBenchmarks(),
		m.interruptBenchmarks(), m.processorBenchmarks(), m.collectorBenchmarks(), m.consoleBenchmarks(sh))
}

// bench runs the benchmarks whose name begins as told.
func (m *Machine) bench(ctx context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	asJSON := a.Flag("-json")
	prefix := a.WordOr("NAME", "")
	if err := a.Done(); err != nil {
		return err
	}
	t := sh.Table("NAME", ">TIME", ">99.9 %", ">WORST", ">RUNS", "WHAT")
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
			sh.Printf("\n%s", r.json(b.name, b.what))
		}
		p999, worst := "", ""
		if b.sample != nil {
			p999, worst = nanoseconds(r.p999), nanoseconds(r.worst)
		}
		t.Row(b.name, nanoseconds(r.ns), p999, worst, r.n, b.what)
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

// json returns the result in a line for programs.
func (r result) json(name, what string) string {
	text := fmt.Sprintf(`{"name":%q,"what":%q,"ns":%.1f,"n":%d`, name, what, r.ns, r.n)
	if r.worst != 0 {
		text += fmt.Sprintf(`,"p999":%.1f,"worst":%.1f`, r.p999, r.worst)
	}
	return text + "}"
}

// measure runs b for long enough.
func (b *benchmark) measure(ctx context.Context) (result, error) {
	if b.begin != nil {
		end, err := b.begin()
		if err != nil {
			return result{}, err
		}
		defer end()
	}
	if b.sample != nil {
		return b.median(ctx)
	}
	most := b.most
	if most == 0 {
		most = 1 << 30
	}
	for n := 1; ; {
		took, err := b.time(n)
		if err != nil {
			return result{}, err
		}
		if took >= benchTime || n >= most || ctx.Err() != nil {
			return result{ns: float64(took) / float64(n*max(b.unit, 1)), n: n}, ctx.Err()
		}
		// Aim a little beyond, but never trust a short measurement far.
		guess := int(float64(n) * 1.2 * float64(benchTime) / float64(max(took, 1)))
		n = min(max(n+1, min(guess, 100*n)), most)
	}
}

// time returns how long n operations take.
func (b *benchmark) time(n int) (time.Duration, error) {
	if b.timed != nil {
		return b.timed(n)
	}
	start := time.Now()
	err := b.run(n)
	return time.Since(start), err
}

// median takes samples.
func (b *benchmark) median(ctx context.Context) (result, error) {
	most, long := b.most, b.long
	if most == 0 {
		most = 1000
	}
	if long == 0 {
		long = 4 * benchTime
	}
	samples := make([]time.Duration, 0, most)
	for start := time.Now(); len(samples) < most && time.Since(start) < long && ctx.Err() == nil; {
		d, err := b.sample()
		if err != nil {
			return result{}, err
		}
		samples = append(samples, d)
	}
	n := len(samples)
	if n == 0 {
		return result{}, ctx.Err()
	}
	slices.Sort(samples)
	at := func(i int) float64 { return float64(samples[i]) }
	return result{ns: at(n / 2), p999: at((n*999 - 1) / 1000), worst: at(n - 1), n: n}, ctx.Err()
}

// nanoseconds formats a time with about three digits.
func nanoseconds(ns float64) string {
	if ns < 1000 {
		return fmt.Sprintf("%.1f ns", ns)
	}
	return shell.Duration(time.Duration(ns))
}
