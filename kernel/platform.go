//go:build tamago

package kernel

import (
	"runtime"

	"vitrine/drivers/acpi"
	"vitrine/drivers/rtc"
	"vitrine/interrupts"
	"vitrine/kernel/cpu"
	"vitrine/kernel/log"
	"vitrine/kernel/power"
	"vitrine/kernel/start"
)

// startACPI reads the firmware's tables, for what they say about power and the
// clock. A machine without them can still be used.
func (m *machine) startACPI() error {
	m.power = power.Switch{
		IO:          ports,
		TripleFault: start.TripleFault,
		Say:         func(s string) { log.Write(log.Warn, "power", s) },
		Halt:        cpu.Halt,
	}
	root, err := start.RSDP()
	if err != nil {
		return err
	}
	m.tables, err = acpi.Open(start.Physical, root)
	if err != nil {
		return err
	}
	m.power.Wiring, err = power.Wire(m.tables)
	return err
}

// startClock sets the wall clock by the CMOS clock.
func (m *machine) startClock() error {
	century := uint8(0)
	if m.tables != nil {
		if f, err := m.tables.FADT(); err == nil {
			century = f.Century
		}
	}
	t, err := rtc.Read(ports, century)
	if err != nil {
		return err
	}
	start.SetWallTime(t.Unix() * 1_000_000_000)
	return nil
}

// leave stops everything in an orderly way: the console is flushed, interrupts
// are off.
func (m *machine) leave() {
	runtime.Gosched()
	if m.logs != nil {
		m.logs.Flush()
	}
	if m.serial != nil {
		m.serial.Flush()
	}
	cpu.DisableInterrupts()
	_ = interrupts.Lines
}
