package acpi

import "vitrine/mm"

// FADT describes the fixed hardware: power management registers, and what a PC
// traditionally has and this one may not (ACPI, "Fixed ACPI Description Table
// (FADT)"). Where the table gives an address twice, of 32 and of 64 bits, the
// latter is taken if it is not 0.
type FADT struct {
	Revision    uint8 // 1 is ACPI 1.0, 3 and more any later one
	DSDT        mm.PhysAddr
	SCI         uint16   // the interrupt that ACPI events raise
	SMICommand  uint16   // port; 0 if ACPI mode is always on
	ACPIEnable  uint8    // written to SMICommand, turns ACPI mode on
	PM1aControl Register // sleep type and enable
	PM1bControl Register // the second half, if there is one
	PMTimer     Register // a counter of 3.579545 MHz
	Century     uint8    // register of the century in the CMOS clock; 0 if none
	BootFlags   BootFlags
	Flags       FixedFlags
	Reset       Register // see CanReset
	ResetValue  uint8
}

// BootFlags tells what of the traditional PC is there (ACPI, "IA-PC Boot
// Architecture Flags").
type BootFlags uint16

// Bits of BootFlags.
const (
	HasLegacyDevices BootFlags = 1 << 0
	Has8042          BootFlags = 1 << 1
	NoVGA            BootFlags = 1 << 2
	NoRTC            BootFlags = 1 << 5
)

// FixedFlags tells what the fixed hardware can do (ACPI, "Fixed ACPI
// Description Table Fixed Feature Flags").
type FixedFlags uint32

// Bits of FixedFlags.
const (
	PMTimer32       FixedFlags = 1 << 8 // the timer has 32 bits, else 24
	ResetSupported  FixedFlags = 1 << 10
	HardwareReduced FixedFlags = 1 << 20 // there are no PM1 registers
)

// FADT decodes the table "FACP". The signature is older than the name.
//
// Errors: those of Find.
func (t *Tables) FADT() (FADT, error) {
	b, err := t.Bytes("FACP")
	if err != nil {
		return FADT{}, err
	}
	return ParseFADT(b), nil
}

// ParseFADT decodes a FADT whose checksum is right. Fields that it is too old
// to have are 0.
func ParseFADT(b []byte) FADT {
	r := record(b)
	f := FADT{
		Revision:    r.u8(8),
		DSDT:        mm.PhysAddr(r.u32(40)),
		SCI:         r.u16(46),
		SMICommand:  r.u16(48),
		ACPIEnable:  r.u8(52),
		PM1aControl: r.eitherRegister(64, 172, 16),
		PM1bControl: r.eitherRegister(68, 184, 16),
		PMTimer:     r.eitherRegister(76, 208, 32),
		Century:     r.u8(108),
		BootFlags:   BootFlags(r.u16(109)),
		Flags:       FixedFlags(r.u32(112)),
		Reset:       r.register(116),
		ResetValue:  r.u8(128),
	}
	if long := r.u64(140); long != 0 {
		f.DSDT = mm.PhysAddr(long)
	}
	return f
}

// eitherRegister returns the register at offset long, or if that is 0, the
// port whose 32-bit number is at offset short.
func (r record) eitherRegister(short, long int, width uint8) Register {
	if reg := r.register(long); reg.Present() {
		return reg
	}
	port := r.u32(short)
	if port == 0 {
		return Register{}
	}
	return Register{Space: SystemIO, Width: width, Addr: uint64(port)}
}

// firstWithBootFlags is the revision that gave BootFlags a meaning (ACPI 2.0).
const firstWithBootFlags = 3

// Lacks8042 tells whether the firmware says that there is no keyboard
// controller. Tables from before ACPI 2.0 cannot say so.
func (f *FADT) Lacks8042() bool {
	return f.Revision >= firstWithBootFlags && f.BootFlags&Has8042 == 0
}

// LacksRTC tells whether the firmware says that there is no CMOS clock.
func (f *FADT) LacksRTC() bool {
	return f.Revision >= firstWithBootFlags && f.BootFlags&NoRTC != 0
}

// CanReset tells whether writing ResetValue to Reset restarts the machine.
func (f *FADT) CanReset() bool { return f.Flags&ResetSupported != 0 && f.Reset.Present() }
