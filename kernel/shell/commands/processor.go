package commands

import (
	"context"
	"fmt"

	"vitrine/interrupts"
	"vitrine/kernel/shell"
)

func (m *Machine) processorCommands() []*shell.Command {
	return []*shell.Command{
		{
			Name: "regs", Args: "[-x]", Short: "control and system registers, decoded (-x: of the last exception)",
			Long: "With -x: all registers at the exception that most recently became a Go panic.",
			Run:  m.regs,
		},
		{
			Name: "cpuid", Args: "[LEAF [SUBLEAF]]", Short: "what the processor says about itself",
			Long: "With a leaf: the four registers that CPUID returns for it.",
			Run:  m.cpuid,
		},
		{
			Name: "idt", Args: "[VECTOR]", Short: "the interrupt descriptor table: gates, stacks, counts",
			Long: "Without a vector: the exceptions, and every vector that is somebody's or has fired.",
			Run:  m.idt,
		},
		m.irqCommand(),
		m.cpusCommand(),
		m.spinCommand(),
		{
			Name: "in", Args: "PORT [1|2|4]", Short: "read an I/O port",
			Long: "Reads a byte unless told otherwise. Reading may change a device's state.",
			Run:  m.in,
		},
		{
			Name: "out", Args: "PORT VALUE [1|2|4]", Short: "write to an I/O port",
			Long: "Writes a byte unless told otherwise. There is no check: the device does what it is told.",
			Run:  m.out,
		},
		m.faultCommand(),
	}
}

// vectorName says whose a vector is, "" if nobody's.
func (m *Machine) vectorName(v uint8) string {
	if e, ok := interrupts.ExceptionOf(v); ok {
		if e.Mnemonic == "" || e.Mnemonic == "NMI" {
			return e.Name
		}
		return e.Mnemonic + " " + e.Name
	}
	for i := range m.lines() {
		if l := m.Line(i); l.Vector == v && l.Name != "" {
			return fmt.Sprintf("IRQ %d %s", l.IRQ, l.Name)
		}
	}
	if m.Controllers != nil {
		return ownVectors[v]
	}
	return ""
}

func (m *Machine) lines() uint8 {
	if m.Line == nil {
		return 0
	}
	return interrupts.Lines
}

// idt shows the gates as the processor reads them.
func (m *Machine) idt(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	one := a.Len() > 0
	vector := uint8(a.NumberOr("VECTOR", 0))
	if err := a.Done(); err != nil {
		return err
	}
	if m.Gate == nil || m.Count == nil {
		return errAbsent("interrupt descriptor table")
	}
	if one {
		return m.gate(sh, vector)
	}
	t := sh.Table(">VECTOR", "HANDLER", ">IST", ">COUNT", "WHAT")
	rest, present := 0, 0
	for v := range interrupts.Vectors {
		g, name, n := m.Gate(uint8(v)), m.vectorName(uint8(v)), m.Count(uint8(v))
		if g.Present() {
			present++
		}
		if name == "" && n == 0 || name == "reserved" && n == 0 {
			rest++
			continue
		}
		handler := sh.Paint(shell.Yellow, "not present")
		if g.Present() {
			handler = hex(uint64(g.Handler()))
		}
		t.Row(v, handler, g.IST(), n, name)
	}
	t.Print()
	sh.Printf("%d of %d gates are present; %d are nobody's and have never fired\n", present, interrupts.Vectors, rest)
	return nil
}

func (m *Machine) gate(sh *shell.Env, v uint8) error {
	g := m.Gate(v)
	t := sh.Table("", "")
	t.Row("vector", v)
	if name := m.vectorName(v); name != "" {
		t.Row("what", name)
	}
	t.Row("fired", fmt.Sprintf("%d times", m.Count(v)))
	if !g.Present() {
		t.Row("gate", "not present")
		t.Print()
		return nil
	}
	handler := hex(uint64(g.Handler()))
	if s, ok := m.symbols.at(uint64(g.Handler())); ok {
		handler += "  " + s
	}
	t.Row("handler", handler)
	t.Row("segment", fmt.Sprintf("%#x", g.Selector()))
	t.Row("ring", fmt.Sprintf("INT %d is allowed from ring %d and below", v, g.DPL()))
	stack := "of whoever was interrupted"
	if g.IST() > 0 {
		stack = fmt.Sprintf("IST %d", g.IST())
		if m.Stack != nil {
			stack += ", which starts at " + hex(uint64(m.Stack(g.IST())))
		}
	}
	t.Row("stack", stack)
	t.Print()
	return nil
}

func (m *Machine) in(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	port := uint16(a.Bits("PORT", 16))
	size := portSize(a)
	if err := a.Done(); err != nil {
		return err
	}
	if m.Ports == nil {
		return errAbsent("I/O port")
	}
	var v uint64
	switch size {
	case 1:
		v = uint64(m.Ports.In8(port))
	case 2:
		v = uint64(m.Ports.In16(port))
	default:
		v = uint64(m.Ports.In32(port))
	}
	sh.Printf("port %#x: %0*x  %s\n", port, 2*size, v, sh.Paint(shell.Dim, fmt.Sprintf("%0*b", 8*size, v)))
	return nil
}

func (m *Machine) out(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	port := uint16(a.Bits("PORT", 16))
	v := a.Number("VALUE")
	size := portSize(a)
	if err := a.Done(); err != nil {
		return err
	}
	if v>>(8*size) != 0 {
		return shell.Usagef("%#x does not fit in %d bytes", v, size)
	}
	if m.Ports == nil {
		return errAbsent("I/O port")
	}
	switch size {
	case 1:
		m.Ports.Out8(port, uint8(v))
	case 2:
		m.Ports.Out16(port, uint16(v))
	default:
		m.Ports.Out32(port, uint32(v))
	}
	return nil
}

func portSize(a *shell.Arguments) int {
	if a.Len() == 0 {
		return 1
	}
	w := a.OneOf("the size", "1", "2", "4")
	if w == "" {
		return 1
	}
	return int(w[0] - '0')
}
