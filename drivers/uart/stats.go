package uart

import "sync/atomic"

// counters are what Stats reads.
type counters struct {
	interrupts, received, sent, dropped, overruns, parity, framing, breaks atomic.Uint64
}

// Stats tells what a line has seen since New.
type Stats struct {
	Interrupts uint64 // calls of Interrupt
	Received   uint64 // bytes taken into the ring
	Sent       uint64 // bytes sent through the ring
	Dropped    uint64 // bytes that came while the ring was full
	Overruns   uint64 // times that the chip lost bytes, its FIFO being full
	Parity     uint64 // bytes with a wrong parity bit
	Framing    uint64 // bytes without a stop bit
	Breaks     uint64 // times that the line was held low
}

// Stats returns the counters.
//
// Context: any; never allocates.
func (p *Port) Stats() Stats {
	c := &p.counters
	return Stats{
		Interrupts: c.interrupts.Load(), Received: c.received.Load(), Sent: c.sent.Load(),
		Dropped: c.dropped.Load(), Overruns: c.overruns.Load(), Parity: c.parity.Load(),
		Framing: c.framing.Load(), Breaks: c.breaks.Load(),
	}
}

// lineStatus reads the LSR and counts the errors in it; reading clears them.
func (p *Port) lineStatus() lineStatus {
	s := p.status()
	if s == emptyBus {
		return s
	}
	if s&overrunError != 0 {
		p.counters.overruns.Add(1)
	}
	if s&parityError != 0 {
		p.counters.parity.Add(1)
	}
	if s&framingError != 0 {
		p.counters.framing.Add(1)
	}
	if s&breakSignal != 0 {
		p.counters.breaks.Add(1)
	}
	return s
}
