//go:build tamago

package kernel

import (
	"errors"

	"vitrine/drivers/acpi"
	"vitrine/drivers/apic"
	"vitrine/drivers/mmio"
	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
	"vitrine/kernel/log"
	"vitrine/kernel/smp"
	"vitrine/kernel/start"
	"vitrine/kernel/thread"
	"vitrine/mm"
)

// controllers are the machine's APICs: what the processors interrupt each other
// with, and what interrupts them.
type controllers struct {
	local  apic.Local
	lines  *apic.Lines
	timer  apic.Timer
	wiring apic.Wiring
	madt   acpi.MADT
}

// Send implements interrupts.Messenger. A message that cannot be sent would
// leave somebody waiting for ever, so it is tried until it can.
func (c *controllers) Send(id uint32, vector uint8) {
	for c.local.Send(id, vector) == apic.ErrBusy {
		interrupts.ServeFlush()
	}
}

// SendNMI implements interrupts.Messenger.
func (c *controllers) SendNMI(id uint32) { _ = c.local.SendNMI(id) }

// EndOfInterrupt implements interrupts.Messenger.
func (c *controllers) EndOfInterrupt() { c.local.EndOfInterrupt() }

// SendInit implements smp.Starter.
func (c *controllers) SendInit(id uint32) error { return c.local.SendInit(id) }

// SendStartup implements smp.Starter.
func (c *controllers) SendStartup(id uint32, page mm.PhysAddr) error {
	return c.local.SendStartup(id, page)
}

// Join implements smp.Starter.
func (c *controllers) Join(index uint64) {
	c.local.Enable(interrupts.VectorSpurious)
	c.local.SetInputs(c.wiring.Inputs(c.uid(c.local.ID()), false))
	c.timer.Start()
}

// state returns a snapshot of the local APIC of the processor that runs this.
func (c *controllers) state() apic.State {
	flags := cpu.DisableInterrupts()
	defer cpu.SetFlags(flags)
	return c.local.State()
}

// uid returns what ACPI calls the processor with an APIC ID.
func (c *controllers) uid(id uint32) uint32 {
	for i := range c.madt.Processors {
		if c.madt.Processors[i].APIC == id {
			return c.madt.Processors[i].UID
		}
	}
	return apic.AllProcessors
}

// apicCalibration is how long the local APIC's timer is compared with the
// clock, in nanoseconds.
const apicCalibration = 500_000

// startAPIC gives devices' lines and the timer to the APICs, which the PIC has
// served so far. A machine without them goes on as before, with one processor.
func (m *machine) startAPIC() error {
	if m.options.Has("noapic") {
		log.Infof("apic", "not used, as the parameter noapic says: the 8259 and one processor")
		return nil
	}
	if m.tables == nil {
		return acpi.ErrNoTable
	}
	c := &controllers{}
	var err error
	if c.madt, err = m.tables.MADT(); err != nil {
		return err
	}
	features := apic.Detect(cpu.CPUID)
	space := mmio.Hardware{Base: apic.Addr(cpu.MSR{}).Direct()}
	if c.local, err = apic.NewLocal(features, cpu.MSR{}, space, true); err != nil {
		return err
	}
	c.wiring = wiring(&c.madt)
	open := func(a mm.PhysAddr) (mmio.Space, error) { return mmio.Hardware{Base: a.Direct()}, nil }
	if c.lines, err = apic.NewLines(&c.wiring, &c.local, open, start.NewLock()); err != nil {
		return err
	}

	// Prepared before interrupts go off, as that needs memory.
	err = errors.Join(
		interrupts.SetMessenger(c),
		interrupts.Handle(interrupts.VectorTimer, func() bool {
			c.local.EndOfInterrupt()
			thread.OnTick()
			return true
		}))
	if err != nil {
		return err
	}
	if err := c.takeOver(features); err != nil {
		return err
	}
	m.apic = c
	return nil
}

// takeOver switches from the PIC and its timer to the APICs.
//
// Context: the boot processor, while it is alone; allocates nothing.
func (c *controllers) takeOver(features apic.Features) error {
	flags := cpu.DisableInterrupts()
	defer cpu.SetFlags(flags)
	c.local.Enable(interrupts.VectorSpurious)
	hz := features.TimerHz
	if hz == 0 {
		var err error
		if hz, err = c.local.Calibrate(clock.Nanotime, apicCalibration); err != nil {
			c.local.Disable()
			return err
		}
	}
	c.timer = c.local.CountingTimer(interrupts.VectorTimer, hz)
	if features.Deadline && clock.Frequency() != 0 {
		c.timer = c.local.DeadlineTimer(interrupts.VectorTimer, cpu.TSC, clock.Frequency())
	}
	c.lines.Start(interrupts.FirstLine, c.local.ID())
	interrupts.SetController(c.lines)
	interrupts.CPUs[0].APICID = c.local.ID()
	c.local.SetInputs(c.wiring.Inputs(c.uid(c.local.ID()), false))
	c.timer.Start()
	thread.SetTimer(&c.timer)
	c.lines.SetMask(timerLine, true)
	return nil
}

// timerLine is the PIT's.
const timerLine = 0

// wiring says what the MADT says, in package apic's words.
func wiring(madt *acpi.MADT) (w apic.Wiring) {
	for _, io := range madt.IOAPICs {
		w.IO = append(w.IO, apic.Chip{ID: io.ID, Addr: io.Addr, Base: io.Base})
	}
	for _, o := range madt.Overrides {
		w.Overrides = append(w.Overrides, apic.Override{IRQ: o.ISA, Line: apic.Line{
			GSI: o.Global, Polarity: apic.Polarity(o.Polarity), Trigger: apic.Trigger(o.Trigger),
		}})
	}
	for _, n := range madt.NMIs {
		w.NMIs = append(w.NMIs, apic.Line{GSI: n.Global, Polarity: apic.Polarity(n.Polarity), Trigger: apic.Trigger(n.Trigger)})
	}
	for _, n := range madt.LocalNMIs {
		w.LocalNMIs = append(w.LocalNMIs, apic.LocalLine{
			Processor: n.UID, Input: n.Input, Polarity: apic.Polarity(n.Polarity), Trigger: apic.Trigger(n.Trigger),
		})
	}
	return w
}

// startProcessors starts all the others that the firmware lists.
func (m *machine) startProcessors() error {
	if m.apic == nil || m.options.Has("nosmp") {
		return nil
	}
	var others []uint32
	for _, p := range m.apic.madt.Processors {
		if p.Enabled && p.APIC != interrupts.CPUs[0].APICID {
			others = append(others, p.APIC)
		}
	}
	if len(others) == 0 {
		return nil
	}
	n, err := smp.Start(others, m.apic)
	log.Infof("smp", "%d processors", n)
	return err
}
