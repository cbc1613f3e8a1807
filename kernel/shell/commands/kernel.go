package commands

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"vitrine/kernel/log"
	"vitrine/kernel/shell"
	"vitrine/kernel/trace"
)

func (m *Machine) kernelCommands() []*shell.Command {
	return []*shell.Command{
		{
			Name: "log", Args: "[-l LEVEL] [-s SOURCE] [-n N] [-f] [-c LEVEL] [TEXT]", Short: "the kernel's log",
			Long: "Shows the records that are at least as important as LEVEL (debug, info, warn, error), come\n" +
				"from SOURCE, and contain TEXT: the last N of them. -f goes on with what is logged from now\n" +
				"on. -c sets from which level on the console shows records by itself (or off).",
			Run: m.showLog, Complete: m.completeLog,
		},
		{
			Name: "trace", Args: "[POINT [on|off] | dump [N]]", Short: "watch the kernel at work",
			Long: "Without arguments: the trace points. With a point: its events, live, until Ctrl-C.\n" +
				"on and off switch a point for good: its events then appear above the prompt.\n" +
				"dump shows the last N events that are still kept. POINT may be 'all'.",
			Run: m.showTrace, Complete: m.completeTrace,
		},
		{Name: "boot", Short: "how the kernel was started: loader, command line, memory, stages", Run: none(m.boot)},
		{Name: "uptime", Short: "how long the machine has been up", Run: none(m.uptime)},
		{Name: "ticks", Short: "clocks and the timer: counter, rate, interrupts, halts", Run: none(m.ticks)},
		m.clockCommand(),
		{Name: "date", Short: "date and time, in UTC, and what the CMOS clock says", Run: none(m.date)},
		{Name: "reboot", Short: "start the machine again", Run: none(m.reboot)},
		{Name: "poweroff", Short: "turn the machine off", Run: none(m.powerOff)},
	}
}

// showLog shows what is kept of the log, and follows it.
func (m *Machine) showLog(ctx context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	levelName, consoleName := a.String("-l", ""), a.String("-c", "")
	source := a.String("-s", "")
	n := a.Int("-n", -1)
	follow := a.Flag("-f")
	text := a.WordOr("TEXT", "")
	if err := a.Done(); err != nil {
		return err
	}
	if m.Log == nil {
		return errAbsent("log")
	}
	if consoleName != "" {
		return m.setConsole(sh, consoleName)
	}
	level := log.Debug
	if levelName != "" {
		l, err := log.ParseLevel(levelName)
		if err != nil {
			return shell.Usagef("-l: %v", err)
		}
		level = l
	}

	wanted := func(rec *log.Record) bool {
		return rec.Level >= level && (source == "" || rec.Source() == source) &&
			(text == "" || strings.Contains(strings.ToLower(rec.Text()), strings.ToLower(text)))
	}
	var lines [][]byte
	var rec log.Record
	reader := m.Log.Reader()
	for reader.Next(&rec) {
		if wanted(&rec) {
			lines = append(lines, rec.Append(nil, sh.Colour))
		}
	}
	if n >= 0 {
		lines = lines[max(0, len(lines)-n):]
	}
	if lost := reader.Lost(); lost > 0 && n < 0 {
		sh.Printf("%d older records have given way to newer ones\n", lost)
	}
	for _, l := range lines {
		sh.Printf("%s", l)
	}
	if !follow {
		return ctx.Err()
	}
	return reader.Follow(ctx, func(rec *log.Record, _ uint64) error {
		if wanted(rec) {
			sh.Printf("%s", rec.Append(nil, sh.Colour))
		}
		return nil
	})
}

func (m *Machine) setConsole(sh *shell.Env, name string) error {
	if m.Console == nil {
		return errAbsent("console")
	}
	level, err := log.ParseLevel(name)
	if err != nil {
		return shell.Usagef("-c: %v", err)
	}
	m.Console.SetThreshold(level)
	return nil
}

func (m *Machine) completeLog(_ *shell.Env, args []string, _ string) []string {
	if len(args) > 0 {
		switch args[len(args)-1] {
		case "-l":
			return []string{"debug", "info", "warn", "error"}
		case "-c":
			return []string{"debug", "info", "warn", "error", "off"}
		case "-s":
			return m.sources()
		case "-n":
			return nil
		}
	}
	return []string{"-l", "-s", "-n", "-f", "-c"}
}

