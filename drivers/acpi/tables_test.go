package acpi

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/acpi/acpitest"
	"vitrine/mm"
)

func openBIOS(t *testing.T, mem Reader) *Tables {
	t.Helper()
	root, err := FindRSDP(mem)
	require.NoError(t, err)
	tables, err := Open(mem, root)
	require.NoError(t, err)
	return tables
}

func openUEFI(t *testing.T) *Tables {
	t.Helper()
	mem := acpitest.UEFI()
	b, ok := mem.Bytes(acpitest.UEFIRoot, rsdpSize2)
	require.True(t, ok)
	root, err := ParseRSDP(b)
	require.NoError(t, err)
	tables, err := Open(mem, root)
	require.NoError(t, err)
	return tables
}

func signatures(t *testing.T, tables *Tables) []string {
	var s []string
	for _, table := range tables.All() {
		require.NoError(t, table.Err)
		s = append(s, table.Signature)
	}
	return s
}

func TestFindRSDPSearchesTheBIOS(t *testing.T) {
	root, err := FindRSDP(acpitest.PC())
	require.NoError(t, err)
	require.Equal(t, RSDP{OEM: "BOCHS", RSDT: 0x3fe_1b33}, root)

	_, err = FindRSDP(acpitest.UEFI())
	require.ErrorIs(t, err, ErrNoRSDP)
}

func TestFindRSDPSearchesTheExtendedBIOSDataAreaFirst(t *testing.T) {
	mem := acpitest.PC()
	rsdp, ok := mem.Bytes(0xf_59d0, rsdpSize1)
	require.True(t, ok)
	ebda := make([]byte, ebdaLength)
	copy(ebda[0x1f0:], rsdpSignature) // a false one, whose checksum is wrong
	copy(ebda[0x3e0:], rsdp)
	ebda[0x3e0+9] = 'X' // the OEM, so that the two can be told apart
	ebda[0x3e0+8] -= 'X' - 'B'
	mem = append(mem, acpitest.Piece{Addr: 0x9_fc00, Data: ebda}, acpitest.Piece{Addr: ebdaSegment, Data: []byte{0xc0, 0x9f}})
	root, err := FindRSDP(mem)
	require.NoError(t, err)
	require.Equal(t, "XOCHS", root.OEM)
}

func TestParseRSDPChecksBothChecksums(t *testing.T) {
	good, ok := acpitest.UEFI().Bytes(acpitest.UEFIRoot, rsdpSize2)
	require.True(t, ok)
	root, err := ParseRSDP(good)
	require.NoError(t, err)
	require.Equal(t, RSDP{OEM: "BOCHS", Revision: 2, RSDT: 0x777_d074, XSDT: 0x777_d0e8}, root)

	root, err = ParseRSDP(good[:rsdpSize1])
	require.NoError(t, err)
	require.Zero(t, root.XSDT, "the old half is enough")

	for at, want := range map[int]error{0: ErrSignature, 9: ErrChecksum, 20: ErrLength, 30: ErrChecksum} {
		bad := append([]byte(nil), good...)
		bad[at] ^= 0x40
		_, err = ParseRSDP(bad)
		require.ErrorIs(t, err, want, "byte %d", at)
	}
	_, err = ParseRSDP(good[:19])
	require.ErrorIs(t, err, ErrLength)
}

func TestOpenListsTheTablesOfRealMachines(t *testing.T) {
	require.Equal(t, []string{"RSDT", "FACP", "APIC", "HPET", "WAET", "DSDT"}, signatures(t, openBIOS(t, acpitest.PC())))
	require.Equal(t, []string{"RSDT", "FACP", "APIC", "HPET", "MCFG", "WAET", "DSDT"}, signatures(t, openBIOS(t, acpitest.Q35())))
	require.Equal(t, []string{"XSDT", "FACP", "APIC", "HPET", "MCFG", "WAET", "BGRT", "DSDT"}, signatures(t, openUEFI(t)))

	table, err := openBIOS(t, acpitest.PC()).Find("APIC")
	require.NoError(t, err)
	require.Equal(t, Table{
		Signature: "APIC", Addr: 0x3fe_1a53, Length: 128, Revision: 1,
		OEM: "BOCHS", OEMTable: "BXPC", OEMRevision: 1, Creator: "BXPC",
	}, table)
}

func TestOpenFallsBackToTheRSDT(t *testing.T) {
	mem := acpitest.UEFI()
	b, ok := mem.Bytes(0x777_d0e8, 36)
	require.True(t, ok)
	b[9] ^= 1 // the XSDT's checksum
	tables, err := Open(mem, RSDP{Revision: 2, RSDT: 0x777_d074, XSDT: 0x777_d0e8})
	require.NoError(t, err)
	require.Equal(t, "RSDT", tables.All()[0].Signature)
	require.Len(t, tables.All(), 8)
}

func TestOpenNamesWhatIsWrongWithTheList(t *testing.T) {
	_, err := Open(acpitest.PC(), RSDP{RSDT: 0x1000})
	require.ErrorIs(t, err, ErrOutside)
	_, err = Open(acpitest.PC(), RSDP{RSDT: 0x3fe_1a53}) // the MADT
	require.ErrorIs(t, err, ErrSignature)
}

