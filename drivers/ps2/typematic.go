package ps2

import "time"

// Typematic says how a key that is held repeats.
type Typematic struct {
	Delay  time.Duration // until the first repetition: 250 ms to 1 s
	Period time.Duration // from one repetition to the next: 33 ms to 500 ms
}

// DefaultTypematic is what a keyboard does after a reset: 10.9 repetitions a
// second, from half a second after the press on.
var DefaultTypematic = decodeTypematic(0x2b)

// The byte that a keyboard is told:
//
//	   7   6   5   4   3   2   1   0
//	|  0 | delay |   b   |     a     |
//
// The delay is (delay+1) * 250 ms, the period (8+a) * 2^b / 240 s.
func decodeTypematic(code uint8) Typematic {
	a, b := time.Duration(code&7), code>>3&3
	return Typematic{
		Delay:  time.Duration(code>>5&3+1) * 250 * time.Millisecond,
		Period: (8 + a) << b * time.Second / 240,
	}
}

// encode returns the byte whose meaning is nearest to t.
func (t Typematic) encode() uint8 {
	var best uint8
	for code := range uint8(0x80) {
		if t.distance(decodeTypematic(code)) < t.distance(decodeTypematic(best)) {
			best = code
		}
	}
	return best
}

// distance of delay and period, each of which can be chosen alone.
func (t Typematic) distance(o Typematic) time.Duration {
	return (t.Delay - o.Delay).Abs() + (t.Period - o.Period).Abs()
}

// Nearest returns what a keyboard can do that is nearest to t.
func (t Typematic) Nearest() Typematic { return decodeTypematic(t.encode()) }