// sources returns who has written to the log.
func (m *Machine) sources() []string {
	if m.Log == nil {
		return nil
	}
	var list []string
	var rec log.Record
	for reader := m.Log.Reader(); reader.Next(&rec); {
		list = append(list, rec.Source())
	}
	return list
}

// live prints events above the prompt while a point is switched on for good.
type live struct {
	mu   sync.Mutex
	stop context.CancelFunc // nil if it does not run
	on   map[string]bool
}

func (m *Machine) showTrace(ctx context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	first, second := a.WordOr("POINT", ""), a.WordOr("on|off", "")
	if err := a.Done(); err != nil {
		return err
	}
	if m.Trace == nil {
		return errAbsent("trace point")
	}
	if first == "on" || first == "off" { // either order will do
		first, second = second, first
		if first == "" {
			return shell.Usagef("which point? 'trace' lists them")
		}
	}
	switch {
	case first == "":
		m.listTrace(sh)
		return nil
	case first == "dump":
		n, err := uint64(trace.Capacity), error(nil)
		if second != "" {
			if n, err = shell.ParseNumber(second, nil); err != nil {
				return shell.Usagef("N: %v", err)
			}
		}
		list, _ := m.Trace.Since(0, nil)
		printEvents(sh, list[max(0, len(list)-int(min(n, trace.Capacity))):])
		return ctx.Err()
	case second == "":
		return m.watchTrace(ctx, sh, first)
	case second == "on" || second == "off":
		return m.switchTrace(sh, first, second == "on")
	}
	return shell.Usagef("'%s' should be on or off", second)
}

func (m *Machine) listTrace(sh *shell.Env) {
	t := sh.Table("POINT", "STATE", ">EVENTS", "WHAT IT SHOWS")
	for _, p := range m.Trace.Points() {
		state := sh.Paint(shell.Dim, "off")
		if p.On() {
			state = sh.Paint(shell.Green, "on")
		}
		t.Row(p.Name(), state, p.Count(), p.Help())
	}
	t.Print()
}

// points returns the points that a name stands for.
func (m *Machine) points(name string) ([]*trace.Point, error) {
	if name == "all" {
		return m.Trace.Points(), nil
	}
	if p := m.Trace.Point(name); p != nil {
		return []*trace.Point{p}, nil
	}
	return nil, m.Trace.Switch(name, false) // fails, and says which there are
}

// watchTrace shows a point's events until ctx is done, and leaves the point as
// it was.
func (m *Machine) watchTrace(ctx context.Context, sh *shell.Env, name string) error {
	points, err := m.points(name)
	if err != nil {
		return err
	}
	first := m.Trace.Next()
	for _, p := range points {
		if !p.On() {
			m.Trace.Switch(p.Name(), true)
			defer m.Trace.Switch(p.Name(), false)
		}
	}
	sh.Println(sh.Paint(shell.Dim, "Ctrl-C stops."))
	return m.Trace.Follow(ctx, first, func(list []trace.Event) error {
		printEvents(sh, list)
		return nil
	})
}

// switchTrace switches points for good. While any is on, a goroutine prints.
func (m *Machine) switchTrace(sh *shell.Env, name string, on bool) error {
	points, err := m.points(name)
	if err != nil {
		return err
	}
	m.live.mu.Lock()
	defer m.live.mu.Unlock()
	if m.live.on == nil {
		m.live.on = map[string]bool{}
	}
	for _, p := range points {
		m.Trace.Switch(p.Name(), on)
		if on {
			m.live.on[p.Name()] = true
		} else {
			delete(m.live.on, p.Name())
		}
	}
	switch {
	case len(m.live.on) > 0 && m.live.stop == nil:
		ctx, stop := context.WithCancel(context.Background())
		m.live.stop = stop
		first := m.Trace.Next()
		go m.Trace.Follow(ctx, first, func(list []trace.Event) error {
			printEvents(sh, list)
			return nil
		})
	case len(m.live.on) == 0 && m.live.stop != nil:
		m.live.stop()
		m.live.stop = nil
	}
	return nil
}

// printEvents prints events in one write, so that the line being typed is
// redrawn once.
func printEvents(sh *shell.Env, list []trace.Event) {
	var b strings.Builder
	for _, e := range list {
		b.WriteString(e.String() + "\n")
	}
	sh.Printf("%s", b.String())
}

