package core

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// spaceOf returns what the first processor addresses.
func (w *world) spaceOf() *space {
	m := w.machine()
	return newSpace(m, &m.CPUs[0])
}

func TestPagesInARowAreOneRun(t *testing.T) {
	w := newWorld(t, 32)
	w.cpu(func(*CPU) {})
	const base = 0xffff_ff80_4000_0000
	for i := range uint64(3) {
		w.mapPage(base+i*pageSize, 0x10000+i*pageSize, 12, writable|noExecute)
	}
	w.mapPage(base+3*pageSize, 0x13000, 12, noExecute)          // read-only
	w.mapPage(base+4*pageSize, 0x1f000, 12, writable|noExecute) // elsewhere
	w.mapPage(base+6*pageSize, 0x14000, 12, 0)                  // behind a hole
	require.Equal(t, []run{
		{base, 0x10000, 3 * pageSize, true, false},
		{base + 3*pageSize, 0x13000, pageSize, false, false},
		{base + 4*pageSize, 0x1f000, pageSize, true, false},
		{base + 6*pageSize, 0x14000, pageSize, false, true},
	}, w.spaceOf().runs)
}

func TestLargePagesAreCutToTheMemoryBehindThem(t *testing.T) {
	w := newWorld(t, 16)
	w.device = true
	w.cpu(func(*CPU) {})
	w.mapPage(0xffff_8000_0000_0000, 0, 30, writable)
	w.mapPage(0xffff_8000_fd00_0000, deviceStart, 21, writable)
	require.Equal(t, []run{
		{0xffff_8000_0000_0000, 0, 16 * pageSize, true, true},
		{0xffff_8000_fd00_0000, deviceStart, pageSize, true, true},
	}, w.spaceOf().runs)
}

func TestRightsOfAllLevelsCount(t *testing.T) {
	w := newWorld(t, 16)
	w.cpu(func(*CPU) {})
	w.mapPage(0x40_0000, 0xf000, 12, writable)
	top := w.get(w.cr3)
	w.put(w.cr3, top&^writable|noExecute)
	require.Equal(t, []run{{0x40_0000, 0xf000, pageSize, false, false}}, w.spaceOf().runs)
}

func TestWithoutPagingAddressesArePhysical(t *testing.T) {
	w := newWorld(t, 4)
	w.cpu(func(c *CPU) { c.CR[0] = 1 })
	require.Equal(t, []run{{0, 0, 4 * pageSize, true, true}}, w.spaceOf().runs)
}

// A kernel may map its tables by an entry that leads back to the PML4.
func TestTablesThatLeadBackAreLeftOut(t *testing.T) {
	w := newWorld(t, 16)
	w.cpu(func(*CPU) {})
	w.mapPage(0xffff_ffff_8000_0000, 0xf000, 12, 0)
	w.put(w.cr3+8*300, w.cr3|present|writable)
	s := w.spaceOf()
	require.Len(t, s.runs, 1)
	require.False(t, s.cut)
}

func TestDamagedTablesAreWalkedToALimit(t *testing.T) {
	w := newWorld(t, 16)
	w.cpu(func(*CPU) {})
	// Four tables, each full of entries that lead to the next: 512 to the
	// fourth pages, each another one than that before it.
	tables := [4]uint64{w.cr3, w.page(), w.page(), w.page()}
	for i, table := range tables {
		for e := range uint64(512) {
			to := (e & 1) * pageSize
			if i < 3 {
				to = tables[i+1]
			}
			w.put(table+8*e, to|present)
		}
	}
	s := w.spaceOf()
	require.True(t, s.cut)
	require.Len(t, s.runs, maxRuns)
}

func TestReadingCrossesRunsAndEndsAtHoles(t *testing.T) {
	w := newWorld(t, 16)
	w.cpu(func(*CPU) {})
	w.mapPage(0x1000, 0xe000, 12, 0)
	w.mapPage(0x2000, 0xa000, 12, 0)
	w.put(0xeff8, 0x1111_2222_3333_4444)
	w.put(0xa000, 0x5555_6666_7777_8888)
	s := w.spaceOf()
	var b [8]byte
	require.NoError(t, s.read(b[:], 0x1ffc))
	require.Equal(t, []byte{0x22, 0x22, 0x11, 0x11, 0x88, 0x88, 0x77, 0x77}, b[:])
	require.ErrorIs(t, s.read(b[:], 0x2ffc), errNoMemory)
}
