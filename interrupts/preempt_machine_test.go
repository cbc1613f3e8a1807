//go:build tamago && derived

package interrupts_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestATightLoopIsPreempted(t *testing.T) {
	var spins uint64
	stop := new(atomic.Bool)
	go func() {
		for x := uint64(0); ; x++ { // no call, no allocation
			if x&0xfffff == 0 && stop.Load() {
				return
			}
			spins = x
		}
	}()
	begin := time.Now()
	for range 3 {
		time.Sleep(time.Millisecond)
	}
	waited := time.Since(begin)
	stop.Store(true)
	require.Less(t, waited, 2*time.Second, "three sleeps beside a loop that never calls")
	t.Logf("three sleeps of 1 ms took %v beside %d rounds", waited, spins)
}
