package frame_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/frame"
	"vitrine/mm/frame/frametest"
)

const mib = 1 << 20

// machine returns an allocator of [0, end) with RAM in the ranges given.
func machine(end mm.PhysAddr, ram ...mm.PhysRange) *frame.Allocator {
	a := &frame.Allocator{}
	storage := make([]uint64, frame.StorageWords(end.Frame()))
	for i := range storage {
		storage[i] = 0x5555_aaaa_1234_cdef // Init must not care
	}
	a.Init(storage, end.Frame())
	for _, r := range ram {
		a.AddRange(r)
	}
	return a
}

// allRAM returns an allocator of [0, end), all of it RAM.
func allRAM(end mm.PhysAddr) *frame.Allocator {
	return machine(end, mm.PhysRange{Start: 0, End: end})
}

func mustAlloc(t testing.TB, a *frame.Allocator) mm.Frame {
	t.Helper()
	f, err := a.Alloc()
	require.NoError(t, err)
	return f
}

func TestTheSuitePasses(t *testing.T) {
	frametest.Run(t, allRAM(64*mib))
	frametest.Run(t, allRAM(1*mib))
	frametest.Run(t, machine(1<<36, mm.PhysRange{Start: 1<<36 - 2*mib, End: 1 << 36}))
}

func TestSingleFramesComeFromAboveLowMemoryFirst(t *testing.T) {
	a := allRAM(32 * mib)
	require.Equal(t, frame.LowEnd, mustAlloc(t, a).Addr())
	for range 4095 {
		mustAlloc(t, a)
	}
	require.Equal(t, mm.PhysAddr(0x1000), mustAlloc(t, a).Addr(), "frame 0 is nobody's")
	require.NoError(t, a.Free((frame.LowEnd + 5*mib).Frame()))
	require.Equal(t, frame.LowEnd+5*mib, mustAlloc(t, a).Addr(), "low memory is the last resort")
	require.Equal(t, mm.PhysAddr(0x2000), mustAlloc(t, a).Addr())
}

func TestAllocSaysWhenMemoryIsOut(t *testing.T) {
	a := machine(mib, mm.PhysRange{Start: 0x1800, End: 0x4800})
	require.Equal(t, mm.Frame(2), mustAlloc(t, a))
	require.Equal(t, mm.Frame(3), mustAlloc(t, a))
	_, err := a.Alloc()
	require.ErrorIs(t, err, frame.ErrNoMemory)
	require.NoError(t, a.Free(3))
	require.Equal(t, mm.Frame(3), mustAlloc(t, a))
}

func TestAnEmptyMachineHasNoFrames(t *testing.T) {
	a := machine(0)
	_, err := a.Alloc()
	require.ErrorIs(t, err, frame.ErrNoMemory)
	_, err = a.AllocContiguous(1, 1, 0)
	require.ErrorIs(t, err, frame.ErrNoMemory)
	require.ErrorIs(t, a.Free(0), frame.ErrNotManaged)
	require.Equal(t, frame.NotRAM, a.State(0))
	require.Zero(t, a.Stats())
}

func TestFreeRefusesWhatWasNotHandedOut(t *testing.T) {
	a := machine(4*mib, mm.PhysRange{Start: mib, End: 2 * mib})
	a.Reserve(mm.PhysRange{Start: mib, End: mib + 1})
	f := mustAlloc(t, a)
	require.NoError(t, a.Free(f))
	before := a.Stats()
	require.ErrorIs(t, a.Free(f), frame.ErrDoubleFree)
	require.ErrorIs(t, a.Free(mm.PhysAddr(mib).Frame()), frame.ErrNotManaged, "reserved")
	require.ErrorIs(t, a.Free(mm.PhysAddr(3*mib).Frame()), frame.ErrNotManaged, "a hole")
	require.ErrorIs(t, a.Free(mm.PhysAddr(4*mib).Frame()), frame.ErrNotManaged, "beyond the end")
	require.ErrorIs(t, a.Free(1<<52), frame.ErrNotManaged)
	require.Equal(t, before, a.Stats())
}

func TestFreeingARunFreesAllOrNothing(t *testing.T) {
	a := machine(4*mib, mm.PhysRange{Start: mib, End: 2 * mib})
	f, err := a.AllocContiguous(200, 1, 0)
	require.NoError(t, err)
	require.NoError(t, a.Free(f+130))
	before := a.Stats()
	require.ErrorIs(t, a.FreeContiguous(f, 200), frame.ErrDoubleFree)
	require.ErrorIs(t, a.FreeContiguous(f-1, 3), frame.ErrNotManaged)
	require.ErrorIs(t, a.FreeContiguous(f, 1000), frame.ErrNotManaged)
	require.Equal(t, before, a.Stats())
	require.NoError(t, a.FreeContiguous(f, 130))
	require.NoError(t, a.FreeContiguous(f+131, 69))
	require.Zero(t, a.Stats().Used)
}

