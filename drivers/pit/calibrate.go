package pit

import "vitrine/drivers/ioport"

// Calibrate measures the rate of a counter, such as the time-stamp counter, in
// Hz: it reads it before and after channel 2 has counted down ms milliseconds
// (1 to 50; others are taken for the nearest).
//
// One measurement may be wrong: a virtual machine can lose the processor at
// any instruction. So Calibrate measures twice, and if the two differ, once
// more, and takes the middle one.
//
// Errors:  ErrDead if the channel does not count, ErrRange if the rate is not
// between 1 MHz and 20 GHz.
// Context: interrupts off, before the runtime is up; does not allocate. It
// takes 2 to 3 times ms milliseconds, and if the timer is dead, 1,048,576
// reads of a port: about a second.
func Calibrate(io ioport.Space, counter func() uint64, ms int) (hz uint64, err error) {
	ticks := Ticks(int64(min(max(ms, 1), 50)) * 1_000_000)
	gate := io.In8(portGate)
	io.Out8(portGate, gate&^gateSpeaker|gateOpen)
	elapsed, err := measureTwice(io, counter, ticks)
	io.Out8(portGate, gate)
	switch {
	case err != nil:
		return 0, err
	case elapsed > maxHz/Hz*uint64(ticks): // the next line could wrap
		return 0, ErrRange
	}
	hz = elapsed * Hz / uint64(ticks)
	if hz < minHz {
		return 0, ErrRange
	}
	return hz, nil
}

// What a counter's rate can be.
const (
	minHz = 1_000_000
	maxHz = 20_000_000_000
)

// maxPolls bounds the wait. A port takes about a microsecond to read on real
// hardware, and no less than 100 ns in an emulator.
const maxPolls = 1 << 20

// maxMissed is how often a measurement may be spoilt before it begins.
const maxMissed = 3

// measureTwice measures twice and, if in doubt, a third time.
func measureTwice(io ioport.Space, counter func() uint64, ticks uint16) (uint64, error) {
	a, err := measure(io, counter, ticks)
	if err != nil {
		return 0, err
	}
	b, err := measure(io, counter, ticks)
	if err != nil || agree(a, b) {
		return b, err
	}
	c, err := measure(io, counter, ticks)
	return middle(a, b, c), err
}

// measure returns how far the counter gets in ticks of channel 2. The output
// is low while the channel counts and high when it is done; if it is never
// seen low, the start was missed, or there is no timer.
func measure(io ioport.Space, counter func() uint64, ticks uint16) (uint64, error) {
	for range maxMissed {
		io.Out8(portControl, channel2|lowHigh|oneShot)
		io.Out8(portChannel2, uint8(ticks))
		io.Out8(portChannel2, uint8(ticks>>8)) // counts from here
		start := counter()
		if io.In8(portGate)&gateOutput != 0 {
			continue
		}
		for range maxPolls {
			if io.In8(portGate)&gateOutput != 0 {
				return counter() - start, nil
			}
		}
		return 0, ErrDead
	}
	return 0, ErrDead
}

// agree tells whether two measurements differ by less than a two-thousandth.
func agree(a, b uint64) bool {
	return max(a, b)-min(a, b) <= max(a, b)/2048
}

// middle returns the one of three numbers that is neither the least nor the
// greatest.
func middle(a, b, c uint64) uint64 {
	return max(min(a, b), min(max(a, b), c))
}
