package acpi

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/acpi/acpitest"
)

func TestFADTOfAnOldMachine(t *testing.T) {
	f, err := openBIOS(t, acpitest.PC()).FADT()
	require.NoError(t, err)
	require.Equal(t, FADT{
		Revision: 1, DSDT: 0x3fe_0040, SCI: 9, SMICommand: 0xb2, ACPIEnable: 0xf1,
		PM1aControl: Register{Space: SystemIO, Width: 16, Addr: 0x604},
		PMTimer:     Register{Space: SystemIO, Width: 32, Addr: 0x608},
		Century:     0x32, Flags: 0x80a5,
	}, f)
	require.False(t, f.CanReset())
	require.False(t, f.Lacks8042(), "ACPI 1.0 cannot say so")
	require.False(t, f.LacksRTC())
}

func TestFADTOfANewerMachine(t *testing.T) {
	for _, tables := range []*Tables{openBIOS(t, acpitest.Q35()), openUEFI(t)} {
		f, err := tables.FADT()
		require.NoError(t, err)
		require.EqualValues(t, 3, f.Revision)
		require.EqualValues(t, 2, f.ACPIEnable)
		require.Equal(t, Register{Space: SystemIO, Width: 8, Addr: 0xcf9}, f.Reset)
		require.EqualValues(t, 0x0f, f.ResetValue)
		require.True(t, f.CanReset())
		require.False(t, f.Lacks8042())
		f.BootFlags = 0
		require.True(t, f.Lacks8042())
		port, ok := f.PM1aControl.Port()
		require.True(t, ok)
		require.EqualValues(t, 0x604, port)
		require.False(t, f.PM1bControl.Present())
	}
}

func TestFADTPrefersAddressesOf64Bits(t *testing.T) {
	b := make([]byte, 244)
	b[40], b[64], b[68] = 1, 2, 3
	copy(b[140:], []byte{0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11})
	copy(b[172:], []byte{1, 32, 5, 2, 0x34, 0x12, 0, 0, 0, 0, 0, 0})
	f := ParseFADT(b)
	require.EqualValues(t, 0x1122_3344_5566_7788, f.DSDT)
	require.Equal(t, Register{SystemIO, 32, 5, 2, 0x1234}, f.PM1aControl)
	require.Equal(t, Register{Space: SystemIO, Width: 16, Addr: 3}, f.PM1bControl)
}

func TestRegistersPrintTheirPlace(t *testing.T) {
	for want, r := range map[string]Register{
		"none":                      {},
		"memory 0xfed00000":         {Addr: 0xfed0_0000},
		"port 0x604":                {Space: SystemIO, Addr: 0x604},
		"PCI 00:1f.3 register 0xac": {Space: PCIConfig, Addr: 0x1f_0003_00ac},
		"space 10 address 0x1":      {Space: 10, Addr: 1},
	} {
		require.Equal(t, want, r.String())
	}
}

func TestMADTOfARealMachine(t *testing.T) {
	m, err := openBIOS(t, acpitest.PC()).MADT()
	require.NoError(t, err)
	require.Equal(t, MADT{
		LocalAPIC:  0xfee0_0000,
		HasPIC:     true,
		Processors: []Processor{{APIC: 0, UID: 0, Enabled: true}, {APIC: 1, UID: 1, Enabled: true}},
		IOAPICs:    []IOAPIC{{ID: 0, Addr: 0xfec0_0000, Base: 0}},
		Overrides: []Override{
			{0, 2, PolarityBusDefault, TriggerBusDefault},
			{5, 5, ActiveHigh, Level},
			{9, 9, ActiveHigh, Level},
			{10, 10, ActiveHigh, Level},
			{11, 11, ActiveHigh, Level},
		},
		LocalNMIs: []LocalNMI{{AllProcessors, 1, PolarityBusDefault, TriggerBusDefault}},
	}, m)

	m, err = openBIOS(t, acpitest.Q35()).MADT()
	require.NoError(t, err)
	require.Len(t, m.Processors, 4)
}

func madt(entries ...[]byte) []byte {
	b := make([]byte, 44)
	for _, e := range entries {
		b = append(b, e...)
	}
	return b
}

func TestMADTEntriesOfEveryType(t *testing.T) {
	m, err := ParseMADT(madt(
		[]byte{0, 8, 0x11, 0x22, 0, 0, 0, 0},                                      // absent for good
		[]byte{0, 8, 0x11, 0x22, 2, 0, 0, 0},                                      // can come
		[]byte{9, 16, 0, 0, 0x44, 0x33, 0x22, 0x11, 1, 0, 0, 0, 0x88, 0x77, 0, 0}, // x2APIC
		[]byte{127, 3, 0}, // unknown
		[]byte{1, 12, 5, 0, 0, 0, 0xc0, 0xfe, 24, 0, 0, 0},
		[]byte{2, 10, 0, 9, 20, 0, 0, 0, 0x0f, 0},
		[]byte{3, 8, 0x05, 0, 7, 0, 0, 0},
		[]byte{4, 6, 3, 0x0d, 0, 1},
		[]byte{10, 12, 0x0f, 0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0},
		[]byte{5, 12, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0},
	))
	require.NoError(t, err)
	require.Equal(t, MADT{
		LocalAPIC:  0x1_0000_0000,
		Processors: []Processor{{APIC: 0x22, UID: 0x11, Capable: true}, {APIC: 0x1122_3344, UID: 0x7788, Enabled: true}},
		IOAPICs:    []IOAPIC{{5, 0xfec0_0000, 24}},
		Overrides:  []Override{{9, 20, ActiveLow, Level}},
		NMIs:       []NMISource{{7, ActiveHigh, Edge}},
		LocalNMIs:  []LocalNMI{{3, 1, ActiveHigh, Level}, {AllProcessors, 1, ActiveLow, Level}},
	}, m)
}