func TestReservedFramesAreTakenOutWhicheverCallIsFirst(t *testing.T) {
	kernel := mm.PhysRange{Start: mib + 0x800, End: mib + 0x2001} // touches three frames
	ram := mm.PhysRange{Start: mib, End: 2 * mib}
	before, after := machine(4*mib), machine(4*mib, ram)
	before.Reserve(kernel)
	before.AddRange(ram)
	after.Reserve(kernel)
	for _, a := range []*frame.Allocator{before, after} {
		a.Reserve(kernel)
		a.AddRange(ram)
		require.Equal(t, frame.Stats{Total: 256, Free: 253, Reserved: 3, LowFree: 253}, a.Stats())
		require.Equal(t, frame.Reserved, a.State(0x102))
		require.Equal(t, frame.Free, a.State(0x103))
		require.Equal(t, mm.Frame(0x103), mustAlloc(t, a))
	}
}

func TestAUsedFrameThatIsReservedCannotBeFreed(t *testing.T) {
	a := allRAM(mib)
	f := mustAlloc(t, a)
	a.Reserve(mm.PhysRange{Start: f.Addr(), End: f.Addr() + 1})
	require.ErrorIs(t, a.Free(f), frame.ErrNotManaged)
	require.Equal(t, frame.Reserved, a.State(f))
	require.Zero(t, a.Stats().Used)
}

func TestRangesAtTheEndOfTheAddressSpaceDoNoHarm(t *testing.T) {
	a := machine(4 * mib)
	a.AddRange(mm.PhysRange{Start: 2*mib + 1, End: ^mm.PhysAddr(0)})
	a.Reserve(mm.PhysRange{Start: 3 * mib, End: ^mm.PhysAddr(0)})
	a.Reserve(mm.PhysRange{Start: 3 * mib, End: 2 * mib})
	require.Equal(t, frame.Stats{Total: 511, Free: 255, Reserved: 256, LowFree: 255}, a.Stats())
}

func TestStatsAndStatesFollowAFrame(t *testing.T) {
	a := allRAM(17 * mib)
	require.Equal(t, frame.Stats{Total: 4352, Free: 4351, Reserved: 1, LowFree: 4095}, a.Stats())
	f := mustAlloc(t, a)
	require.Equal(t, frame.Used, a.State(f))
	require.NoError(t, a.Free(f))
	require.Equal(t, frame.Free, a.State(f))
	_, err := a.AllocContiguous(10, 1, frame.LowEnd)
	require.NoError(t, err)
	require.Equal(t, frame.Stats{
		Total: 4352, Free: 4341, Used: 10, Reserved: 1, LowFree: 4085, Peak: 10, Allocs: 11, Frees: 1,
	}, a.Stats())
	require.Equal(t, frame.NotRAM, a.State(a.Top()))
	require.Equal(t, "not RAM, reserved, used, free",
		frame.NotRAM.String()+", "+frame.Reserved.String()+", "+frame.Used.String()+", "+frame.Free.String())
}

func TestRunsPreferHighMemoryButMayReachOverItsStart(t *testing.T) {
	a := allRAM(17 * mib)
	f, err := a.AllocContiguous(100, 64, 0)
	require.NoError(t, err)
	require.Equal(t, frame.LowEnd, f.Addr())
	f, err = a.AllocContiguous(200, 1, 0)
	require.NoError(t, err)
	require.Equal(t, mm.Frame(1), f, "only 156 are left above")
	require.NoError(t, a.FreeContiguous(frame.LowEnd.Frame(), 100))
	f, err = a.AllocContiguous(4000, 1, 0)
	require.NoError(t, err)
	require.Equal(t, mm.Frame(201), f)
}

func TestRunsEndAtTheLimitAtTheLatest(t *testing.T) {
	a := allRAM(32 * mib)
	f, err := a.AllocContiguous(16, 16, mib)
	require.NoError(t, err)
	require.Equal(t, mm.Frame(16), f)
	_, err = a.AllocContiguous(256, 256, 2*mib-1)
	require.ErrorIs(t, err, frame.ErrNoMemory)
	f, err = a.AllocContiguous(256, 256, 2*mib)
	require.NoError(t, err)
	require.Equal(t, mm.Frame(256), f)
}

func TestTheLargestRunIsFoundWhereverItLies(t *testing.T) {
	a := machine(8 * mib)
	first, n := a.LargestRun()
	require.Zero(t, first)
	require.Zero(t, n)
	for _, r := range [][2]mm.PhysAddr{{10, 20}, {60, 70}, {100, 228}, {300, 427}} {
		a.AddRange(mm.PhysRange{Start: r[0] * mm.PageSize, End: r[1] * mm.PageSize})
	}
	first, n = a.LargestRun()
	require.Equal(t, mm.Frame(100), first)
	require.EqualValues(t, 128, n)
	_, err := a.AllocContiguous(n+1, 1, 0)
	require.ErrorIs(t, err, frame.ErrNoMemory)
	f, err := a.AllocContiguous(n, 1, 0)
	require.NoError(t, err)
	require.Equal(t, first, f)
}

