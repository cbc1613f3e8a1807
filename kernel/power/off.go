package power

// Bits of a PM1 control register (ACPI, "PM1 Control Registers"):
//
//	 15  14   13        12      10 9      1   0
//	|     | SLP_EN |     SLP_TYP  |      | SCI_EN |
const (
	sciEnable    uint16 = 1 << 0 // the machine is in ACPI mode
	sleepShift          = 10
	sleepType    uint16 = 7 << sleepShift
	sleepEnable  uint16 = 1 << 13 // enter the sleep state now
	sleepControl        = sleepType | sleepEnable
)

// emulators are ports at which some emulators turn off. They are tried when
// ACPI has failed: on real hardware there is nothing there, or something else.
var emulators = [...]struct{ port, value uint16 }{
	{0x604, 0x2000},  // QEMU
	{0xb004, 0x2000}, // Bochs, and QEMU before 2.0
	{0x4004, 0x3400}, // VirtualBox
}

// Off turns the machine off. If that cannot be done, it says so and halts.
//
// Context: any, best with interrupts off; does not allocate. It takes one
// to two seconds to fail.
func (s *Switch) Off() {
	s.sleep()
	for k := range emulators {
		s.IO.Out16(emulators[k].port, emulators[k].value)
		s.delay(patience / len(emulators))
	}
	s.halt(SafeToTurnOff)
}

// sleep enters S5 as ACPI says. It returns if the machine does not.
func (s *Switch) sleep() {
	w := &s.Wiring
	if !w.CanTurnOff {
		return
	}
	s.enableACPI()
	a := s.control(w.PM1a, w.S5.A)
	b := s.control(w.PM1b, w.S5.B)
	// The type first, and then the command: some chip sets want to see the
	// type in both registers before the first command.
	s.setControl(w.PM1a, a)
	s.setControl(w.PM1b, b)
	s.setControl(w.PM1a, a|sleepEnable)
	s.setControl(w.PM1b, b|sleepEnable)
	s.delay(patience)
}

// control returns what a PM1 control register holds, with the sleep type t.
func (s *Switch) control(port uint16, t uint8) uint16 {
	if port == 0 {
		return 0
	}
	return s.IO.In16(port)&^sleepControl | uint16(t)<<sleepShift
}

func (s *Switch) setControl(port, v uint16) {
	if port != 0 {
		s.IO.Out16(port, v)
	}
}

// enableACPI asks the firmware to hand over power management, unless it has:
// the write makes it run, in system management mode, and set SCI_EN.
func (s *Switch) enableACPI() {
	w := &s.Wiring
	if w.SMICommand == 0 || w.ACPIEnable == 0 || s.IO.In16(w.PM1a)&sciEnable != 0 {
		return
	}
	s.IO.Out8(w.SMICommand, w.ACPIEnable)
	for range enablePatience {
		if s.IO.In16(w.PM1a)&sciEnable != 0 {
			return
		}
		s.delay(1)
	}
}
