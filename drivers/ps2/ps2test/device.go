package ps2test

import "time"

// Device is what keyboard and mouse have in common: a serial line on which a
// byte takes a millisecond, and ways to be broken.
type Device struct {
	Silent    bool          // it does not answer
	TestFails bool          // its self-test
	TestTime  time.Duration // how long its self-test takes
	Confused  int           // it answers "resend" to so many bytes
	Deaf      int           // it ignores so many bytes
	DeafAfter int           // it ignores all after so many bytes; 0: never
	Received  []uint8       // what it was told

	// ConfusedAfter so many bytes it answers "resend" to all; 0: never.
	ConfusedAfter int

	Enabled bool // it reports what happens

	line     []sent
	argument uint8 // the command that waits for its argument, or 0
}

// sent is a byte on the line, and when it arrives at the controller.
type sent struct {
	at time.Duration
	b  uint8
}

const byteTime = time.Millisecond

func (d *Device) ready(now time.Duration) bool { return len(d.line) > 0 && d.line[0].at <= now }

func (d *Device) take() uint8 {
	b := d.line[0].b
	d.line = d.line[1:]
	return b
}

// send puts bytes on the line, each a byte time after the one before.
func (d *Device) send(from time.Duration, bytes ...uint8) {
	for _, b := range bytes {
		if n := len(d.line); n > 0 {
			from = max(from, d.line[n-1].at)
		}
		from += byteTime
		d.line = append(d.line, sent{from, b})
	}
}

// hears notes a byte from the controller and tells whether the device
// understood it.
func (d *Device) hears(now time.Duration, b uint8) bool {
	d.Received = append(d.Received, b)
	switch {
	case d.Silent:
		return false
	case d.DeafAfter > 0 && len(d.Received) > d.DeafAfter:
		return false
	case d.ConfusedAfter > 0 && len(d.Received) > d.ConfusedAfter:
		d.send(now, 0xfe)
		return false
	case d.Deaf > 0:
		d.Deaf--
		return false
	case d.Confused > 0:
		d.Confused--
		d.send(now, 0xfe)
		return false
	}
	return true
}

// test sends the result of the self-test, and what comes after it.
func (d *Device) test(now time.Duration, after ...uint8) {
	d.Enabled = false
	d.argument = 0
	d.line = nil
	d.send(now, 0xfa)
	if d.TestFails {
		d.send(now+d.TestTime, 0xfc)
		return
	}
	d.send(now+d.TestTime, append([]uint8{0xaa}, after...)...)
}
