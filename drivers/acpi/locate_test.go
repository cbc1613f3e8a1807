package acpi

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/acpi/acpitest"
	"vitrine/mm"
)

func TestLocateFindsWhatOpenFinds(t *testing.T) {
	for name, mem := range map[string]acpitest.Memory{"pc": acpitest.PC(), "q35": acpitest.Q35(), "uefi": acpitest.UEFI()} {
		root, err := LocateRSDP(mem)
		if name == "uefi" {
			require.ErrorIs(t, err, ErrNoRSDP)
			root, _ = mem.Bytes(acpitest.UEFIRoot, rsdpSize2)
		}
		p, err := ParseRSDP(root)
		require.NoError(t, err)
		tables, err := Open(mem, p)
		require.NoError(t, err)
		for _, signature := range []string{"HPET", "APIC", "FACP"} {
			want, err := tables.Bytes(signature)
			require.NoError(t, err)
			got, err := Locate(mem, root, signature)
			require.NoError(t, err)
			require.Equal(t, want, got, "%s of %s", signature, name)
		}
		_, err = Locate(mem, root, "NONE")
		require.ErrorIs(t, err, ErrNoTable)
		reader := Reader(mem)
		require.Zero(t, testing.AllocsPerRun(10, func() {
			_, _ = LocateRSDP(reader)
			_, _ = Locate(reader, root, "HPET")
		}))
	}
}

func TestLocatePassesOverBadTables(t *testing.T) {
	mem := acpitest.PC()
	root, err := LocateRSDP(mem)
	require.NoError(t, err)
	good, err := Locate(mem, root, "HPET")
	require.NoError(t, err)
	good[9]++
	_, err = Locate(mem, root, "HPET")
	require.ErrorIs(t, err, ErrNoTable)
	good[9]--

	require.True(t, GoodRSDP(root))
	require.False(t, GoodRSDP(root[:10]))
	_, err = Locate(mem, root[:10], "HPET")
	require.ErrorIs(t, err, ErrLength)
	list, ok := mem.Bytes(mm.PhysAddr(record(root).u32(16)), 36)
	require.True(t, ok)
	list[9]++
	_, err = Locate(mem, root, "HPET")
	require.ErrorIs(t, err, ErrChecksum)
	list[9]--
	list[0]++
	list[9]--
	_, err = Locate(mem, root, "HPET")
	require.ErrorIs(t, err, ErrSignature)
}

func TestAnAreaInOnePieceIsScannedToItsEnd(t *testing.T) {
	mem := acpitest.PC()
	root, err := LocateRSDP(mem)
	require.NoError(t, err)
	area := make([]byte, biosLength)
	copy(area[biosLength-32:], root[:rsdpSize1])
	copy(area[0x100:], rsdpSignature) // a false one
	got, err := LocateRSDP(acpitest.Memory{{Addr: biosStart, Data: area}})
	require.NoError(t, err)
	require.Equal(t, root[:rsdpSize1], got)
}
