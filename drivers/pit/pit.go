// Package pit drives the 8254, the timer of every PC.
//
// It counts at 1.193182 MHz: a third of the colour carrier of American
// television, which the first PC's only crystal served. Three 16-bit channels:
//
//	channel 0  output to IRQ 0: the kernel's one-shot timer
//	channel 1  refreshed memory once; unused
//	channel 2  gated by port 0x61: measures other clocks (Calibrate)
//
// The manual is the 8254 data sheet (Intel).
package pit

import "vitrine/drivers/ioport"

// Hz is the rate at which all channels count down.
const Hz = 1_193_182

// MaxNanoseconds is the longest time that 16 bits can count: 54.9 ms.
const MaxNanoseconds = 0xffff * 1_000_000_000 / Hz

// Ports, and the control word: channel, access, mode.
const (
	portChannel0 uint16 = 0x40
	portChannel2 uint16 = 0x42
	portControl  uint16 = 0x43
	portGate     uint16 = 0x61 // bit 0: gate of channel 2, 1: speaker, 5: output

	channel0 uint8 = 0 << 6
	channel2 uint8 = 2 << 6
	lowHigh  uint8 = 3 << 4 // the count comes in two bytes
	oneShot  uint8 = 0 << 1 // mode 0: the output goes high at zero
)

// Error is an error of this package.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// The errors.
const (
	ErrDead  Error = "pit: the timer does not count"
	ErrRange Error = "pit: the measured rate is not plausible"
)

// Timer is channel 0 as a one-shot timer.
type Timer struct{ io ioport.Space }

// New returns the timer behind io. It touches no hardware.
func New(io ioport.Space) *Timer { return &Timer{io: io} }

// Ticks returns how many counts ns nanoseconds are, at least 1 and at most
// 65,535, rounded up so that the timer is never early.
func Ticks(ns int64) uint16 {
	switch {
	case ns <= 0:
		return 1
	case ns >= MaxNanoseconds:
		return 0xffff
	}
	return uint16((ns*Hz + 999_999_999) / 1_000_000_000)
}

// Arm makes the timer interrupt once, in ns nanoseconds; in 54.9 ms if that is
// less.
//
// Context: interrupts off, handlers too; does not allocate.
func (t *Timer) Arm(ns int64) {
	n := Ticks(ns)
	t.io.Out8(portControl, channel0|lowHigh|oneShot)
	t.io.Out8(portChannel0, uint8(n))
	t.io.Out8(portChannel0, uint8(n>>8))
}

// Stop makes the timer interrupt no more: in mode 0 it does not count until it
// has been given a count.
//
// Context: as Arm.
func (t *Timer) Stop() { t.io.Out8(portControl, channel0|lowHigh|oneShot) }