// Who is started twice is reset while it runs.
func TestMADTListsAProcessorOnce(t *testing.T) {
	m, err := ParseMADT(madt(
		[]byte{0, 8, 7, 2, 1, 0, 0, 0},
		[]byte{0, 8, 8, 3, 2, 0, 0, 0}, // can come
		[]byte{9, 16, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0},
		[]byte{9, 16, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0}, // is there
		[]byte{9, 16, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 7, 0, 0, 0},
	))
	require.NoError(t, err)
	require.Equal(t, []Processor{{APIC: 2, UID: 7, Enabled: true}, {APIC: 3, UID: 8, Enabled: true}}, m.Processors)
}

func TestMADTStopsAtAnEntryThatCannotBe(t *testing.T) {
	good := []byte{1, 12, 5, 0, 0, 0, 0xc0, 0xfe, 24, 0, 0, 0}
	for _, bad := range [][]byte{{1, 0}, {1, 1}, {1}, {1, 12, 5}, {1, 4, 5, 0}, {0, 7, 1, 1, 1, 0, 0}, {2, 9, 0, 9, 20, 0, 0, 0, 15}, {3, 4, 5, 0}, {4, 5, 3, 0, 0}, {5, 4, 0, 0}, {9, 8, 0, 0, 1, 0, 0, 0}, {10, 8, 5, 0, 1, 0, 0, 0}} {
		m, err := ParseMADT(madt(good, bad))
		require.ErrorIs(t, err, ErrLength)
		require.Len(t, m.IOAPICs, 1)
	}
}

func TestHPETOfARealMachine(t *testing.T) {
	h, err := openBIOS(t, acpitest.Q35()).HPET()
	require.NoError(t, err)
	a, ok := h.Addr()
	require.True(t, ok)
	require.EqualValues(t, 0xfed0_0000, a)
	require.EqualValues(t, 0x8086, h.Vendor)
	require.True(t, h.Counter64)
	require.True(t, h.Legacy)
	require.EqualValues(t, 3, h.Comparators)
}

func TestMCFGOfARealMachine(t *testing.T) {
	w, err := openBIOS(t, acpitest.Q35()).MCFG()
	require.NoError(t, err)
	require.Equal(t, []PCIWindow{{Addr: 0xb000_0000, Segment: 0, FirstBus: 0, LastBus: 255}}, w)
}

func TestS5OfRealMachines(t *testing.T) {
	for _, tables := range []*Tables{openBIOS(t, acpitest.PC()), openBIOS(t, acpitest.Q35()), openUEFI(t)} {
		s, err := tables.S5()
		require.NoError(t, err)
		require.Equal(t, SleepType{0, 0}, s)
	}
}

func TestParseS5ReadsEachWayToWriteIt(t *testing.T) {
	for want, aml := range map[SleepType]string{
		{5, 6}: "\x08_S5_\x12\x08\x04\x0a\x05\x0a\x06\x00\x00",
		{7, 1}: "junk_S5_\x08\\_S5_\x12\x40\x01\x04\x0b\x07\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
		{1, 7}: "\x08_S5_\x12\x0a\x02\x01\x0c\x07\x00\x00\x00\x00\x00",
		{3, 2}: "\x08_S5_\x12\x05\x01\x0b\x03\x02",
		{2, 2}: "\x08_S5_\x12\x03\x02\x00\x08_S5_\x12\x06\x02\x0a\x02\x0a\x02",
	} {
		s, ok := ParseS5([]byte(aml))
		require.True(t, ok, "%q", aml)
		require.Equal(t, want, s, "%q", aml)
	}
}

func TestParseS5RefusesWhatIsNotADefinition(t *testing.T) {
	for _, aml := range []string{
		"", "_S5_", "_S5_\x12\x06\x04\x00\x00\x00\x00", "\x08_S5_", "\x08_S5_\x12", "\x08_S5_\x12\x01",
		"\x08_S5_\x12\x06\x00\x00\x00\x00\x00", // no elements
		"\x08_S5_\x12\x3f\x04\x00\x00",         // longer than the table
		"\x08_S5_\x12\xc0\x00",                 // its length is cut off
		"\x08_S5_\x12\x00\x04\x00\x00",         // shorter than its own length
		"\x08_S5_\x12\x04\x02\x0a\x05",         // the second is missing
		"\x08_S5_\x12\x06\x02\x0a\x08\x0a\x05", // does not fit into three bits
		"\x08_S5_\x12\x06\x02\x0d\x31\x00\x00", // a string
		"\x08_S5_\x12\x06\x02\xff\xff\x00\x00", // all ones
	} {
		_, ok := ParseS5([]byte(aml))
		require.False(t, ok, "%q", aml)
	}
}

func TestS5IsSearchedForInTheSSDTsToo(t *testing.T) {
	mem := acpitest.Memory{
		{Addr: 0x1000, Data: table("RSDT", []byte{0, 0x20, 0, 0, 0, 0x30, 0, 0})},
		{Addr: 0x2000, Data: table("SSDT", []byte("nothing here"))},
		{Addr: 0x3000, Data: table("SSDT", []byte("\x08_S5_\x12\x06\x02\x0a\x05\x0a\x05"))},
	}
	tables, err := Open(mem, RSDP{RSDT: 0x1000})
	require.NoError(t, err)
	s, err := tables.S5()
	require.NoError(t, err)
	require.Equal(t, SleepType{5, 5}, s)

	tables, err = Open(mem[:2], RSDP{RSDT: 0x1000})
	require.NoError(t, err)
	_, err = tables.S5()
	require.ErrorIs(t, err, ErrNoS5)
}
