//go:build tamago && derived

package start

import (
	"io"
	"runtime"
	"runtime/pprof"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// With more Ps than processors there are more Ms with work than can run. One of
// them looks again and again whether another, which has no processor, is ready:
// the sweeper for who else sweeps. So Ms have to take turns.
func TestCollectionsEndWithFewerProcessorsThanTheRuntimeThinks(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	done := make(chan bool)
	go func() {
		for range 40 {
			runtime.GC()
		}
		close(done)
	}()
	<-done
}

// Who collects a profile waits as in a system call.
func TestAGoroutineWaitsOnASystemStack(t *testing.T) {
	require.NoError(t, pprof.StartCPUProfile(io.Discard))
	time.Sleep(300 * time.Millisecond)
	pprof.StopCPUProfile()
}

func TestAProgramKnowsTheDate(t *testing.T) {
	require.Greater(t, time.Now().Year(), 2024)
}

func TestRandomBytesForTheStackStayThere(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(10, func() {
		var b [32]byte
		GetRandomData(b[:])
	}))
}

func TestAGoroutineThatHasCalledLockOSThreadStartsThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(16))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var wait sync.WaitGroup
	for range 64 {
		wait.Go(func() { time.Sleep(time.Millisecond) })
	}
	wait.Wait()
}
