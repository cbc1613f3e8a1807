package uart

// fifoSize is how many bytes the transmitter takes when it is empty.
const fifoSize = 16

// maxServices bounds the work of one interrupt, should the chip never be
// content. It is more than a full ring needs.
const maxServices = 1024

// Interrupt is the top half: it empties the receiver into the ring, fills the
// transmitter from the other ring, and returns when the chip has lowered its
// interrupt line. (The 8259 notices edges: a line that stays up is never
// heard of again.)
//
// It looks at the line status rather than at the cause that the chip reports,
// for two reasons. Reading the cause is what takes back "the transmitter is
// empty", so a handler that dispatches on it can lose that event; and a stray
// call does no harm.
//
// Context: interrupt handler, interrupts off; also any other. Never allocates.
func (p *Port) Interrupt() {
	p.counters.interrupts.Add(1)
	for range maxServices {
		if p.lineStatus() == emptyBus {
			return
		}
		p.receive()
		p.feed()
		if p.read(regInterruptID)&nonePending != 0 {
			return
		}
	}
}

// receive moves what has come into the ring. A break arrives as a zero byte
// that nobody typed.
func (p *Port) receive() {
	for range ringSize {
		s := p.lineStatus()
		if s == emptyBus || s&dataReady == 0 {
			return
		}
		c := p.read(regData)
		switch {
		case s&breakSignal != 0:
		case p.received.push(c):
			p.counters.received.Add(1)
		default:
			p.counters.dropped.Add(1)
		}
	}
}

// The states of Port.feeding.
const (
	nobody      uint32 = iota
	somebody           // is filling the transmitter
	somebodyTwo        // is, and will look once more, since somebody else came
)

// feed fills the transmitter from the ring if it is empty.
//
// A goroutine and the top half may both come here, and the second may have
// interrupted the first, so waiting for a lock is out of the question.
// Instead, the one who finds another at work asks it to look again:
//
//	nobody --enter--> somebody --a second one comes--> somebodyTwo
//	   ^-----leave-----'   ^------look once more----------'
//
// No event is lost: either the transmitter gets bytes, and will interrupt when
// they have left, or the ring was empty after the last push.
func (p *Port) feed() {
	for entered := false; !entered; {
		switch p.feeding.Load() {
		case nobody:
			entered = p.feeding.CompareAndSwap(nobody, somebody)
		case somebody:
			if p.feeding.CompareAndSwap(somebody, somebodyTwo) {
				return
			}
		case somebodyTwo:
			return
		}
	}
	p.fill()
	for !p.feeding.CompareAndSwap(somebody, nobody) {
		p.feeding.Store(somebody)
		p.fill()
	}
}

func (p *Port) fill() {
	if p.unsent.empty() || p.lineStatus()&transmitReady == 0 {
		return
	}
	p.stuck.Store(false)
	for range fifoSize {
		c, ok := p.unsent.pop()
		if !ok {
			return
		}
		p.write(regData, c)
		p.counters.sent.Add(1)
	}
}
