package multiboot

import (
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
)

func flattened(entries ...Region) *Info {
	i := new(Info)
	for _, e := range entries {
		i.addEntry(uint64(e.Range.Start), uint64(e.Range.End-e.Range.Start), e.Kind)
	}
	i.flatten()
	return i
}

func TestFlattenSortsAndJoinsNeighbours(t *testing.T) {
	i := flattened(region(0x3000, 0x4000, Usable), region(0x1000, 0x2000, Usable), region(0x2000, 0x3000, Usable), region(0x5000, 0x6000, Usable))
	require.Equal(t, []Region{region(0x1000, 0x4000, Usable), region(0x5000, 0x6000, Usable)}, i.Regions())
}

func TestFlattenLetsTheGreaterKindWin(t *testing.T) {
	i := flattened(region(0x1000, 0x9000, Usable), region(0x2000, 0x4000, Reserved), region(0x3000, 0x5000, ACPIReclaim), region(0x3800, 0x3900, Bad))
	require.Equal(t, []Region{
		region(0x1000, 0x2000, Usable), region(0x2000, 0x3800, Reserved), region(0x3800, 0x3900, Bad),
		region(0x3900, 0x4000, Reserved), region(0x4000, 0x5000, ACPIReclaim), region(0x5000, 0x9000, Usable),
	}, i.Regions())
}

func TestAddEntryDoesNotBelieveUsableMemoryBeyondTheAddressSpace(t *testing.T) {
	for _, e := range [][2]uint64{{0x1000, 1<<64 - 1}, {1<<52 - 0x1000, 0x2000}, {1 << 63, 1 << 63}} {
		var i Info
		i.addEntry(e[0], e[1], Usable)
		i.flatten()
		require.Empty(t, i.Regions())
		require.Equal(t, BadMap, i.Flaws)
	}
	var i Info
	i.addEntry(0x1000, 1<<64-1, Reserved)
	i.flatten()
	require.Equal(t, []Region{region(0x1000, 1<<52, Reserved)}, i.Regions())
}

func TestReservedMemoryThatDoesNotFitIsNotUsable(t *testing.T) {
	var entries []Region
	for n := range mm.PhysAddr(MaxRegions) {
		entries = append(entries, region(n*0x10000, n*0x10000+0x8000, Usable))
	}
	entries = append(entries, region(0x11000, 0x12000, Reserved), region(0x26000, 0x27000, Bad), region(0x30000, 0x40000, Reserved),
		region(0x0900_0000, 0x0a00_0000, Usable))
	i := flattened(entries...)
	require.Equal(t, TooManyRegions, i.Flaws)
	require.Equal(t, []Region{
		region(0, 0x8000, Usable), region(0x12000, 0x18000, Usable), region(0x20000, 0x26000, Usable), region(0x40000, 0x48000, Usable),
	}, i.Regions()[:4])
	require.Len(t, i.Regions(), MaxRegions-1)
}

// TestFlattenAgreesWithAByteMap compares with the obvious way, which needs a
// byte of memory for each byte of memory.
func TestFlattenAgreesWithAByteMap(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for range 500 {
		var want [256]Kind
		var i Info
		for range 1 + random.Intn(12) {
			start := random.Intn(len(want))
			length := random.Intn(len(want) - start + 1)
			kind := Usable + Kind(random.Intn(5))
			i.addEntry(uint64(start), uint64(length), kind)
			for k := start; k < start+length; k++ {
				want[k] = max(want[k], kind)
			}
		}
		i.flatten()
		requireNormal(t, &i)
		var got [256]Kind
		for _, r := range i.Regions() {
			for a := r.Range.Start; a < r.Range.End; a++ {
				got[a] = r.Kind
			}
		}
		require.Equal(t, want, got)
	}
}

// requireNormal checks what Regions promises.
func requireNormal(t *testing.T, i *Info) {
	t.Helper()
	regions := i.Regions()
	for k, r := range regions {
		require.NotZero(t, r.Range.Size())
		require.True(t, Usable <= r.Kind && r.Kind <= Bad)
		require.LessOrEqual(t, r.Range.End, mm.PhysAddr(maxPhys))
		if k > 0 {
			last := regions[k-1]
			require.LessOrEqual(t, last.Range.End, r.Range.Start)
			require.False(t, last.Range.End == r.Range.Start && last.Kind == r.Kind)
		}
	}
}