func (m *Machine) completeTrace(_ *shell.Env, args []string, _ string) []string {
	switch len(args) {
	case 0:
		list := []string{"all", "dump"}
		if m.Trace != nil {
			for _, p := range m.Trace.Points() {
				list = append(list, p.Name())
			}
		}
		return list
	case 1:
		return []string{"on", "off"}
	}
	return nil
}

// boot tells how the kernel came to be here.
func (m *Machine) boot(sh *shell.Env) error {
	sh.Printf("%s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if m.Boot != nil {
		sh.Printf("loaded by %s (Multiboot %d)\n", m.Boot.Loader(), m.Boot.Protocol)
		sh.Printf("command line: %s\n\n", m.Boot.CommandLine())
		t := sh.Table("FROM", "TO", ">SIZE", "MEMORY")
		for _, r := range m.Boot.Regions() {
			t.Row(hex(uint64(r.Range.Start)), hex(uint64(r.Range.End-1)), shell.Size(r.Range.Size()), r.Kind)
		}
		for _, mod := range m.Boot.Modules() {
			t.Row(hex(uint64(mod.Range.Start)), hex(uint64(mod.Range.End-1)), shell.Size(mod.Range.Size()), "module")
		}
		t.Print()
	}
	if stages := log.Stages(); len(stages) > 0 {
		sh.Println()
		t := sh.Table("STAGE", ">AT", ">TOOK", "")
		for _, s := range stages {
			trouble := ""
			if s.Err != nil {
				trouble = sh.Paint(shell.Red, s.Err.Error())
			}
			t.Row(s.Name, shell.Duration(s.Start), shell.Duration(s.Duration), trouble)
		}
		t.Print()
	}
	return nil
}

func (m *Machine) uptime(sh *shell.Env) error {
	if m.Uptime == nil {
		return errAbsent("clock")
	}
	d := m.Uptime().Round(time.Millisecond)
	days := d / (24 * time.Hour)
	s := (d % (24 * time.Hour)).String()
	if days > 0 {
		s = fmt.Sprintf("%d days %s", days, s)
	}
	sh.Println("up " + s)
	return nil
}

// ticks shows the clocks: nothing here ticks unless it has to.
func (m *Machine) ticks(sh *shell.Env) error {
	t := sh.Table("", ">", "")
	if m.Uptime != nil {
		t.Row("time since boot", shell.Duration(m.Uptime()), "")
	}
	if m.Counter != nil {
		t.Row("time-stamp counter", m.Counter(), "")
	}
	if m.Frequency != nil {
		hz := m.Frequency()
		t.Row("its rate", fmt.Sprintf("%d.%03d MHz", hz/1e6, hz/1e3%1e3), "measured at boot")
	}
	if m.CPUs != nil {
		n := uint64(0)
		for _, c := range m.CPUs() {
			n += c.Timer
		}
		rate := ""
		if m.Uptime != nil && m.Uptime() > 0 {
			rate = fmt.Sprintf("%.1f a second since boot", float64(n)/m.Uptime().Seconds())
		}
		t.Row("timer interrupts", n, rate)
	}
	if m.Threads != nil {
		s := m.Threads()
		t.Row("halts", s.Halts, "times that a processor had nothing to do")
		t.Row("thread switches", s.Switches, "")
	}
	t.Print()
	return nil
}

func (m *Machine) date(sh *shell.Env) error {
	now := time.Now().UTC()
	sh.Println(now.Format("Monday, 2 January 2006, 15:04:05 UTC"))
	if m.RTC == nil {
		return nil
	}
	t, err := m.RTC()
	if err != nil {
		return err
	}
	drift := time.Unix(t.Unix(), 0).Sub(now).Round(time.Second)
	sh.Printf("CMOS clock: %04d-%02d-%02d %02d:%02d:%02d (%+d s)\n", t.Year, t.Month, t.Day, t.Hour, t.Minute, t.Second, drift/time.Second)
	return nil
}

func (m *Machine) reboot(sh *shell.Env) error {
	if m.Reboot == nil {
		return errAbsent("way to reboot")
	}
	sh.Println("Restarting.")
	m.Reboot()
	return errors.New("the machine is still here")
}

func (m *Machine) powerOff(sh *shell.Env) error {
	if m.PowerOff == nil {
		return errAbsent("power switch")
	}
	sh.Println("Turning off.")
	m.PowerOff()
	return errors.New("the machine is still here")
}
