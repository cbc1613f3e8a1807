// Package porttest has a scripted ioport.Space for tests: what reads return is
// written down beforehand, what was written is logged.
package porttest

import (
	"fmt"

	"vitrine/drivers/ioport"
)

// Space answers each read of a port with the next value of its script; the
// last value stays. A port without a script reads as all ones, as an empty
// bus does.
type Space struct {
	Reads map[uint16][]uint32
	Log   []string // one entry a write: "3f8<-41"

	// OnWrite, if set, sees each write, so that a fake device can react.
	OnWrite func(port uint16, v uint32)
}

var _ ioport.Space = (*Space)(nil)

func (s *Space) read(port uint16) (uint32, bool) {
	script, ok := s.Reads[port]
	if !ok || len(script) == 0 {
		return 0, false
	}
	if len(script) > 1 {
		s.Reads[port] = script[1:]
	}
	return script[0], true
}

func (s *Space) write(port uint16, v uint32, format string) {
	s.Log = append(s.Log, fmt.Sprintf("%x<-"+format, port, v))
	if s.OnWrite != nil {
		s.OnWrite(port, v)
	}
}

// In8 returns the next byte of the port's script.
func (s *Space) In8(port uint16) uint8 {
	if v, ok := s.read(port); ok {
		return uint8(v)
	}
	return 0xff
}

// In16 returns the next word of the port's script.
func (s *Space) In16(port uint16) uint16 {
	if v, ok := s.read(port); ok {
		return uint16(v)
	}
	return 0xffff
}

// In32 returns the next double word of the port's script.
func (s *Space) In32(port uint16) uint32 {
	if v, ok := s.read(port); ok {
		return v
	}
	return 0xffff_ffff
}

// Out8 logs a byte.
func (s *Space) Out8(port uint16, v uint8) { s.write(port, uint32(v), "%02x") }

// Out16 logs a word.
func (s *Space) Out16(port uint16, v uint16) { s.write(port, uint32(v), "%04x") }

// Out32 logs a double word.
func (s *Space) Out32(port uint16, v uint32) { s.write(port, v, "%08x") }
