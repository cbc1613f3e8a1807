package commands

import (
	"errors"
	"runtime"
	"sync"

	"vitrine/interrupts"
	"vitrine/kernel/cpu"
)

// processorBenchmarks measure what several processors do with each other; there
// are none for one alone.
func (m *Machine) processorBenchmarks() []benchmark {
	n := runtime.GOMAXPROCS(0)
	if !onMachine || n < 2 {
		return nil
	}
	list := []benchmark{
		{name: "cpus.flush", what: "all other processors empty their TLBs, by a message, and say so", run: func(n int) error {
			for range n {
				interrupts.FlushOthers()
			}
			return nil
		}},
		{name: "cpus.chan", what: "there and back over two channels, between two processors", run: benchBetween},
	}
	if m.Frames != nil {
		list = append(list, benchmark{name: "cpus.frame", what: "allocate a frame and free it, all processors at once", unit: n, run: m.benchFrames})
	}
	return list
}

// benchBetween has two goroutines that never sleep, so each keeps a processor.
func benchBetween(n int) error {
	there, back := make(chan int, 1), make(chan int, 1)
	go func() {
		for range n {
			back <- poll(there)
		}
	}()
	for i := range n {
		there <- i
		poll(back)
	}
	return nil
}

// poll receives from c without going to sleep.
func poll(c <-chan int) int {
	for len(c) == 0 {
		cpu.Pause()
	}
	return <-c
}

// benchFrames has each processor allocate and free n frames.
func (m *Machine) benchFrames(n int) error {
	failed := make([]error, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range failed {
		wg.Go(func() { failed[i] = benchFrames(m.Frames, n) })
	}
	wg.Wait()
	return errors.Join(failed...)
}
