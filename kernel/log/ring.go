package log

import (
	"sync"
	"sync/atomic"
)

// Size is the number of bytes that a Ring keeps, headers included.
const Size = 64 << 10

// Longest source and text of a record in bytes; what is longer is cut.
const (
	MaxSource = 31
	MaxText   = 992
)

// maxSpins bounds the wait for the ring's lock. Whoever holds it has
// interrupts off and copies at most a kilobyte, so only a writer that
// interrupted the holder (an NMI, a fault) waits in vain; its record is
// dropped and counted.
const maxSpins = 1 << 20

// Ring keeps the most recent records in a fixed array. The zero value is an
// empty ring, ready to use.
//
// The records lie one after the other and run around the end of the array:
//
//	data  ... | header source text | header source text | free ... | header ...
//	                                                    ^ head     ^ tail
//
// head and tail count bytes since boot and only grow; modulo Size they are
// positions in data. A header is 12 bytes, little-endian:
//
//	0  length of the text (16 bits)
//	2  level (8 bits)
//	3  length of the source (8 bits)
//	4  time in nanoseconds since boot (64 bits)
type Ring struct {
	lock    atomic.Uint32
	head    uint64        // where the next record goes
	tail    uint64        // where the oldest record starts
	written uint64        // records ever written
	oldest  uint64        // the number of the record at tail
	dropped atomic.Uint64 // records that found the lock taken
	data    [Size]byte

	mu        sync.Mutex // guards followers
	followers []chan<- struct{}
}

const (
	headerSize = 12
	mask       = Size - 1
)

// Write adds a record.
//
// Context: any. Does not allocate.
func (r *Ring) Write(level Level, source, text string) {
	r.put(level, source, text, nil)
	if Wake != nil {
		Wake()
	}
}

// WriteValue adds a record with a number after the text, in hexadecimal.
//
// Context: any. Does not allocate.
func (r *Ring) WriteValue(level Level, source, text string, value uint64) {
	var buf [19]byte
	r.put(level, source, text, hex(&buf, value))
	if Wake != nil {
		Wake()
	}
}

// put stores a record whose text is text followed by tail.
func (r *Ring) put(level Level, source, text string, tail []byte) {
	var now int64
	if Now != nil {
		now = Now()
	}
	source = source[:min(len(source), MaxSource)]
	text = text[:min(len(text), MaxText-len(tail))]
	length := len(text) + len(tail)

	flags, ok := r.acquire()
	if !ok {
		return
	}
	r.reserve(headerSize + len(source) + length)
	r.byte(uint8(length))
	r.byte(uint8(length >> 8))
	r.byte(uint8(level))
	r.byte(uint8(len(source)))
	for shift := 0; shift < 64; shift += 8 {
		r.byte(uint8(now >> shift))
	}
	r.append(source)
	r.append(text)
	for _, c := range tail {
		r.byte(c)
	}
	r.release(flags)
}

// hex writes " 0x" and value's digits to the end of buf and returns them.
func hex(buf *[19]byte, value uint64) []byte {
	i := len(buf)
	for {
		i--
		buf[i] = "0123456789abcdef"[value&15]
		if value >>= 4; value == 0 {
			break
		}
	}
	i -= copy(buf[i-3:], " 0x")
	return buf[i:]
}

// acquire disables interrupts and takes the lock. If it cannot have the lock
// it counts a dropped record and returns false, with interrupts restored.
func (r *Ring) acquire() (flags uint64, ok bool) {
	if InterruptsOff != nil {
		flags = InterruptsOff()
	}
	for range maxSpins {
		if r.lock.CompareAndSwap(0, 1) {
			return flags, true
		}
	}
	r.dropped.Add(1)
	if InterruptsRestore != nil {
		InterruptsRestore(flags)
	}
	return 0, false
}

// What follows runs under the lock, so it is nosplit: a function prologue could
// let another goroutine run, which would then wait for the lock with
// interrupts off.

// reserve gives up the oldest records until n bytes are free.
//
//go:nosplit
func (r *Ring) reserve(n int) {
	for r.head+uint64(n)-r.tail > Size {
		r.tail += r.lengthAt(r.tail)
		r.oldest++
	}
	r.written++
}

// lengthAt returns the size in bytes of the record at offset at.
//
//go:nosplit
func (r *Ring) lengthAt(at uint64) uint64 {
	text := uint64(r.data[at&mask]) | uint64(r.data[(at+1)&mask])<<8
	return headerSize + text + uint64(r.data[(at+3)&mask])
}

//go:nosplit
func (r *Ring) byte(b uint8) {
	r.data[r.head&mask] = b
	r.head++
}

//go:nosplit
func (r *Ring) append(s string) {
	n := copy(r.data[r.head&mask:], s)
	copy(r.data[:], s[n:])
	r.head += uint64(len(s))
}

// read copies the bytes at offset at to b.
//
//go:nosplit
func (r *Ring) read(b []byte, at uint64) {
	n := copy(b, r.data[at&mask:])
	copy(b[n:], r.data[:])
}

//go:nosplit
func (r *Ring) release(flags uint64) {
	r.lock.Store(0)
	if InterruptsRestore != nil {
		InterruptsRestore(flags)
	}
}

// Stats is a ring's account of itself.
type Stats struct {
	Written uint64 // records ever written
	Kept    uint64 // records that can still be read
	Dropped uint64 // records that found the ring busy and were not stored
	Bytes   uint64 // bytes in use, of Size
}

// Overwritten returns how many records have given way to newer ones.
func (s Stats) Overwritten() uint64 { return s.Written - s.Kept }

// Stats returns the ring's figures. Context: any.
func (r *Ring) Stats() Stats {
	s := Stats{Dropped: r.dropped.Load()}
	if flags, ok := r.acquire(); ok {
		s.Written, s.Kept, s.Bytes = r.written, r.written-r.oldest, r.head-r.tail
		r.release(flags)
	}
	return s
}