func TestABadTableIsListedAndNotUsed(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(table []byte)
		want  error
	}{
		"checksum":  {func(b []byte) { b[40]++ }, ErrChecksum},
		"too short": {func(b []byte) { binary.LittleEndian.PutUint32(b[4:], 35) }, ErrLength},
		"too long":  {func(b []byte) { binary.LittleEndian.PutUint32(b[4:], 0xffff_ffff) }, ErrLength},
		"outside":   {func(b []byte) { binary.LittleEndian.PutUint32(b[4:], 0x1_0000) }, ErrOutside},
	} {
		mem := acpitest.PC()
		b, ok := mem.Bytes(0x3fe_1a53, 128)
		require.True(t, ok)
		c.spoil(b)
		tables := openBIOS(t, mem)
		require.Len(t, tables.All(), 6, name)
		require.ErrorIs(t, tables.All()[2].Err, c.want, name)
		_, err := tables.MADT()
		require.ErrorIs(t, err, c.want, name)
	}
}

func TestFindOfATableThatIsNotThere(t *testing.T) {
	_, err := openBIOS(t, acpitest.PC()).Find("MCFG")
	require.ErrorIs(t, err, ErrNoTable)
}

// table builds a table with a right checksum.
func table(signature string, body []byte) []byte {
	b := make([]byte, headerSize, headerSize+len(body))
	copy(b, signature)
	b = append(b, body...)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)))
	b[9] = -sum(b)
	return b
}

func TestOpenListsATableOnce(t *testing.T) {
	list := binary.LittleEndian.AppendUint32(nil, 0x2000)
	list = binary.LittleEndian.AppendUint32(list, 0x2000)
	list = binary.LittleEndian.AppendUint32(list, 0)
	list = append(list, 1, 2, 3) // not a whole entry
	mem := acpitest.Memory{{Addr: 0x1000, Data: table("RSDT", list)}, {Addr: 0x2000, Data: table("A\x01C ", nil)}}
	tables, err := Open(mem, RSDP{RSDT: 0x1000})
	require.NoError(t, err)
	require.Equal(t, []string{"RSDT", "A?C"}, signatures(t, tables))
}

// flat is memory that begins at 0.
type flat []byte

func (m flat) Bytes(a mm.PhysAddr, n uint64) ([]byte, bool) {
	if n > uint64(len(m)) || uint64(a) > uint64(len(m))-n {
		return nil, false
	}
	return m[a:][:n], true
}

// FuzzOpen takes any bytes for memory. Checksums are put right at some places,
// so that what lies behind them is reached.
func FuzzOpen(f *testing.F) {
	seed := make([]byte, 0x400)
	copy(seed[0x40:], table("RSDT", []byte{0x80, 0, 0, 0, 0, 1, 0, 0}))
	copy(seed[0x80:], table("FACP", []byte{0, 0, 0, 0, 0, 2, 0, 0}))
	copy(seed[0x100:], table("APIC", []byte{0, 0, 0xe0, 0xfe, 1, 0, 0, 0, 0, 8, 0, 0, 1, 0, 0, 0}))
	copy(seed[0x200:], table("DSDT", []byte{8, '_', 'S', '5', '_', 0x12, 6, 4, 0, 0, 0, 0}))
	f.Add(seed, uint16(0x40), uint16(0x80))
	f.Fuzz(func(t *testing.T, data []byte, a, b uint16) {
		for _, at := range []uint16{b, a} {
			if int(at)+headerSize <= len(data) {
				r := record(data[at:])
				if n := r.u32(4); n >= headerSize && uint64(n) <= uint64(len(r)) {
					r[9] -= sum(r[:n])
				}
			}
		}
		_, _ = FindRSDP(flat(data))
		_, _ = ParseRSDP(data)
		tables, err := Open(flat(data), RSDP{Revision: 2, RSDT: mm.PhysAddr(a), XSDT: mm.PhysAddr(b)})
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(tables.All()), maxTables)
		if fadt, err := tables.FADT(); err == nil {
			_ = fadt.Reset.String()
			_, _ = fadt.PM1aControl.Port()
		}
		_, _ = tables.MADT()
		_, _ = tables.HPET()
		_, _ = tables.MCFG()
		_, _ = tables.S5()
	})
}

// FuzzParse takes any bytes for each of the tables.
func FuzzParse(f *testing.F) {
	for _, mem := range []acpitest.Memory{acpitest.PC(), acpitest.Q35(), acpitest.UEFI()} {
		for _, p := range mem {
			f.Add(p.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ParseFADT(data)
		ParseHPET(data)
		_, _ = ParseMADT(data)
		for _, w := range ParseMCFG(data) {
			require.LessOrEqual(t, w.FirstBus, w.LastBus)
		}
		if s, ok := ParseS5(data); ok {
			require.True(t, s.A <= 7 && s.B <= 7)
		}
	})
}
