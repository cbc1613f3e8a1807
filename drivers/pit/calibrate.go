package pit

import "vitrine/drivers/ioport"

// Calibrate measures the rate of a counter, such as the time-stamp counter, in
// Hz: it compares it with channel 2 at the beginning and at the end of ms
// milliseconds (1 to 50; others are taken for the nearest).
//
// A virtual machine can lose the processor at any instruction, for longer than
// that. So neither end is "now": each is the best of several readings of both
// clocks, the one that took least, and how much time lies between the ends does
// not matter, as both clocks have run on. Calibrate measures twice, and if the
// two differ, once more, and takes the middle one.
//
// Errors:  ErrDead if the channel does not count, ErrRange if the rate is not
// between 1 MHz and 20 GHz.
// Context: interrupts off, before the runtime is up; does not allocate. It
// takes 2 to 3 times ms milliseconds, and if the timer is dead, about a million
// reads of a port: a second.
func Calibrate(io ioport.Space, counter func() uint64, ms int) (hz uint64, err error) {
	ticks := Ticks(int64(min(max(ms, 1), 50)) * 1_000_000)
	gate := io.In8(portGate)
	io.Out8(portGate, gate&^gateSpeaker|gateOpen)
	hz, err = measureTwice(io, counter, ticks)
	io.Out8(portGate, gate)
	if err != nil {
		return 0, err
	}
	return hz, nil
}

// What a counter's rate can be.
const (
	minHz = 1_000_000
	maxHz = 20_000_000_000
)

const (
	maxPolls  = 1 << 20 / 3 // readings until the channel is given up
	maxMissed = 3           // measurements that may be spoilt
	tries     = 8           // readings of which the best counts
)

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

// reading is both clocks at one moment.
type reading struct {
	count uint16 // of the channel, which counts down
	at    uint64 // of the counter, halfway between before and after
	width uint64 // how far the counter got meanwhile: the uncertainty
}

// read reads both clocks. The latch command makes the channel remember its
// count at that moment (8254 data sheet, "Counter Latch Command").
func read(io ioport.Space, counter func() uint64) reading {
	before := counter()
	io.Out8(portControl, channel2|latch)
	after := counter()
	low := io.In8(portChannel2)
	high := io.In8(portChannel2)
	width := after - before
	return reading{uint16(high)<<8 | uint16(low), before + width/2, width}
}

// best returns the best of several readings.
func best(io ioport.Space, counter func() uint64) reading {
	r := read(io, counter)
	for range tries - 1 {
		if next := read(io, counter); next.width < r.width {
			r = next
		}
	}
	return r
}

// measure returns the counter's rate, measured over at least ticks of channel
// 2. The channel starts at its highest count; its output goes high when it has
// reached 0, after which the count means nothing any more.
func measure(io ioport.Space, counter func() uint64, ticks uint16) (uint64, error) {
	for range maxMissed {
		io.Out8(portControl, channel2|lowHigh|oneShot)
		io.Out8(portChannel2, 0xff)
		io.Out8(portChannel2, 0xff) // counts from here
		start := best(io, counter)
		for polls := 0; start.count-read(io, counter).count < ticks; polls++ {
			if polls == maxPolls {
				return 0, ErrDead
			}
		}
		end := best(io, counter)
		if io.In8(portGate)&gateOutput != 0 {
			continue // too late, or nobody is there
		}
		counted := uint64(start.count - end.count)
		elapsed := end.at - start.at
		if elapsed > counted*(maxHz/Hz) || elapsed < counted*minHz/Hz {
			return 0, ErrRange
		}
		return elapsed * Hz / counted, nil
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
