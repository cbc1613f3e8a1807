package clock

import (
	"runtime"
	"sync"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// register is a counter in memory.
type register struct{ low, high uint32 }

func (r *register) set(v uint64) { r.low, r.high = uint32(v), uint32(v>>32) }

// newRegister returns a counter in memory, and its place.
func newRegister(t *testing.T, bits int) (*register, Place) {
	r := new(register)
	t.Cleanup(func() { runtime.KeepAlive(r) })
	return r, Memory(mm.VirtAddr(uintptr(unsafe.Pointer(r))), bits)
}

// onTSC returns a clock that counts the TSC's ticks as nanoseconds.
func onTSC() *timebase {
	b := &timebase{hz: 1_000_000_000}
	b.change(state{origin: cpu.TSC(), multiplier: Multiplier(1_000_000_000)}, never)
	return b
}

func TestAPlaceIsReadInItsWidth(t *testing.T) {
	for bits, want := range map[int]uint64{64: 0x1122_3344_5566_7788, 32: 0x5566_7788, 24: 0x66_7788} {
		r, p := newRegister(t, bits)
		r.set(0x1122_3344_5566_7788)
		require.Equal(t, want, p.Read())
		require.Equal(t, bits, p.Bits())
	}
	p := TSC()
	require.Equal(t, 64, p.Bits())
	before := cpu.TSC()
	require.Greater(t, p.Read(), before)
}

func TestANarrowCounterIsExtended(t *testing.T) {
	r, p := newRegister(t, 24)
	r.set(0xff_fff0)
	var b timebase
	b.use(p, 1_000_000_000)
	for i, step := range []struct {
		counter uint64
		want    int64
	}{
		{0xff_fff0, 0},
		{0xff_ffff, 15},
		{0x00_0000, 16},
		{0x00_0010, 32},
		{0x00_000e, 32}, // another processor's reading, which is late
		{0x70_0000, 0x70_0010},
		{0xe0_0000, 0xe0_0010},
		{0x00_0001, 0x100_0011},
	} {
		r.set(step.counter)
		require.Equal(t, step.want, b.now(), "step %d", i)
	}
}

func TestTheLongestSleepMissesNoRound(t *testing.T) {
	var b timebase
	_, p := newRegister(t, 24)
	b.use(p, 3_579_545)
	require.InDelta(t, 1.757e9, b.longest, 1e6)
	_, p = newRegister(t, 32)
	b.use(p, 100_000_000)
	require.InDelta(t, 16.1e9, b.longest, 1e8)
	_, p = newRegister(t, 64)
	b.use(p, 100_000_000)
	require.Equal(t, int64(never), b.longest)
	require.Equal(t, int64(never), LongestSleep(), "the TSC never wraps")
}

func TestAnotherCounterGoesOnWhereTheFirstOneWas(t *testing.T) {
	r, slow := newRegister(t, 32)
	q, fast := newRegister(t, 64)
	var b timebase
	r.set(1000)
	b.use(slow, 1_000_000)
	r.set(1500)
	require.Equal(t, int64(500_000), b.now())
	q.set(77_777)
	b.use(fast, 100_000_000)
	require.Equal(t, int64(500_000), b.now())
	q.set(77_777 + 100)
	require.Equal(t, int64(501_000), b.now())
}

func TestATimeBeforeTheBeginningIsTheBeginning(t *testing.T) {
	r, p := newRegister(t, 64)
	r.set(1000)
	var b timebase
	b.use(p, 1_000_000_000)
	r.set(999) // another processor's counter, which is behind
	require.Zero(t, b.now())
}

func TestTheRateIsCorrectedWithoutAJump(t *testing.T) {
	b := onTSC()
	before := b.now()
	b.setRate(2_000_000_000)
	middle := b.now()
	require.GreaterOrEqual(t, middle, before)
	require.Less(t, middle-before, int64(1_000_000_000), "no jump")
	require.Equal(t, uint64(2_000_000_000), b.hz)
	require.Equal(t, Multiplier(2_000_000_000), b.states[b.generation&1].multiplier)

	r, p := newRegister(t, 64)
	b.use(p, 1_000_000_000)
	at := b.now()
	b.setRate(3_000_000_000)
	r.set(10)
	require.Equal(t, at+10, b.now(), "another clock has another rate")
	require.Equal(t, uint64(3_000_000_000), b.hz)
}

func TestTimeDoesNotGoBackWhileTheClockChanges(t *testing.T) {
	if raceDetector {
		t.Skip("a reader may see a half that is being written, and then looks again: the race detector cannot know")
	}
	b := onTSC()
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			for last := int64(0); ; runtime.Gosched() {
				for range 100 {
					now := b.now()
					if now < last {
						t.Errorf("%d after %d", now, last)
						return
					}
					last = now
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for i := range uint64(2000) {
		b.setRate(1_000_000_000 + i%7*100_000)
		if i%50 == 0 {
			runtime.Gosched()
		}
	}
	close(stop)
	wait.Wait()
}

func TestReadingTheClockDoesNotAllocate(t *testing.T) {
	_, p := newRegister(t, 24)
	b := onTSC()
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_, _ = Nanotime(), Uptime()
		b.setRate(1_000_000_000)
		b.use(p, 1_000_000_000)
		_ = b.now()
		b.use(TSC(), 1_000_000_000)
	}))
}

func BenchmarkNanotime(b *testing.B) {
	for b.Loop() {
		Nanotime()
	}
}
