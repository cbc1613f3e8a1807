package commands

import (
	"runtime"
	"sync/atomic"
	"time"

	"vitrine/kernel/log"
	"vitrine/kernel/trace"
)

// goBenchmarks measure the runtime, and what every part of the kernel uses.
func (m *Machine) goBenchmarks() []benchmark {
	ring, set, point := new(log.Ring), new(trace.Set), trace.New("bench", "")
	set.Add(point)
	return []benchmark{
		{name: "clock.now", what: "read the clock", run: func(n int) error {
			for range n {
				keep(time.Now().Nanosecond())
			}
			return nil
		}},
		{name: "heap.alloc", what: "a Go object of 64 bytes", run: func(n int) error {
			for range n {
				keepPointer(new([64]byte))
			}
			return nil
		}},
		{name: "heap.gc", what: "collect garbage", most: 20, run: func(n int) error {
			for range n {
				runtime.GC()
			}
			return nil
		}},
		{name: "goroutine.switch", what: "from one goroutine to another", run: benchSwitch},
		{name: "goroutine.start", what: "start a goroutine and see it end", run: benchStart},
		{name: "chan.roundtrip", what: "there and back over two channels", run: benchRoundTrip},
		{name: "timer.late", what: "how late a sleep of 1 ms ends", most: 100, sample: func() (time.Duration, error) {
			start := time.Now()
			time.Sleep(time.Millisecond)
			return time.Since(start) - time.Millisecond, nil
		}},
		{name: "log.write", what: "a record of 32 bytes", run: func(n int) error {
			for range n {
				ring.Write(log.Info, "bench", "thirty-two bytes in one sentence")
			}
			return nil
		}},
		{name: "trace.off", what: "a trace point that is off", run: func(n int) error {
			set.Switch("bench", false)
			for range n {
				point.Record(0, 1, 2, 3)
			}
			return nil
		}},
		{name: "trace.on", what: "a trace point that is on", run: func(n int) error {
			set.Switch("bench", true)
			for range n {
				point.Record(0, 1, 2, 3)
			}
			return nil
		}},
	}
}

// keep and keepPointer use a value, as far as the compiler can tell: without
// them it would leave out what makes the value.
//
//go:noinline
func keep(int) {}

//go:noinline
func keepPointer(p *[64]byte) { kept.Store(p) }

var kept atomic.Pointer[[64]byte]

// benchSwitch lets two goroutines give way to each other n times in all.
func benchSwitch(n int) error {
	done := make(chan struct{})
	for range 2 {
		go func() {
			for range n / 2 {
				runtime.Gosched()
			}
			done <- struct{}{}
		}()
	}
	<-done
	<-done
	return nil
}

func benchStart(n int) error {
	done := make(chan struct{})
	for range n {
		go func() { done <- struct{}{} }()
		<-done
	}
	return nil
}

func benchRoundTrip(n int) error {
	there, back := make(chan int), make(chan int)
	defer close(there)
	go func() {
		for v := range there {
			back <- v
		}
	}()
	for i := range n {
		there <- i
		<-back
	}
	return nil
}
