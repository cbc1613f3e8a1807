//go:build tamago

package commands

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"vitrine/interrupts"
	"vitrine/kernel/clock"
)

// onMachine tells that this is the kernel, and not a test of it on the host.
const onMachine = true

// latency measures how long it takes from an interrupt to its top half and its
// goroutine, on a line that no device uses, whose gate it enters by an INT
// instruction. So what keeps interrupts off somewhere else is not in it.
type latency struct {
	line   *interrupts.Line
	raised atomic.Int64 // when the instruction was executed
	at     atomic.Int64 // when the top half ran
	wanted atomic.Bool  // whoever makes the load is to raise it
}

// enterLine11 enters the gate of IRQ 11.
func enterLine11()

var errNoWakeUp = errors.New("the goroutine was not woken")

// theLatency takes IRQ 11 when it is first asked for, and keeps it.
var theLatency = sync.OnceValues(func() (*latency, error) {
	l := new(latency)
	line, err := interrupts.Register(11, "bench", func() { l.at.Store(clock.Nanotime()) })
	l.line = line
	return l, err
})

// raise executes the interrupt.
func (l *latency) raise() {
	l.raised.Store(clock.Nanotime())
	enterLine11()
}

// interruptLatency raises an interrupt, waits for it in a goroutine, and tells
// how long that took from its top half on.
//
// Errors: those of interrupts.Register, errNoWakeUp. Context: a goroutine.
func interruptLatency() (time.Duration, error) {
	l, err := theLatency()
	if err != nil {
		return 0, err
	}
	return l.sample()
}

// topHalfLatency raises an interrupt and tells how long it took to its top half:
// the entry, and reading the clock once.
func topHalfLatency() (time.Duration, error) {
	l, err := theLatency()
	if err != nil {
		return 0, err
	}
	l.raise()
	<-l.line.Fired()
	return l.toTop(), nil
}

func (l *latency) toTop() time.Duration { return time.Duration(l.at.Load() - l.raised.Load()) }

// sample waits in one goroutine while another one raises the interrupt.
func (l *latency) sample() (time.Duration, error) {
	woken := make(chan int64, 1)
	ready := make(chan struct{})
	go func() {
		close(ready)
		woken <- l.await()
	}()
	<-ready
	time.Sleep(50 * time.Microsecond) // let it wait
	l.raise()
	return l.since(<-woken)
}

// await waits for the interrupt and returns when that was; 0: it never came.
func (l *latency) await() int64 {
	select {
	case <-l.line.Fired():
		return clock.Nanotime()
	case <-time.After(5 * time.Second):
		return 0
	}
}

// since returns how long it was from the top half to end.
func (l *latency) since(end int64) (time.Duration, error) {
	if end == 0 {
		return 0, errNoWakeUp
	}
	return time.Duration(end - l.at.Load()), nil
}

// garbage is what the load has allocated last.
var garbage atomic.Pointer[[1024]byte]

// interruptLoad starts a goroutine that allocates for ever, and raises the
// interrupt in the middle of that when somebody wants it.
func interruptLoad() (end func(), err error) {
	l, err := theLatency()
	if err != nil {
		return nil, err
	}
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		for n := 0; !stop.Load(); n++ {
			garbage.Store(new([1024]byte))
			if n%128 == 0 && l.wanted.CompareAndSwap(true, false) {
				l.raise()
			}
		}
		close(done)
	}()
	return func() { stop.Store(true); <-done }, nil
}

// loadLatency is interruptLatency under the load.
func loadLatency() (time.Duration, error) {
	l, err := theLatency()
	if err != nil {
		return 0, err
	}
	l.wanted.Store(true)
	return l.since(l.await())
}

// loadTopHalf is topHalfLatency under the load.
func loadTopHalf() (time.Duration, error) {
	if _, err := loadLatency(); err != nil {
		return 0, err
	}
	l, err := theLatency()
	return l.toTop(), err
}
