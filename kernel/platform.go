//go:build tamago

package kernel

import (
	"time"

	"vitrine/drivers/acpi"
	"vitrine/drivers/rtc"
	"vitrine/kernel/cpu"
	"vitrine/kernel/log"
	"vitrine/kernel/power"
	"vitrine/kernel/start"
	"vitrine/mm"
)

// startACPI reads the firmware's tables, for what they say about power and the
// clock. A machine without them can still be used.
func (m *machine) startACPI() error {
	m.power = power.Switch{
		IO:          ports,
		Poke:        func(a mm.PhysAddr, v uint8) { *(*uint8)(a.Direct().Pointer()) = v },
		TripleFault: start.TripleFault,
		Say:         func(s string) { log.Write(log.Warn, "power", s); m.drain() },
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
	t, err := rtc.Read(ports, m.century())
	if err != nil {
		return err
	}
	start.SetWallTime(t.Unix() * int64(time.Second))
	return nil
}

// century returns the number of the CMOS register that has the century, as ACPI
// tells it; 0 if it does not.
func (m *machine) century() uint8 {
	if m.tables == nil {
		return 0
	}
	f, err := m.tables.FADT()
	if err != nil {
		return 0
	}
	return f.Century
}

// drain shows what has been said and not yet been seen.
func (m *machine) drain() {
	if m.logs != nil {
		m.logs.Flush()
	}
	if m.console != nil {
		m.console.Refresh()
	}
	if m.serial != nil {
		_ = m.serial.Flush() // a dead line is no reason to stay
	}
}

// powerOff and reboot end the machine in an orderly way.
func (m *machine) powerOff() {
	log.Infof("power", "off")
	m.drain()
	m.power.Off()
}

func (m *machine) reboot() {
	log.Infof("power", "restart")
	m.drain()
	m.power.Reboot()
}
