package ps2

import "sync/atomic"

// ringSize is a power of two, so that masking an index keeps it in the array.
// It holds what a person types in ten seconds.
const ringSize = 256

// ring carries bytes from the interrupt handler to a goroutine without a lock:
// one side only pushes, the other only pops, and each index is stored by one
// side only.
//
//	      tail            head
//	       v               v
//	| .  . | a  b  c  d  e | .  .  . |
//	  pop ->          push ->
//
// The indices count on without wrapping to 0; the place of index i is i modulo
// the size. head == tail is empty, head - tail == ringSize is full.
type ring struct {
	slots    [ringSize]slot
	head     atomic.Uint32
	tail     atomic.Uint32
	overruns atomic.Uint64
	gap      bool // of the pushing side: a byte was lost since the last push
}

// slot is a byte and, in bit 8, whether bytes before it were lost.
type slot uint16

const gapBit slot = 1 << 8

func (s slot) data() uint8 { return uint8(s) }
func (s slot) isGap() bool { return s&gapBit != 0 }

// push appends b. If the ring is full, b is lost: it is counted, and the next
// byte that finds room is marked.
//
// Context: the interrupt handler. Does not allocate.
func (r *ring) push(b uint8) {
	head := r.head.Load()
	if head-r.tail.Load() == ringSize {
		r.overruns.Add(1)
		r.gap = true
		return
	}
	s := slot(b)
	if r.gap {
		s |= gapBit
		r.gap = false
	}
	r.slots[head%ringSize] = s
	r.head.Store(head + 1)
}

// pop takes the oldest byte out; ok is false if there is none. Where bytes were
// lost it first returns gapBit alone, and the byte at the next call.
//
// Context: a goroutine, one at a time. Does not allocate.
func (r *ring) pop() (s slot, ok bool) {
	tail := r.tail.Load()
	if tail == r.head.Load() {
		return 0, false
	}
	place := &r.slots[tail%ringSize]
	if place.isGap() {
		*place &^= gapBit
		return gapBit, true
	}
	s = *place
	r.tail.Store(tail + 1)
	return s, true
}

// drop empties the ring.
//
// Context: as pop.
func (r *ring) drop() { r.tail.Store(r.head.Load()) }

// fill returns how many bytes wait.
func (r *ring) fill() int { return int(r.head.Load() - r.tail.Load()) }
