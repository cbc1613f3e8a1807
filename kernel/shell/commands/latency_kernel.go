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

// latency measures how long it takes from an interrupt to its goroutine, on a
// line that no device uses, whose gate it enters by an INT instruction.
type latency struct {
	line *interrupts.Line
	at   atomic.Int64 // when the top half ran
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

// interruptLatency raises an interrupt, waits for it in a goroutine, and tells
// how long that took.
//
// Errors: those of interrupts.Register, errNoWakeUp. Context: a goroutine.
func interruptLatency() (time.Duration, error) {
	l, err := theLatency()
	if err != nil {
		return 0, err
	}
	return l.sample()
}

// canInterrupt tells that interruptLatency works here.
const canInterrupt = true

// sample waits in one goroutine while another one raises the interrupt.
func (l *latency) sample() (time.Duration, error) {
	woken := make(chan int64, 1)
	ready := make(chan struct{})
	go func() {
		close(ready)
		select {
		case <-l.line.Fired():
			woken <- clock.Nanotime()
		case <-time.After(time.Second):
			woken <- 0
		}
	}()
	<-ready
	time.Sleep(50 * time.Microsecond) // let it wait
	enterLine11()
	end := <-woken
	if end == 0 {
		return 0, errNoWakeUp
	}
	return time.Duration(end - l.at.Load()), nil
}
