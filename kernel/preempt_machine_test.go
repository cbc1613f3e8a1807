//go:build tamago && derived

package kernel

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
	"vitrine/kernel/start"
	"vitrine/kernel/thread"
)

// On a busy host a processor of the machine stands still for as long as the host
// likes, and the clock goes on. So what is bounded is not time, but how many ticks
// of its own timer a processor takes until it gives way; only where time is
// counted in instructions (vit exec does so by default) is it time, too.
// (docs/decisions/0021-bounds-in-ticks.md)

// exact tells whether time is counted in instructions: the same work takes the
// same time, to the tick of the counter.
func exact() bool {
	flags := cpu.DisableInterrupts()
	defer cpu.SetFlags(flags)
	var took [8]uint64
	for i := range took {
		begin := cpu.OrderedTSC()
		for range 10_000 {
			cpu.Pause()
		}
		took[i] = cpu.OrderedTSC() - begin
	}
	return took == [8]uint64{took[0], took[0], took[0], took[0], took[0], took[0], took[0], took[0]}
}

// watched is the processors' timer. For each tick it notes what that interrupts.
type watched struct {
	thread.Timer
	on   atomic.Bool
	cpus [interrupts.MaxCPUs]struct {
		ticks     atomic.Uint64
		goroutine uint64 // the one that the last tick has found
		turn      uint32 // and which of its turns it was
		done      uint64 // by that loop, until then
		row, most int    // ticks in a row that found it at work; at most
		late      int    // ticks that found it at work for the third time, or more
		last      int64
		longest   int64 // from one tick to the next, in the same turn
	}
	done [256]struct { // what the loops have done, by the goroutine's number
		n uint64
		_ [7]uint64 // a cache line each
	}
}

var theWatch watched

// watchTicks puts theWatch in the timer's place.
func watchTicks(m *machine) error {
	theWatch.Timer = &m.apic.timer
	flags := cpu.DisableInterrupts()
	thread.SetTimer(&theWatch)
	cpu.SetFlags(flags)
	return nil
}

// Arm is called by each tick, to order the next, and when a processor becomes
// busy; then no goroutine runs there yet.
//
// Context: a handler, or interrupts off.
func (w *watched) Arm(ns int64) {
	w.Timer.Arm(ns)
	if ns != thread.Tick || !w.on.Load() {
		return
	}
	c := interrupts.Current()
	id, _, turn := start.ThreadGoroutine(thread.On(c))
	now, done, p := clock.Nanotime(), w.done[id%256].n, &w.cpus[c.Index]
	switch {
	case id == 0 || id != p.goroutine || turn != p.turn:
		p.row = 1
	case done == p.done: // it is on its way out, and the host has let that wait
	default:
		if p.row++; p.row > 2 {
			p.late++
		}
		p.longest = max(p.longest, now-p.last)
	}
	p.goroutine, p.turn, p.done = id, turn, done
	p.most, p.last = max(p.most, p.row), now
	p.ticks.Add(1)
}

// loop counts until it is told to stop. It calls nothing.
func (w *watched) loop(stop *atomic.Bool) {
	flags := cpu.DisableInterrupts()
	id, _, _ := start.ThreadGoroutine(thread.ID())
	cpu.SetFlags(flags)
	for n := &w.done[id%256].n; !stop.Load(); {
		*n++
	}
}

// watch counts anew while f runs.
func (w *watched) watch(f func()) {
	for i := range w.cpus {
		p := &w.cpus[i]
		p.ticks.Store(0)
		p.goroutine, p.turn, p.done, p.row, p.most, p.late, p.longest = 0, 0, 0, 0, 0, 0, 0
	}
	w.on.Store(true)
	f()
	w.on.Store(false)
}

// wait waits until each processor has ticked so often.
func (w *watched) wait(ticks uint64) {
	for i := range interrupts.Online() {
		for w.cpus[i].ticks.Load() < ticks {
			time.Sleep(time.Millisecond)
		}
	}
}

// TestTheSecondTickEndsATightLoop: within 20 ms, on every processor. There are
// more loops than processors, so each that gives way has a successor.
//
// With several processors one tick in ten may seem to come too late: a turn has
// a number of its P's, and when a P has gone to another processor, two turns may
// look like one.
func TestTheSecondTickEndsATightLoop(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection ends loops, too
	const ticks = 50
	timed := exact() && interrupts.Online() == 1
	t.Logf("time is counted in instructions: %v", timed)
	var stop atomic.Bool
	var wg sync.WaitGroup
	theWatch.watch(func() {
		for range 2*interrupts.Online() + 1 {
			wg.Go(func() { theWatch.loop(&stop) })
		}
		theWatch.wait(ticks)
	})
	stop.Store(true)
	wg.Wait()
	for i := range interrupts.Online() {
		p := &theWatch.cpus[i]
		t.Logf("processor %d: %d ticks, at most %d in a row for one loop, the longest %v", i, p.ticks.Load(), p.most, time.Duration(p.longest))
		if interrupts.Online() == 1 {
			require.LessOrEqual(t, p.most, 2, "ticks that found the same loop")
		}
		require.LessOrEqual(t, uint64(p.late), p.ticks.Load()/10, "ticks that found a loop for the third time, or more")
		require.LessOrEqual(t, 2*thread.Tick, int(20*time.Millisecond))
		if timed {
			require.LessOrEqual(t, 2*p.longest, int64(20*time.Millisecond), "from the loop's start to the second tick")
		}
	}
}

// TestTightLoopsDoNotHoldUpACollection, which stops all of them. That it ends is
// what counts.
func TestTightLoopsDoNotHoldUpACollection(t *testing.T) {
	var stop atomic.Bool
	var wg sync.WaitGroup
	for range interrupts.Online() {
		wg.Go(func() { theWatch.loop(&stop) })
	}
	begin := time.Now()
	runtime.GC()
	time.Sleep(time.Millisecond)
	t.Logf("collection and sleep took %v", time.Since(begin))
	stop.Store(true)
	wg.Wait()
}

// TestStateSurvivesPreemptionAndCollection works on all processors at once, while
// one collection follows the other, and looks at each result.
func TestStateSurvivesPreemptionAndCollection(t *testing.T) {
	const ticks, least = 40, 8
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	var stop atomic.Bool
	var wg sync.WaitGroup
	rounds, wrong := make([]atomic.Int64, len(kinds)), make([]atomic.Int64, len(kinds))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	theWatch.watch(func() {
		for range interrupts.Online() {
			for i, k := range kinds {
				wg.Go(func() {
					for {
						if k.work() != k.want {
							wrong[i].Add(1)
						}
						rounds[i].Add(1)
						if stop.Load() {
							return
						}
					}
				})
			}
		}
		wg.Go(func() {
			for !stop.Load() {
				runtime.GC()
				time.Sleep(time.Millisecond)
			}
		})
		theWatch.wait(ticks)
		for i := range rounds {
			for rounds[i].Load() < least {
				time.Sleep(time.Millisecond)
			}
		}
	})
	stop.Store(true)
	wg.Wait()
	runtime.ReadMemStats(&after)
	for i, k := range kinds {
		t.Logf("%s: %d rounds", k.name, rounds[i].Load())
		require.Zero(t, wrong[i].Load(), "%s: wrong results, of %d", k.name, rounds[i].Load())
	}
	t.Logf("%d collections", after.NumGC-before.NumGC)
	require.Greater(t, after.NumGC, before.NumGC)
}
