package commands

import (
	"context"
	"fmt"
	"sync"
	"time"

	"vitrine/interrupts"
	"vitrine/kernel/shell"
)

// CPU is a snapshot of a processor.
type CPU struct {
	interrupts.Load
	Now       int64 // when, in nanoseconds
	APIC      uint32
	Thread    uint64
	Goroutine uint64 // the one that runs; 0: none, or not known
	Function  string // its first
}

// loads keeps what cpus has shown last.
type loads struct {
	mu   sync.Mutex
	last []CPU
}

func (m *Machine) cpusCommand() *shell.Command {
	return &shell.Command{
		Name: "cpus", Args: "[-v] [SECONDS]", Short: "the processors: load, interrupts, what they run",
		Long: "LOAD is the share of time not spent halted: since cpus was last asked, or during\n" +
			"the next SECONDS; ALL is since it started. The rest counts from then on: interrupts by\n" +
			"the timer, by devices, and by messages of other processors; HALTS, how often it\n" +
			"had nothing to do; FLUSHES, how often it emptied its TLB. RUNS is the goroutine.\n" +
			"-v: also threads, functions, kinds of messages. 'watch cpus' repeats it.",
		Run: m.cpus,
	}
}

func (m *Machine) cpus(ctx context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	verbose := a.Flag("-v")
	seconds := a.WordOr("SECONDS", "")
	if err := a.Done(); err != nil {
		return err
	}
	if m.CPUs == nil {
		return errAbsent("list of processors")
	}
	if seconds != "" {
		d, err := shell.ParseDuration(seconds)
		if err != nil {
			return shell.Usagef("SECONDS: '%s' is not a duration: write 2, 0.5 or 200ms", seconds)
		}
		m.loads.since(m.CPUs())
		if !sleep(ctx, d) {
			return ctx.Err()
		}
	}
	now := m.CPUs()
	before := m.loads.since(now)
	cpuTable(sh, now, before)
	if verbose {
		sh.Println()
		cpuDetails(sh, now)
	}
	return nil
}

// since returns what was kept last, and keeps now.
func (l *loads) since(now []CPU) (before []CPU) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before, l.last = l.last, now
	return before
}

func cpuTable(sh *shell.Env, now, before []CPU) {
	t := sh.Table(">CPU", ">APIC", "STATE", ">LOAD", ">ALL", ">TIMER", ">DEVICE", ">MESSAGE", ">HALTS", ">FLUSHES", ">RUNS")
	for i, c := range now {
		state, runs := sh.Paint(shell.Green, "busy"), "-"
		if c.Idle {
			state = sh.Paint(shell.Dim, "halted")
		}
		if c.Goroutine != 0 {
			runs = fmt.Sprint(c.Goroutine)
		}
		start := CPU{Now: c.Started}
		old := start
		if i < len(before) {
			old = before[i]
		}
		t.Row(i, c.APIC, state, busy(c, old), busy(c, start), c.Timer, c.Device, c.Wakes+c.Requests, c.Halts, c.Flushes, runs)
	}
	t.Print()
}

// busy returns the share of the time from then to now that c was not halted.
func busy(now, then CPU) string {
	took := now.Now - then.Now
	if took <= 0 {
		return "?"
	}
	slept := min(max(now.Asleep-then.Asleep, 0), took)
	return fmt.Sprintf("%d%%", (100*(took-slept)+took/2)/took)
}

func cpuDetails(sh *shell.Env, now []CPU) {
	t := sh.Table(">CPU", ">ASLEEP", ">WAKE", ">FLUSH", ">EXCEPTIONS", ">THREAD", ">GOROUTINE", "BEGAN AS")
	for i, c := range now {
		id := "-"
		if c.Goroutine != 0 {
			id = fmt.Sprint(c.Goroutine)
		}
		t.Row(i, shell.Duration(time.Duration(c.Asleep)), c.Wakes, c.Requests, c.Exception, c.Thread, id, trimModule(c.Function))
	}
	t.Print()
}
