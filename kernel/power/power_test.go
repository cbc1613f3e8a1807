package power

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/acpi"
	"vitrine/drivers/acpi/acpitest"
	"vitrine/drivers/ioport/porttest"
	"vitrine/mm"
)

func open(t *testing.T, mem acpi.Reader) *acpi.Tables {
	t.Helper()
	root, err := acpi.FindRSDP(mem)
	require.NoError(t, err)
	tables, err := acpi.Open(mem, root)
	require.NoError(t, err)
	return tables
}

func wire(t *testing.T, mem acpi.Reader) Wiring {
	t.Helper()
	w, err := Wire(open(t, mem))
	require.NoError(t, err)
	return w
}

// newSwitch returns a switch of a machine that never obeys. What it does
// besides writing to ports goes to the same log.
func newSwitch(w Wiring, reads map[uint16][]uint32) (*Switch, *porttest.Space) {
	bus := &porttest.Space{Reads: reads}
	note := func(what string) { bus.Log = append(bus.Log, what) }
	return &Switch{
		IO:          bus,
		Wiring:      w,
		Say:         note,
		Halt:        func() { note("halt") },
		TripleFault: func() { note("triple fault") },
	}, bus
}

func TestOffOnPCTurnsACPIOnFirst(t *testing.T) {
	s, bus := newSwitch(wire(t, acpitest.PC()), map[uint16][]uint32{0x604: {0, 0, 0, 1}})
	s.Off()
	require.Equal(t, []string{
		"b2<-f1",                 // ACPI enable
		"604<-0001", "604<-2001", // S5 has sleep type 0 in QEMU
		"604<-2000", "b004<-2000", "4004<-3400", // emulators
		SafeToTurnOff, "halt",
	}, bus.Log)
}

func TestOffOnQ35(t *testing.T) {
	s, bus := newSwitch(wire(t, acpitest.Q35()), map[uint16][]uint32{0x604: {0, 1}})
	s.Off()
	require.Equal(t, []string{"b2<-02", "604<-0001", "604<-2001"}, bus.Log[:3])
}

func TestOffKeepsTheOtherBits(t *testing.T) {
	w := Wiring{CanTurnOff: true, PM1a: 0x1804, PM1b: 0x1904, S5: acpi.SleepType{A: 5, B: 7}, SMICommand: 0xb2, ACPIEnable: 0xa0}
	s, bus := newSwitch(w, map[uint16][]uint32{0x1804: {0x0203}, 0x1904: {0x3c04}})
	s.Off()
	require.Equal(t, []string{"1804<-1603", "1904<-1c04", "1804<-3603", "1904<-3c04"}, bus.Log[:4])
}

func TestOffGoesOnIfTheFirmwareDoesNotAnswer(t *testing.T) {
	s, bus := newSwitch(wire(t, acpitest.PC()), map[uint16][]uint32{0x604: {0}})
	s.Off()
	require.Equal(t, []string{"b2<-f1", "604<-0000", "604<-2000"}, bus.Log[:3])
	require.Equal(t, "halt", bus.Log[len(bus.Log)-1])
}

func TestOffWithoutACPI(t *testing.T) {
	s, bus := newSwitch(Wiring{}, nil)
	s.Off()
	require.Equal(t, []string{"604<-2000", "b004<-2000", "4004<-3400", SafeToTurnOff, "halt"}, bus.Log)
}

func TestRebootOnPCHasNoResetRegister(t *testing.T) {
	s, bus := newSwitch(wire(t, acpitest.PC()), map[uint16][]uint32{0x64: {0x1e, 0x1e, 0x1c}})
	s.Reboot()
	require.Equal(t, []string{"64<-fe", "cf9<-02", "cf9<-06", "triple fault", CannotRestart, "halt"}, bus.Log)
}

func TestRebootOnQ35UsesTheResetRegister(t *testing.T) {
	s, bus := newSwitch(wire(t, acpitest.Q35()), map[uint16][]uint32{0x64: {0x1c}})
	s.Reboot()
	require.Equal(t, []string{"cf9<-0f", "64<-fe", "cf9<-02", "cf9<-06", "triple fault", CannotRestart, "halt"}, bus.Log)
}

func TestRebootDoesNotWaitForAKeyboardControllerThatIsNotThere(t *testing.T) {
	s, bus := newSwitch(Wiring{}, nil) // reads as all ones
	s.Reboot()
	require.Equal(t, []string{"64<-fe", "cf9<-02", "cf9<-06", "triple fault", CannotRestart, "halt"}, bus.Log)
}

func TestTheResetRegisterMayBeElsewhere(t *testing.T) {
	var poked []mm.PhysAddr
	s, _ := newSwitch(Wiring{CanReset: true, Reset: acpi.Register{Addr: 0xfed0_1234}, ResetValue: 6}, nil)
	s.Reboot() // no Poke: goes on
	s.Poke = func(a mm.PhysAddr, v uint8) {
		require.EqualValues(t, 6, v)
		poked = append(poked, a)
	}
	s.Reboot()
	require.Equal(t, []mm.PhysAddr{0xfed0_1234}, poked)

	s, bus := newSwitch(Wiring{CanReset: true, Reset: acpi.Register{Space: acpi.PCIConfig, Addr: 0x1f_0003_00ae}, ResetValue: 6}, nil)
	s.Reboot()
	require.Equal(t, []string{"cf8<-8000fbac", "cfe<-06"}, bus.Log[:2])
}

func TestASwitchWithoutCallbacksReturns(t *testing.T) {
	s := &Switch{IO: &porttest.Space{}}
	s.Off()
	s.Reboot()
}

func TestDebugExitWritesTheCode(t *testing.T) {
	s, bus := newSwitch(Wiring{}, nil)
	s.DebugExit(0x2a)
	require.Equal(t, []string{"f4<-2a"}, bus.Log)
}

func TestWireNamesWhatIsMissing(t *testing.T) {
	mem := acpitest.Q35()
	aml, ok := mem.Bytes(0x3fe_0040, 8583)
	require.True(t, ok)
	at := strings.Index(string(aml), "_S5_")
	aml[at], aml[at+1] = aml[at+1], aml[at] // S_5_: the same checksum
	w, err := Wire(open(t, mem))
	require.ErrorIs(t, err, acpi.ErrNoS5)
	require.False(t, w.CanTurnOff)
	require.True(t, w.CanReset, "the rest is usable")

	mem = acpitest.Q35()
	fadt, ok := mem.Bytes(0x3fe_21c7, 244)
	require.True(t, ok)
	fadt[172]-- // PM1a is in memory, not at a port
	fadt[9]++   // checksum
	w, err = Wire(open(t, mem))
	require.ErrorIs(t, err, ErrNoPM1)
	require.True(t, w.CanReset)

	fadt[9]++
	_, err = Wire(open(t, mem))
	require.ErrorIs(t, err, acpi.ErrChecksum)
}

// silent is a machine in which nothing happens.
type silent struct{}

func (silent) In8(uint16) uint8     { return 0 }
func (silent) In16(uint16) uint16   { return 0 }
func (silent) In32(uint16) uint32   { return 0 }
func (silent) Out8(uint16, uint8)   {}
func (silent) Out16(uint16, uint16) {}
func (silent) Out32(uint16, uint32) {}

func TestNothingAllocates(t *testing.T) {
	s := &Switch{IO: silent{}, Wiring: wire(t, acpitest.Q35()), Say: func(string) {}, Halt: func() {}}
	s.Wiring.SMICommand = 0
	require.Zero(t, testing.AllocsPerRun(3, func() {
		s.Off()
		s.Reboot()
		s.DebugExit(0)
	}))
}
