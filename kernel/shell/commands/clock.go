package commands

import (
	"context"
	"fmt"
	"time"

	"vitrine/kernel/clock"
	"vitrine/kernel/shell"
)

// Clocks is the machine's counters: clock.Set, or a fake.
type Clocks interface {
	Compare() []clock.Reading
	Names() []string
	Use(name string) error
	Trim() (by string, from, to uint64, err error)
}

// TimerInfo is what ends the sleep of a processor.
type TimerInfo struct {
	Name    string // "local APIC, counting"
	Hz      uint64
	Longest time.Duration // after that it interrupts at the latest
}

func (m *Machine) clockCommand() *shell.Command {
	return &shell.Command{
		Name: "clock", Args: "[use NAME | trim | watch]", Short: "the machine's clocks, compared with each other",
		Long: "DRIFT is by how many millionths a clock is faster than the one in use (*), and\n" +
			"how far that may be wrong, since boot or since the clock in use has changed.\n" +
			"With 'use': take another clock. With 'trim': correct the time-stamp counter's\n" +
			"rate by the others. With 'watch': compare every second, until Ctrl-C.",
		Run: m.clock, Complete: m.completeClock,
	}
}

func (m *Machine) clock(ctx context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	verb, name := "", ""
	if a.Len() > 0 {
		verb = a.OneOf("the first word", "use", "trim", "watch")
	}
	if verb == "use" {
		name = a.Word("NAME")
	}
	if err := a.Done(); err != nil {
		return err
	}
	if m.Clocks == nil {
		return errAbsent("clock")
	}
	switch verb {
	case "use":
		if err := m.Clocks.Use(name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	case "trim":
		by, from, to, err := m.Clocks.Trim()
		if err != nil {
			return err
		}
		if from == to {
			sh.Printf("by %s: %d Hz is right\n", by, to)
			return nil
		}
		sh.Printf("by %s: %d Hz, and not %d Hz (%+.3f ppm)\n", by, to, from, (float64(to)-float64(from))/float64(max(from, 1))*1e6)
		return nil
	case "watch":
		return m.watchClocks(ctx, sh)
	}
	m.listClocks(ctx, sh)
	return nil
}

// pause is for how long clocks are compared that have only just been looked at, or
// that wrap so often that an older look is of no use.
const pause = 100 * time.Millisecond

func (m *Machine) listClocks(ctx context.Context, sh *shell.Env) {
	list := m.Clocks.Compare()
	for _, r := range list {
		if !r.Chosen && r.Trouble == "" && (!r.Long.OK || r.Long.Over < int64(pause/4)) {
			sleep(ctx, pause)
			list = m.Clocks.Compare()
			break
		}
	}
	t := sh.Table("", "CLOCK", ">FREQUENCY", ">BITS", ">READ IN", ">DRIFT", ">OVER", "RATE")
	for _, r := range list {
		mark, drift, over := " ", driftText(r.Long), shell.Duration(time.Duration(r.Long.Over))
		if r.Chosen {
			mark, drift, over = sh.Paint(shell.Green, "*"), "in use", ""
		}
		rate := r.How
		if r.Steady {
			rate += ", invariant"
		}
		if r.Trouble != "" {
			rate += ": " + sh.Paint(shell.Red, r.Trouble)
		}
		t.Row(mark, r.Name, megahertz(r.Hz), r.Bits, shell.Duration(time.Duration(r.Cost)), drift, over, rate)
	}
	t.Print()
	if m.Timer != nil {
		i := m.Timer()
		sh.Printf("timer: %s, %s, at most %s\n", i.Name, megahertz(i.Hz), i.Longest.Round(time.Millisecond))
	}
}

// watchClocks prints the drift of each second. This is the one thing that makes
// the machine tick.
func (m *Machine) watchClocks(ctx context.Context, sh *shell.Env) error {
	m.Clocks.Compare()
	for heading := true; sleep(ctx, time.Second); heading = false {
		line, names := "", ""
		for _, r := range m.Clocks.Compare() {
			if r.Chosen {
				continue
			}
			names += fmt.Sprintf("%20s", r.Name)
			line += fmt.Sprintf("%20s", driftText(r.Short))
		}
		if heading {
			sh.Println(sh.Paint(shell.Bold, names))
		}
		sh.Println(line)
	}
	return ctx.Err()
}

// sleep waits; it returns false if ctx has ended.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// driftText returns "+12.3 ppm ±0.4".
func driftText(d clock.Drift) string {
	if !d.OK {
		return "?"
	}
	digits := 0
	for e := d.Error; e < 10 && digits < 3; e *= 10 {
		digits++
	}
	return fmt.Sprintf("%+.*f ppm ±%.*f", digits, d.PPM, digits, d.Error)
}

func megahertz(hz uint64) string { return fmt.Sprintf("%d.%06d MHz", hz/1e6, hz%1e6) }

func (m *Machine) completeClock(_ *shell.Env, args []string, _ string) []string {
	switch {
	case len(args) == 0:
		return []string{"use", "trim", "watch"}
	case len(args) == 1 && args[0] == "use" && m.Clocks != nil:
		return m.Clocks.Names()
	}
	return nil
}
