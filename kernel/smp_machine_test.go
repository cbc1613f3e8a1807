//go:build tamago && derived

package kernel

import (
	"crypto/sha256"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
	"vitrine/kernel/start"
	"vitrine/mm"
	"vitrine/mm/paging"
)

// The test binary brings the processors up as the boot list does. How many
// there are, the runner decides: vit exec --smp 4.
func TestMain(m *testing.M) {
	for _, stage := range []func(*machine) error{
		(*machine).startMemory, (*machine).startACPI, (*machine).startAPIC, watchTicks, (*machine).startProcessors,
	} {
		if err := stage(&theMachine); err != nil {
			fmt.Println("cannot start:", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func TestAllProcessorsComeUp(t *testing.T) {
	var want int
	for _, p := range theMachine.apic.madt.Processors {
		if p.Enabled {
			want++
		}
	}
	require.Equal(t, want, interrupts.Online())
	require.Equal(t, want, runtime.GOMAXPROCS(0))
}

func TestTheLowerHalfIsEmptyAgain(t *testing.T) {
	_, found := start.Space.Next(0, mm.UserEnd-1)
	require.False(t, found)
}

// here returns the processor that runs this.
func here() uint64 {
	flags := cpu.DisableInterrupts()
	defer cpu.SetFlags(flags)
	return interrupts.Current().Index
}

func TestGoroutinesRunOnAllProcessors(t *testing.T) {
	n := int64(interrupts.Online())
	var seen [interrupts.MaxCPUs]atomic.Bool
	var count atomic.Int64
	onAll(func() {
		for count.Load() < n { // or the test's time is over
			if !seen[here()].Swap(true) {
				count.Add(1)
			}
		}
	})
	require.Equal(t, n, count.Load())
}

// TestNoWorkWaitsForAProcessorThatSleeps gives each processor a loop, again and
// again. None of the loops ends before all have begun, so a processor that sleeps
// through its part stops everything.
func TestNoWorkWaitsForAProcessorThatSleeps(t *testing.T) {
	const rounds = 30
	n := int64(interrupts.Online())
	for range rounds {
		var begun, ended atomic.Int64
		for range n - 1 {
			go func() {
				for begun.Add(1); begun.Load() < n; { // no call
				}
				ended.Add(1)
			}()
		}
		for begun.Add(1); begun.Load() < n; { // this goroutine takes part
		}
		for ended.Load() < n-1 {
			time.Sleep(time.Duration(n) * 10 * time.Microsecond)
		}
	}
}

// ticking tells whether the timer of the processor that runs this is armed.
func ticking() bool {
	flags := cpu.DisableInterrupts()
	defer cpu.SetFlags(flags)
	return interrupts.Current().Ticking
}

// TestWhoRunsGoroutinesTicks has processors fall asleep and wake in all ways,
// and looks whether one of them runs a goroutine without a timer: nothing would
// ever take the processor away from that.
func TestWhoRunsGoroutinesTicks(t *testing.T) {
	var silent, rounds atomic.Int64
	end := time.Now().Add(time.Second)
	var wg sync.WaitGroup
	look := func() {
		if !ticking() {
			silent.Add(1)
		}
		rounds.Add(1)
	}
	for i := range 2 * interrupts.Online() {
		c := make(chan int)
		wg.Go(func() {
			for n := time.Duration(i); time.Now().Before(end); n++ {
				time.Sleep((1 + n*7%50) * 10 * time.Microsecond)
				look()
				c <- 0
				interrupts.FlushOthers() // ends halts for no reason
			}
			close(c)
		})
		wg.Go(func() {
			for range c {
				look()
			}
		})
	}
	wg.Wait()
	t.Logf("%d looks", rounds.Load())
	require.Zero(t, silent.Load(), "goroutines on a processor without a tick, of %d", rounds.Load())
}

// TestUnmappedPagesAreGoneEverywhere maps a page, lets all processors read it,
// unmaps it and looks whether any can still read it.
func TestUnmappedPagesAreGoneEverywhere(t *testing.T) {
	const rounds = 50
	for range rounds {
		f, err := start.Frames.Alloc()
		require.NoError(t, err)
		start.Space.Zero(f)
		v := mm.ScratchBase
		require.NoError(t, start.Space.Map(v, f.Addr(), mm.PageSize, paging.Writable|paging.NoExecute|paging.Global, paging.Pages4K))
		onAll(func() { _ = *(*byte)(v.Pointer()) })
		require.NoError(t, start.Space.Unmap(v, mm.PageSize))
		var still atomic.Int32
		onAll(func() {
			defer func() { _ = recover() }()
			_ = *(*byte)(v.Pointer())
			still.Add(1)
		})
		require.Zero(t, still.Load(), "processors that still have the page")
		require.NoError(t, start.Frames.Free(f))
	}
}

// TestAFlushWaitsForWhoDoesNotListen has one processor compute with interrupts
// off, while another one takes a mapping away from all.
func TestAFlushWaitsForWhoDoesNotListen(t *testing.T) {
	if interrupts.Online() == 1 {
		t.Skip("there is nobody to wait for")
	}
	const long = 5_000_000 // nanoseconds
	for range 20 {
		var begun, ended atomic.Bool
		done := make(chan struct{})
		go func() {
			flags := cpu.DisableInterrupts()
			begun.Store(true)
			for begin := clock.Nanotime(); clock.Nanotime()-begin < long; {
			}
			ended.Store(true)
			cpu.SetFlags(flags)
			close(done)
		}()
		for !begun.Load() {
			runtime.Gosched()
		}
		interrupts.FlushOthers()
		require.True(t, ended.Load(), "who asked went on before all had answered")
		<-done
	}
}

// onAll runs f in many goroutines at once.
func onAll(f func()) {
	var wg sync.WaitGroup
	for range 2 * interrupts.Online() {
		wg.Go(f)
	}
	wg.Wait()
}

// flushes returns how often processors have emptied their TLBs.
func flushes() (n uint64) {
	for i := range interrupts.Online() {
		n += interrupts.CPUs[i].Load(0).Flushes
	}
	return n
}

// TestStress does everything at once and checks every result.
func TestStress(t *testing.T) {
	var rounds, bad [7]atomic.Int64
	end := time.Now().Add(2 * time.Second)
	var wg sync.WaitGroup
	work := func(kind int, f func() bool) {
		for range 2 {
			wg.Go(func() {
				for {
					if !f() {
						bad[kind].Add(1)
					}
					rounds[kind].Add(1)
					if time.Now().After(end) {
						return
					}
				}
			})
		}
	}
	work(0, func() bool { // floating point
		f := 0.0
		for i := 1; i < 300000; i++ {
			f += 1 / float64(i)
		}
		return f > 13.18875 && f < 13.18876
	})
	zeros := sha256.Sum256(make([]byte, 30000))
	work(1, func() bool { // vector registers
		return sha256.Sum256(make([]byte, 30000)) == zeros
	})
	work(2, func() bool { // maps, allocation, collection
		m := map[int]*int{}
		for i := range 2000 {
			m[i] = &i
		}
		n := 0
		for i, p := range m {
			n += *p - i
		}
		return n == 0
	})
	work(3, func() bool { // strings
		s := strings.Repeat("abcdefgh", 2000)
		return strings.Count(s, "ha") == 1999
	})
	work(4, func() bool { // channels and timers
		c := make(chan int)
		go func() { time.Sleep(50 * time.Microsecond); c <- 7 }()
		select {
		case v := <-c:
			return v == 7
		case <-time.After(time.Hour): // on a busy host, seconds are nothing
			return false
		}
	})
	var page atomic.Uint64
	work(5, func() bool { // mapping, with messages to all processors
		f, err := start.Frames.Alloc()
		if err != nil {
			return false
		}
		v := mm.ScratchBase + mm.VirtAddr(page.Add(1)%1024*mm.PageSize)
		if start.Space.Map(v, f.Addr(), mm.PageSize, paging.Writable|paging.NoExecute|paging.Global, paging.Pages4K) != nil {
			return start.Frames.Free(f) == nil
		}
		*(*uint64)(v.Pointer()) = 42
		ok := *(*uint64)(v.Pointer()) == 42
		return ok && start.Space.Unmap(v, mm.PageSize) == nil && start.Frames.Free(f) == nil
	})
	work(6, func() bool { // storms of messages
		const storm = 50
		before := flushes()
		for range storm {
			interrupts.FlushOthers()
			for i := range interrupts.Online() {
				interrupts.CPUs[i].Wake()
			}
		}
		return flushes()-before >= storm*uint64(interrupts.Online()-1)
	})
	wg.Wait()
	for i := range rounds {
		t.Logf("kind %d: %d rounds", i, rounds[i].Load())
		require.NotZero(t, rounds[i].Load())
		require.Zero(t, bad[i].Load(), "wrong results of kind %d", i)
	}
}
