package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/goos"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"
)

func arguments() error {
	if len(os.Args) != 2 || os.Args[1] != "all" {
		return fmt.Errorf("os.Args = %q", os.Args)
	}
	return nil
}

func heap() error {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	words := map[int][]byte{}
	for i := range 400_000 {
		words[i%1000] = make([]byte, 500+i%3)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if len(words) != 1000 || after.NumGC <= before.NumGC {
		return fmt.Errorf("%d words, %d collections", len(words), after.NumGC-before.NumGC)
	}
	return nil
}

func heapHooks() error {
	big := make([]byte, 64<<20)
	runtime.KeepAlive(big)
	debug.FreeOSMemory()
	big = make([]byte, 64<<20)
	runtime.KeepAlive(big)
	if goos.Grown < 64<<20 || goos.Unused < 64<<20 || goos.Used == 0 {
		return fmt.Errorf("grown %d, unused %d, used again %d bytes", goos.Grown, goos.Unused, goos.Used)
	}
	return nil
}

func sleep() error {
	start := time.Now()
	time.Sleep(30 * time.Millisecond)
	if d := time.Since(start); d < 30*time.Millisecond || d > time.Second {
		return fmt.Errorf("30 ms took %v", d)
	}
	return nil
}

func wallTime() error {
	date := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	runtime.SetWallTime(date.UnixNano())
	if d := time.Since(date); d < 0 || d > time.Second || time.Now().Location().String() != "UTC" {
		return fmt.Errorf("%v is %v off", time.Now(), d)
	}
	return nil
}

func randomNumbers() error {
	a, b := make([]byte, 16), make([]byte, 16)
	rand.Read(a)
	rand.Read(b)
	if slices.Equal(a, b) {
		return fmt.Errorf("%x twice", a)
	}
	return nil
}

// preemption hangs if a loop without calls cannot be interrupted.
func preemption() error {
	var stop atomic.Bool
	started := make(chan bool)
	go func() {
		close(started)
		for !stop.Load() {
		}
	}()
	<-started
	runtime.Gosched()
	time.Sleep(20 * time.Millisecond)
	stop.Store(true)
	return nil
}

func events() error {
	start := time.Now()
	for range 3 {
		if bits := runtime.EventWait(&goos.Pending); bits != 1 {
			return fmt.Errorf("bits %x", bits)
		}
	}
	if d := time.Since(start); d > time.Second {
		return fmt.Errorf("three ticks of 10 ms took %v", d)
	}
	return nil
}

func illegal()
func divide()
func breakpoint()

func exceptions() error {
	var none *int
	var nonsense func()
	for _, c := range []struct {
		want  string
		fault func()
	}{
		{"nil pointer dereference", func() { *none = 1 }},
		{"nil pointer dereference", func() { poke(0xdead_beef_000) }},
		{"nil pointer dereference", func() { poke(0xdead_0000_0000_0000) }},
		{"nil pointer dereference", func() { nonsense() }},
		{"integer divide by zero", divide},
		{"SIGILL: illegal instruction", illegal},
	} {
		if err := catch(c.fault); err == nil || !strings.Contains(err.Error(), c.want) {
			return fmt.Errorf("got %v, want %s", err, c.want)
		}
	}
	var addr interface{ Addr() uintptr }
	if err := catch(func() { poke(0xdead_beef_000) }); !errors.As(err, &addr) || addr.Addr() != 0xdead_beef_000 {
		return fmt.Errorf("%v does not tell its address", err)
	}
	return nil
}

// catch returns the runtime error of f.
func catch(f func()) (err error) {
	defer func() { err, _ = recover().(runtime.Error) }()
	f()
	return nil
}

//go:linkname trapTraceback runtime.trapTraceback
func trapTraceback(gp unsafe.Pointer, pc, sp uintptr) bool

// tracebacks prints stacks; the test looks at them.
func tracebacks() error {
	if trapTraceback(nil, 0, 0) {
		return errors.New("nil has a stack")
	}
	parked := make(chan bool)
	go parkedGoroutine(parked)
	<-parked
	debug.SetTraceback("all") // else only the stack that was stopped
	stopHere()
	parked <- true
	return nil
}

func parkedGoroutine(c chan bool) {
	c <- true
	<-c
}

//go:noinline
func stopHere() { breakpoint() }

//go:noinline
func crash() {
	var p *int
	*p = 1
}
