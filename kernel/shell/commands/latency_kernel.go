//go:build tamago

package commands

import (
	"errors"
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

// NewLatency takes IRQ 11 and returns a function that raises an interrupt on
// it, waits for it in a goroutine, and tells how long that took. It is what
// Machine.Latency wants.
//
// Errors: those of interrupts.Register. Context: a goroutine.
func NewLatency() (func() (time.Duration, error), error) {
	l := new(latency)
	line, err := interrupts.Register(11, "bench", func() { l.at.Store(clock.Nanotime()) })
	if err != nil {
		return nil, err
	}
	l.line = line
	return l.sample, nil
}

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
