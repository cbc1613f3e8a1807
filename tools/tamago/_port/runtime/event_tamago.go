// Interrupt events, an extension of the hook contract.
//
// An interrupt handler cannot ready a goroutine: it may have interrupted the
// scheduler. So it only sets a bit in a word, and the scheduler looks at the
// word at every pass and whenever goos.Idle returns. No runtime code runs in
// interrupt context. Rejected: readying from the handler, which would need
// interrupts to be off in the whole scheduler.

//go:build tamago

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

var (
	eventWord    atomic.UnsafePointer // *uint32; nil: nobody has ever waited
	eventWaiting atomic.Uint32        // 1: eventG is parked
	eventG       guintptr
)

// EventWait parks the calling goroutine until *word is not zero, then returns
// its bits and clears them. There may be one waiter in the system, and it
// always waits for the same word.
func EventWait(word *uint32) uint32 {
	netpollGenericInit()
	eventWord.StoreNoWB(unsafe.Pointer(word))
	for {
		if v := atomic.Xchg(word, 0); v != 0 {
			return v
		}
		gopark(eventPark, nil, waitReasonIOWait, traceBlockNet, 1)
	}
}

// eventPark runs on g0, when gp has been parked. A bit that was set in the
// meantime is found by the scheduler's next pass.
func eventPark(gp *g, _ unsafe.Pointer) bool {
	eventG.set(gp)
	eventWaiting.Store(1)
	return true
}

// eventPending reports whether a goroutine waits for bits that are set. A
// goos.Idle that finds this true (by linkname, interrupts off) must return;
// bits for which nobody waits are no reason to: EventWait looks at them
// before it parks.
//
//go:nosplit
func eventPending() bool {
	p := (*uint32)(eventWord.Load())
	return p != nil && eventWaiting.Load() != 0 && atomic.Load(p) != 0
}

// eventTake claims the parked waiter if it has something to do.
func eventTake() *g {
	if !eventPending() || !eventWaiting.CompareAndSwap(1, 0) {
		return nil
	}
	return eventG.ptr()
}

// eventPoll is called by findRunnable, with a P.
func eventPoll() {
	threadPoll()
	if gp := eventTake(); gp != nil {
		ready(gp, 0, true)
	}
}
