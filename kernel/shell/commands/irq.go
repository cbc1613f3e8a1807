package commands

import (
	"context"
	"fmt"

	"vitrine/drivers/apic"
	"vitrine/interrupts"
	"vitrine/kernel/shell"
)

// Controllers is the machine's I/O APICs: apic.Lines, or a fake.
type Controllers interface {
	Chips() []apic.ChipInfo
	Route(irq uint8) (apic.Route, bool)
}

// ownVectors are those that processors raise themselves, or each other.
var ownVectors = map[uint8]string{
	interrupts.VectorTimer:    "timer of each processor",
	interrupts.VectorWake:     "message: there is work",
	interrupts.VectorFlush:    "message: page tables have changed",
	interrupts.VectorSpurious: "spurious",
}

func (m *Machine) irqCommand() *shell.Command {
	return &shell.Command{
		Name: "irq", Args: "[-l]", Short: "interrupt lines and events: who has them, how often they fired",
		Long: "With APICs also where a line arrives, and to which processor it goes.\n" +
			"With -l: the local APIC of the processor that runs this.",
		Run: m.irq,
	}
}

func (m *Machine) irq(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	local := a.Flag("-l")
	if err := a.Done(); err != nil {
		return err
	}
	switch {
	case m.Line == nil:
		return errAbsent("interrupt controller")
	case local && m.Local == nil:
		return errAbsent("local APIC in use")
	case local:
		m.localAPIC(sh, m.Local())
		return nil
	case m.Controllers == nil:
		m.irqPIC(sh)
	default:
		m.irqAPIC(sh)
	}
	if m.Spurious != nil {
		sh.Printf("%d spurious interrupts\n", m.Spurious())
	}
	return nil
}

// irqPIC shows the lines of two 8259s.
func (m *Machine) irqPIC(sh *shell.Env) {
	t := sh.Table(">IRQ", ">VECTOR", ">COUNT", "MASK", "DEVICE")
	for i := range m.lines() {
		l := m.Line(i)
		switch {
		case l.Vector == 0 && l.Name == "":
			continue
		case l.Vector == 0:
			t.Row("-", "-", l.Count, "", l.Name+sh.Paint(shell.Dim, "  (raised by software)"))
			continue
		}
		name := l.Name
		if l.IRQ == 2 && name == "" {
			name = sh.Paint(shell.Dim, "cascade: IRQ 8 to 15")
		}
		t.Row(l.IRQ, l.Vector, l.Count, mask(sh, l.Masked), name)
	}
	t.Print()
}

// irqAPIC shows the lines of I/O APICs, and what processors raise themselves.
func (m *Machine) irqAPIC(sh *shell.Env) {
	t := sh.Table(">IRQ", ">VECTOR", ">COUNT", "MASK", "ARRIVES AT", ">TO APIC", "DEVICE")
	for i := range m.lines() {
		l := m.Line(i)
		switch r, ok := m.Controllers.Route(l.IRQ); {
		case l.Vector == 0 && l.Name == "":
		case l.Vector == 0:
			t.Row("-", "-", l.Count, "", "", "", l.Name+sh.Paint(shell.Dim, "  (raised by software)"))
		case !ok:
			t.Row(l.IRQ, l.Vector, l.Count, "", sh.Paint(shell.Dim, "nowhere"), "", l.Name)
		default:
			t.Row(l.IRQ, r.Entry.Vector(), l.Count, mask(sh, r.Entry.Masked()), arrival(r), r.Entry.Destination(), l.Name)
		}
	}
	for v := range interrupts.Vectors {
		if name := ownVectors[uint8(v)]; name != "" && m.Count != nil {
			t.Row("-", v, m.Count(uint8(v)), "", "", "", name)
		}
	}
	t.Print()
	for i, c := range m.Controllers.Chips() {
		sh.Printf("I/O APIC %d: version %#x, GSI %d to %d\n", i, c.Version, c.Base, c.Base+uint32(c.Pins)-1)
	}
}

func mask(sh *shell.Env, off bool) string {
	if off {
		return sh.Paint(shell.Dim, "off")
	}
	return "on"
}

// arrival says where and how a line arrives: "GSI 9, high, level".
func arrival(r apic.Route) string {
	s := fmt.Sprintf("GSI %d%s", r.GSI, shape(r.Entry.Low(), r.Entry.Level()))
	if r.Entry.InService() {
		s += ", not ended"
	}
	return s
}

func shape(low, level bool) string {
	s := ", high"
	if low {
		s = ", low"
	}
	if level {
		return s + ", level"
	}
	return s + ", edge"
}

// localAPIC shows what the processor's own controller is set to.
func (m *Machine) localAPIC(sh *shell.Env, s apic.State) {
	mode := "xAPIC: registers in memory"
	if s.X2APIC {
		mode = "x2APIC: registers are MSRs"
	}
	state := "on"
	if !s.Enabled {
		state = sh.Paint(shell.Red, "off")
	}
	sh.Printf("local APIC %d, %s, version %#x, %s\n", s.ID, state, s.Version.Number, mode)
	sh.Printf("lets through what is more urgent than %#02x; spurious interrupts are vector %d\n\n", s.Priority, s.Spurious)
	t := sh.Table("SOURCE", "MASK", "RAISES", "")
	for _, e := range []struct {
		name  string
		entry apic.LVT
	}{
		{"timer", s.Timer},
		{"LINT0", s.Input0},
		{"LINT1", s.Input1},
		{"errors", s.Error},
		{"performance counters", s.Counter},
		{"temperature", s.Thermal},
		{"corrected machine checks", s.Machine},
	} {
		raises, extra := "", ""
		if !e.entry.Masked() {
			raises = e.entry.Delivery().String()
			if e.entry.Delivery() == apic.Fixed {
				raises = fmt.Sprintf("vector %d", e.entry.Vector())
			}
		}
		if e.name == "timer" {
			extra = timerState(s)
		}
		t.Row(e.name, mask(sh, e.entry.Masked()), raises, extra)
	}
	t.Print()
	sh.Printf("asked for: %s; being handled: %s\n", vectors(s.Request), vectors(s.InService))
}

func timerState(s apic.State) string {
	switch {
	case s.Deadline:
		return "compares the time-stamp counter"
	case s.Current == 0:
		return fmt.Sprintf("stopped; would count at the bus rate / %d", s.Divide)
	}
	return fmt.Sprintf("%d of %d ticks left, at the bus rate / %d", s.Current, s.Initial, s.Divide)
}

func vectors(set apic.Vectors) string {
	s := ""
	for v := range 256 {
		if set.Has(uint8(v)) {
			s += fmt.Sprintf(" %d", v)
		}
	}
	if s == "" {
		return "none"
	}
	return s[1:]
}
