// Package mmiotest has two fakes of mmio.Space for tests: Space, a script and
// a log, for registers; and RAM, for memory that remembers.
package mmiotest

import (
	"encoding/binary"
	"fmt"

	"vitrine/drivers/mmio"
)

// Space answers each load at an offset with the next value of its script; the
// last value stays. An offset without a script reads as all ones, as an empty
// bus does.
type Space struct {
	Reads map[uint64][]uint64
	Log   []string // one entry a store, value in its width: "10<-00000041"

	// OnStore, if set, sees each store, so that a fake device can react.
	OnStore func(offset, v uint64)
}

var _ mmio.Space = (*Space)(nil)

func (s *Space) load(offset uint64) uint64 {
	script := s.Reads[offset]
	if len(script) == 0 {
		return ^uint64(0)
	}
	if len(script) > 1 {
		s.Reads[offset] = script[1:]
	}
	return script[0]
}

func (s *Space) store(offset, v uint64, digits int) {
	s.Log = append(s.Log, fmt.Sprintf("%x<-%0*x", offset, digits, v))
	if s.OnStore != nil {
		s.OnStore(offset, v)
	}
}

// Load8 returns the next value of the offset's script.
func (s *Space) Load8(offset uint64) uint8 { return uint8(s.load(offset)) }

// Load16 returns the next value of the offset's script.
func (s *Space) Load16(offset uint64) uint16 { return uint16(s.load(offset)) }

// Load32 returns the next value of the offset's script.
func (s *Space) Load32(offset uint64) uint32 { return uint32(s.load(offset)) }

// Load64 returns the next value of the offset's script.
func (s *Space) Load64(offset uint64) uint64 { return s.load(offset) }

// Store8 logs a byte.
func (s *Space) Store8(offset uint64, v uint8) { s.store(offset, uint64(v), 2) }

// Store16 logs two bytes.
func (s *Space) Store16(offset uint64, v uint16) { s.store(offset, uint64(v), 4) }

// Store32 logs four bytes.
func (s *Space) Store32(offset uint64, v uint32) { s.store(offset, uint64(v), 8) }

// Store64 logs eight bytes.
func (s *Space) Store64(offset uint64, v uint64) { s.store(offset, v, 16) }

// RAM is memory: what was stored is loaded. An access beyond its end panics.
type RAM []byte

var _ mmio.Space = RAM(nil)

// Load8 reads one byte.
func (r RAM) Load8(offset uint64) uint8 { return r[offset] }

// Load16 reads two bytes.
func (r RAM) Load16(offset uint64) uint16 { return binary.LittleEndian.Uint16(r[offset:]) }

// Load32 reads four bytes.
func (r RAM) Load32(offset uint64) uint32 { return binary.LittleEndian.Uint32(r[offset:]) }

// Load64 reads eight bytes.
func (r RAM) Load64(offset uint64) uint64 { return binary.LittleEndian.Uint64(r[offset:]) }

// Store8 writes one byte.
func (r RAM) Store8(offset uint64, v uint8) { r[offset] = v }

// Store16 writes two bytes.
func (r RAM) Store16(offset uint64, v uint16) { binary.LittleEndian.PutUint16(r[offset:], v) }

// Store32 writes four bytes.
func (r RAM) Store32(offset uint64, v uint32) { binary.LittleEndian.PutUint32(r[offset:], v) }

// Store64 writes eight bytes.
func (r RAM) Store64(offset uint64, v uint64) { binary.LittleEndian.PutUint64(r[offset:], v) }
