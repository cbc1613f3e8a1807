package pit

import "vitrine/drivers/ioport"

// Calibrate measures the rate of a counter, such as the time-stamp counter, in
// Hz: it reads it before and after channel 2 has counted down ms milliseconds
// (1 to 50).
//
// Errors:  ErrDead if the channel does not count, ErrRange for less than 1 MHz.
// Context: interrupts off, before the runtime is up; does not allocate. It
// takes ms milliseconds.
func Calibrate(io ioport.Space, counter func() uint64, ms int) (hz uint64, err error) {
	n := Ticks(int64(ms) * 1_000_000)
	gate := io.In8(portGate)
	io.Out8(portGate, gate&^3|1) // gate open, speaker off
	io.Out8(portControl, channel2|lowHigh|oneShot)
	io.Out8(portChannel2, uint8(n))
	io.Out8(portChannel2, uint8(n>>8)) // counts from here
	start := counter()
	for polls := 0; io.In8(portGate)&0x20 == 0; polls++ {
		if polls == maxPolls {
			return 0, ErrDead
		}
	}
	elapsed := counter() - start
	io.Out8(portGate, gate)
	hz = elapsed * Hz / uint64(n)
	if hz < 1_000_000 {
		return 0, ErrRange
	}
	return hz, nil
}

// maxPolls bounds the wait: a port takes about a microsecond to read on real
// hardware, so this is a second or more.
const maxPolls = 1 << 20
