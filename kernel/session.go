//go:build tamago

package kernel

import (
	"time"

	"vitrine/drivers/rtc"
	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
	"vitrine/kernel/log"
	"vitrine/kernel/shell"
	"vitrine/kernel/shell/commands"
	"vitrine/kernel/start"
	"vitrine/kernel/thread"
	"vitrine/mm"
)

// startShell makes the shell and tells its commands what there is to look at.
func (m *machine) startShell() error {
	s := shell.New()
	view := m.view()
	if err := s.Add(commands.All(view)...); err != nil {
		return err
	}
	m.session = &shell.Session{Shell: s, Terminal: m.terminal, Prompt: "vitrine> ", Symbols: view.Symbol}
	m.terminal.SetCompleter(m.session.Complete)
	return nil
}

// view is the machine as the shell's commands see it.
func (m *machine) view() *commands.Machine {
	v := &commands.Machine{
		Log:     log.Kernel(),
		Console: m.logs,
		Outputs: m.console,
		Trace:   &m.trace,

		Frames:  &start.Frames,
		Space:   &start.Space,
		Regions: &start.Regions,
		Heap:    func() (mapped, returned uint64) { return start.HeapBytes.Mapped, start.HeapBytes.Returned },
		Reserve: start.Reserve,
		Boot:    &start.Info,
		Text:    start.Text(),
		Scratch: mm.VirtRange{Start: mm.ScratchBase, End: mm.ScratchBase + mm.ScratchSize},

		CPUID:     cpu.CPUID,
		Registers: registers,
		Last:      &interrupts.Last,
		Gate:      interrupts.GateOf,
		Stack:     interrupts.CPUs[0].TSS.Stack,
		Stacks:    interruptStacks,
		Count:     interrupts.Count,
		Line:      interrupts.Info,
		Spurious:  interrupts.SpuriousCount,
		Ports:     ports,
		Threads:   thread.Snapshot,
		CPUs:      processors,

		Uptime:    func() time.Duration { return time.Duration(clock.Uptime()) },
		Frequency: clock.Frequency,
		Clocks:    &start.Clocks,
		Timer:     m.timerInfo,
		Counter:   cpu.TSC,
		RTC:       func() (rtc.Time, error) { return rtc.Read(ports, m.century()) },

		Keyboard: m.keys,
		Mouse:    m.mouse,
		Moves:    &m.moves,
		Serial:   m.serial,
		ACPI:     m.tables,

		BreakReport: breakReport,

		PowerOff: m.powerOff,
		Reboot:   m.reboot,
	}
	if m.apic != nil {
		v.Controllers, v.Local = m.apic.lines, m.apic.state
	}
	if m.keyboard != nil {
		v.Layout = m.keyboard.State
	}
	return v
}

// registers reads the processor's system registers.
func registers() (r commands.Registers) {
	const efer, fsBase, gsBase = 0xc000_0080, 0xc000_0100, 0xc000_0101
	r = commands.Registers{
		Flags: cpu.Flags(),
		CR0:   cpu.CR0(), CR2: cpu.CR2(), CR3: cpu.CR3(), CR4: cpu.CR4(),
		EFER: cpu.ReadMSR(efer), TR: cpu.StoreTR(),
		FSBase: cpu.ReadMSR(fsBase), GSBase: cpu.ReadMSR(gsBase),
	}
	r.IP, r.SP = cpu.Here()
	cpu.StoreGDT(&r.GDT)
	cpu.StoreIDT(&r.IDT)
	const osxsave = 1 << 18
	if r.CR4&osxsave != 0 {
		r.XCR0 = cpu.XCR0()
	}
	return r
}
