package uart

import "sync/atomic"

// ringSize is a power of two, so that an index is made by masking.
const ringSize = 4096

// ring is a queue of bytes between a goroutine and a top half. One side only
// pushes, so head has one writer. Popping is safe from several sides, since a
// panic may empty a ring whose reader was stopped in the middle.
//
//	 tail            head
//	  |               |
//	[ a | b | c | d |   |   |   ]   both only grow; the mask makes them indexes
type ring struct {
	head, tail atomic.Uint32
	bytes      [ringSize]byte
}

// push adds c, or returns false if the ring is full.
func (r *ring) push(c byte) bool {
	head := r.head.Load()
	if head-r.tail.Load() >= ringSize {
		return false
	}
	r.bytes[head%ringSize] = c
	r.head.Store(head + 1)
	return true
}

// pop takes the oldest byte, or returns false if there is none.
func (r *ring) pop() (byte, bool) {
	for {
		tail := r.tail.Load()
		if tail == r.head.Load() {
			return 0, false
		}
		c := r.bytes[tail%ringSize]
		if r.tail.CompareAndSwap(tail, tail+1) {
			return c, true
		}
	}
}

// empty tells whether there is nothing to pop.
func (r *ring) empty() bool { return r.tail.Load() == r.head.Load() }

// len returns how many bytes wait.
func (r *ring) len() int { return int(r.head.Load() - r.tail.Load()) }
