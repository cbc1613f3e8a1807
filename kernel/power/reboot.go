package power

import (
	"vitrine/drivers/acpi"
	"vitrine/mm"
)

// The keyboard controller: its status, and a command that pulses output lines
// low, those whose bits are 0. Line 0 is the processor's reset.
const (
	portKeyboard       uint16 = 0x64
	keyboardFull       uint8  = 1 << 1 // it has not taken the last byte yet
	keyboardPulseReset uint8  = 0xfe
	keyboardPolls             = 100_000
)

// The reset control register of Intel's chip sets. A reset happens when bit 2
// goes from 0 to 1; bit 1 makes it a reset of the whole machine.
const (
	portReset   uint16 = 0xcf9
	resetSystem uint8  = 1 << 1
	resetNow    uint8  = 1 << 2
)

// PCI configuration space, one register at a time.
const (
	portPCIAddress uint16 = 0xcf8
	portPCIData    uint16 = 0xcfc
	pciEnable      uint32 = 1 << 31
)

// Reboot starts the machine again. If that cannot be done, it says so and
// halts.
//
// Context: any, best with interrupts off; does not allocate. It takes less
// than a second to fail.
func (s *Switch) Reboot() {
	if s.Wiring.CanReset {
		s.write(s.Wiring.Reset, s.Wiring.ResetValue)
		s.delay(patience)
	}
	s.keyboardReset()
	s.IO.Out8(portReset, resetSystem)
	s.delay(50)
	s.IO.Out8(portReset, resetSystem|resetNow)
	s.delay(patience)
	if s.TripleFault != nil {
		s.TripleFault()
	}
	s.halt(CannotRestart)
}

// keyboardReset has the keyboard controller pulse the reset line.
func (s *Switch) keyboardReset() {
	for range keyboardPolls {
		if s.IO.In8(portKeyboard)&keyboardFull == 0 {
			break
		}
		s.delay(1)
	}
	s.IO.Out8(portKeyboard, keyboardPulseReset)
	s.delay(patience)
}

// write writes a byte to a register, wherever that is.
func (s *Switch) write(r acpi.Register, v uint8) {
	if port, ok := r.Port(); ok {
		s.IO.Out8(port, v)
		return
	}
	switch r.Space {
	case acpi.SystemMemory:
		if s.Poke != nil {
			s.Poke(mm.PhysAddr(r.Addr), v)
		}
	case acpi.PCIConfig:
		device, function, offset := uint32(r.Addr>>32&31), uint32(r.Addr>>16&7), uint32(r.Addr&0xff)
		s.IO.Out32(portPCIAddress, pciEnable|device<<11|function<<8|offset&^3)
		s.IO.Out8(portPCIData+uint16(offset&3), v)
	}
}
