//go:build tamago

package kernel

import (
	"strings"
	"time"

	"vitrine/drivers/pit"
	"vitrine/kernel/clock"
	"vitrine/kernel/log"
	"vitrine/kernel/shell/commands"
	"vitrine/kernel/start"
)

// startTime betters the rate of the clock, now that some time has passed since
// the counters were first looked at, and takes the counter that the parameter
// clock=NAME asks for.
func (m *machine) startTime() error {
	if err := start.ClockError(); err != nil {
		log.Warnf("clock", "the rate of the time-stamp counter could not be measured: %v", err)
	}
	clocks := &start.Clocks
	if by, from, to, err := clocks.Trim(); err == nil {
		log.Debugf("clock", "the time-stamp counter's rate is %d Hz and not %d Hz, as %s says", to, from, by)
	} else if err != clock.ErrExact {
		log.Warnf("clock", "%v", err)
	}
	if name, ok := m.options.Get("clock"); ok {
		if err := clocks.Use(name); err != nil {
			log.Warnf("clock", "clock=%s: %v; there are %s", name, err, strings.Join(clocks.Names(), ", "))
		}
	}
	c := clocks.Clock()
	log.Infof("clock", "%s, %d.%06d MHz, %s", c.Name, c.Hz/1e6, c.Hz%1e6, c.How)
	return nil
}

// timerInfo describes the timer that ends a processor's sleep.
func (m *machine) timerInfo() commands.TimerInfo {
	if m.apic == nil {
		return commands.TimerInfo{Name: "8254", Hz: pit.Hz, Longest: pit.MaxNanoseconds}
	}
	t := &m.apic.timer
	name := "local APIC, counting"
	if t.Deadline() {
		name = "local APIC, TSC deadline"
	}
	return commands.TimerInfo{Name: name, Hz: t.Hz(), Longest: time.Duration(t.Longest())}
}
