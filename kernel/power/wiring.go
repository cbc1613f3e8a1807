package power

import "vitrine/drivers/acpi"

// Wiring is what ACPI says about turning off and restarting, copied so that
// nothing has to be looked up when it is needed.
type Wiring struct {
	CanTurnOff bool
	PM1a       uint16 // ports of the PM1 control registers; PM1b may be 0
	PM1b       uint16
	S5         acpi.SleepType
	SMICommand uint16 // port; 0 if the machine is in ACPI mode anyway
	ACPIEnable uint8

	CanReset   bool
	Reset      acpi.Register
	ResetValue uint8
}

// ErrNoPM1 means that the PM1 control registers are not at I/O ports.
const ErrNoPM1 acpi.Error = "the ACPI tables tell no port for power off"

// Wire looks up what a Switch needs. The result is usable even if there is an
// error: it then has what could be found.
//
// Errors:  ErrNoPM1, those of acpi.Tables.FADT and acpi.Tables.S5: the machine
// cannot be turned off through ACPI.
// Context: ordinary Go code; allocates.
func Wire(tables *acpi.Tables) (Wiring, error) {
	fadt, err := tables.FADT()
	if err != nil {
		return Wiring{}, err
	}
	w := Wiring{
		SMICommand: fadt.SMICommand,
		ACPIEnable: fadt.ACPIEnable,
		CanReset:   fadt.CanReset(),
		Reset:      fadt.Reset,
		ResetValue: fadt.ResetValue,
	}
	port, ok := fadt.PM1aControl.Port()
	if !ok {
		return w, ErrNoPM1
	}
	w.PM1a = port
	if port, ok := fadt.PM1bControl.Port(); ok {
		w.PM1b = port
	}
	if w.S5, err = tables.S5(); err != nil {
		return w, err
	}
	w.CanTurnOff = true
	return w, nil
}
