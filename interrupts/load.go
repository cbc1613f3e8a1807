package interrupts

import "sync/atomic"

// Load is a snapshot of what a processor has done since it started.
type Load struct {
	Started   int64 // when that was, in nanoseconds
	Asleep    int64 // nanoseconds halted
	Idle      bool  // it is halted now
	Halts     uint64
	Flushes   uint64 // times that it emptied its TLB
	Timer     uint64 // interrupts: of its timer, and of the machine's
	Device    uint64 // of devices
	Wakes     uint64 // messages: there is work
	Requests  uint64 // messages: empty the TLB; one that was not waited for counts, too
	Exception uint64
}

// timerIRQ is the line of the machine's own timer, the 8254.
const timerIRQ = 0

// Load returns what c has done. now is the time in nanoseconds.
//
// Context: any; does not allocate.
func (c *CPU) Load(now int64) (l Load) {
	l.Started = c.Started
	l.Asleep, l.Idle = c.Sleep.Total(now)
	l.Halts, l.Flushes = atomic.LoadUint64(&c.Halts), atomic.LoadUint64(&c.flushes)
	for v := range Vectors {
		n := c.Count(uint8(v))
		switch {
		case v < Exceptions:
			l.Exception += n
		case v == int(VectorTimer) || v == irqBase+timerIRQ:
			l.Timer += n
		case v < irqBase+irqLines:
			l.Device += n
		case v == int(VectorWake):
			l.Wakes += n
		case v == int(VectorFlush):
			l.Requests += n
		}
	}
	return l
}
