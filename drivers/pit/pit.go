// Package pit drives the 8254, the timer of every PC.
//
// It counts at 1.193182 MHz: a third of the colour carrier of American
// television, which the first PC's only crystal served. Three 16-bit channels:
//
//	channel 0  output to IRQ 0: the kernel's one-shot timer
//	channel 1  refreshed memory once; unused
//	channel 2  gated by port 0x61: measures other clocks (Calibrate)
//
// A channel is programmed by a control word and then its count, low byte first:
//
//	 7     6 5      4 3    1  0
//	| channel | access | mode | BCD |
//
// Mode 0 is "interrupt on terminal count": the output goes low with the control
// word, stays low while the channel counts, and goes high at zero. So there is
// one interrupt and then silence, which is what an idle machine wants. It comes
// one tick after as many ticks as the count says.
//
// Locking: none; call Timer's methods with interrupts off. Allocation: none.
//
// The manual is the data sheet "8254 Programmable Interval Timer" (Intel).
package pit

import "vitrine/drivers/ioport"

// Hz is the rate at which all channels count down.
const Hz = 1_193_182

// MaxNanoseconds is the longest time that 16 bits can count: 54.9 ms.
const MaxNanoseconds = 0xffff * 1_000_000_000 / Hz

// Ports, and the parts of the control word that are used here.
const (
	portChannel0 uint16 = 0x40
	portChannel2 uint16 = 0x42
	portControl  uint16 = 0x43
	portGate     uint16 = 0x61 // system control port B

	gateOpen    uint8 = 1 << 0 // channel 2 counts
	gateSpeaker uint8 = 1 << 1 // channel 2's output moves the loudspeaker
	gateOutput  uint8 = 1 << 5 // channel 2's output

	channel0 uint8 = 0 << 6
	channel2 uint8 = 2 << 6
	latch    uint8 = 0 << 4 // remember the count, for reading
	lowHigh  uint8 = 3 << 4 // the count comes in two bytes
	oneShot  uint8 = 0 << 1 // mode 0: the output goes high at zero
	repeat   uint8 = 2 << 1 // mode 2: it begins again
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

// Nanoseconds returns how long ticks counts take, rounded down.
func Nanoseconds(ticks uint16) int64 { return int64(ticks) * 1_000_000_000 / Hz }

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
// less. It replaces what was ordered before. Three writes to ports.
//
// Context: interrupts off, handlers too; does not allocate.
func (t *Timer) Arm(ns int64) {
	n := Ticks(ns)
	t.io.Out8(portControl, channel0|lowHigh|oneShot)
	t.io.Out8(portChannel0, uint8(n))
	t.io.Out8(portChannel0, uint8(n>>8))
}

// Stop makes the timer interrupt no more: in mode 0 it does not count until it
// has been given a count. One interrupt can still come, if it was on its way;
// QEMU even lets the one come that Arm ordered last.
//
// Context: as Arm.
func (t *Timer) Stop() { t.io.Out8(portControl, channel0|lowHigh|oneShot) }
