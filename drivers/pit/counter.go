package pit

import "vitrine/drivers/ioport"

// Counter is channel 2, going round and round: a clock to compare others with.
// Its 16 bits wrap every 54.9 ms. Nobody may use Calibrate, or make the
// loudspeaker sound, while it counts.
type Counter struct{ io ioport.Space }

// NewCounter returns the counter behind io. It touches no hardware.
func NewCounter(io ioport.Space) Counter { return Counter{io} }

// Start lets the channel count. Mode 2 is "rate generator": it begins again by
// itself.
//
// Context: any; does not allocate.
func (c *Counter) Start() {
	c.io.Out8(portGate, c.io.In8(portGate)&^gateSpeaker|gateOpen)
	c.io.Out8(portControl, channel2|lowHigh|repeat)
	c.io.Out8(portChannel2, 0) // 65,536
	c.io.Out8(portChannel2, 0)
}

// Read returns how many ticks have passed, in 16 bits.
//
// Context: any, but one caller at a time; does not allocate. Three accesses to
// ports: some microseconds.
func (c *Counter) Read() uint64 {
	c.io.Out8(portControl, channel2|latch)
	low := c.io.In8(portChannel2)
	high := c.io.In8(portChannel2)
	return uint64(-(uint16(high)<<8 | uint16(low))) // it counts down
}