func TestStorageIsThirtyFiveBitsAFrame(t *testing.T) {
	require.Equal(t, 0, frame.StorageWords(0))
	require.Equal(t, 35, frame.StorageWords(1))
	require.Equal(t, 35, frame.StorageWords(64))
	require.Equal(t, 35*2+1, frame.StorageWords(65))
	require.Equal(t, 35*64+1, frame.StorageWords(4096))
	require.Equal(t, 35*65+2+1, frame.StorageWords(4097))
	require.Panics(t, func() { new(frame.Allocator).Init(make([]uint64, 2), 64) })
}

// lock counts, and complains when it is taken twice.
type lock struct {
	t     *testing.T
	held  bool
	taken int
}

func (l *lock) Lock() uint64 {
	require.False(l.t, l.held)
	l.held = true
	l.taken++
	return 0x1234
}

func (l *lock) Unlock(flags uint64) {
	require.True(l.t, l.held)
	require.EqualValues(l.t, 0x1234, flags)
	l.held = false
}

func TestEveryOperationTakesTheLockOnceAndGivesItBack(t *testing.T) {
	a := allRAM(mib)
	l := &lock{t: t}
	a.Locker = l
	f := mustAlloc(t, a)
	for i, operation := range []func(){
		func() { require.NoError(t, a.Free(f)) },
		func() { require.Error(t, a.Free(f)) },
		func() { require.Error(t, a.Free(0)) },
		func() { require.Error(t, a.FreeContiguous(f, 1)) },
		func() { require.Error(t, a.FreeContiguous(0, 1)) },
		func() { require.Error(t, a.FreeContiguous(1, 1000)) },
		func() { _, err := a.AllocContiguous(255, 1, 0); require.NoError(t, err) },
		func() { _, err := a.AllocContiguous(1, 1, 0); require.Error(t, err) },
		func() { _, err := a.Alloc(); require.Error(t, err) },
		func() { _, _, err := a.AllocRun(3); require.Error(t, err) },
		func() { require.NoError(t, a.FreeContiguous(1, 255)) },
		func() { a.AddRange(mm.PhysRange{Start: 0, End: mib}) },
		func() { a.Reserve(mm.PhysRange{Start: 0, End: mib}) },
		func() { a.Stats() },
		func() { a.State(1) },
		func() { a.LargestRun() },
	} {
		before := l.taken
		operation()
		require.False(t, l.held, "operation %d", i)
		require.Equal(t, before+1, l.taken, "operation %d", i)
	}
}

func TestNothingAllocatesHeapMemory(t *testing.T) {
	a := allRAM(32 * mib)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		f, _ := a.Alloc()
		_ = a.Free(f)
		_ = a.Free(f) // an error
		f, n, _ := a.AllocRun(100)
		_ = a.FreeContiguous(f, n)
		f, _ = a.AllocContiguous(100, 32, 0)
		_ = a.FreeContiguous(f, 100)
		_, _ = a.AllocContiguous(1, 1, 1)
		a.AddRange(mm.PhysRange{Start: 0, End: mib})
		a.Reserve(mm.PhysRange{Start: 0, End: mib})
		_, _ = a.LargestRun()
		_ = a.Stats()
		_ = a.State(f)
	}))
}

func TestAllocRunTakesWhatIsFreeInARow(t *testing.T) {
	a := machine(32*mib, mm.PhysRange{Start: 0x1000, End: 0x3000}, mm.PhysRange{Start: 17 * mib, End: 18 * mib})
	first := mm.PhysAddr(17 * mib).Frame()
	a.Reserve(mm.PhysRange{Start: (first + 100).Addr(), End: (first + 101).Addr()})
	for _, want := range []struct {
		ask   uint64
		first mm.Frame
		n     uint64
	}{
		{30, first, 30},
		{200, first + 30, 70},
		{1, first + 101, 1},
		{1000, first + 102, 154},
		{5, 1, 2},
	} {
		f, n, err := a.AllocRun(want.ask)
		require.NoError(t, err)
		require.Equal(t, want.first, f)
		require.Equal(t, want.n, n)
		require.NoError(t, a.Verify())
	}
	_, _, err := a.AllocRun(1)
	require.ErrorIs(t, err, frame.ErrNoMemory)
	_, _, err = a.AllocRun(0)
	require.ErrorIs(t, err, frame.ErrSize)
	require.NoError(t, a.FreeContiguous(first, 100))
	s := a.Stats()
	require.EqualValues(t, 258-1-100, s.Used, "1 is reserved")
	require.EqualValues(t, 257, s.Allocs)
}
