package ps2

import "time"

// sender speaks to a device while the interrupts are on, without ever waiting.
// A device acknowledges each byte, and its answers arrive in the ring, between
// the scan codes. So sending is a state machine that advances with each answer:
//
//	               enqueue                        ack, last byte
//	queue empty -----------> byte sent, waiting ------------------> next request
//	                           ^            |
//	                           +------------+
//	               ack: next byte; resend: same byte, three times at most
//
// Only while it waits are the bytes fa and fe answers: at other times they are
// passed on (in set 1, fe is also a key going up).
type sender struct {
	queue     [8]request // [0] is being sent
	queued    int
	sent      int // bytes of queue[0] that were acknowledged
	waiting   bool
	since     time.Duration // when the byte was sent that waits for its answer
	tries     int           // for that byte
	resends   uint64
	abandoned uint64
}

// request is a command and its argument, if it takes one.
type request struct {
	bytes [2]uint8
	n     int
}

// maxTries is how often a byte is sent before its command is given up.
const maxTries = 3

// send queues a command for the device. It does not wait for the answer.
//
// Errors: ErrTooManyQueued. Context: a goroutine; the caller holds p.mu.
func (p *port) send(bytes ...uint8) error {
	p.expire()
	s := &p.sender
	if s.queued == len(s.queue) {
		return ErrTooManyQueued
	}
	r := &s.queue[s.queued]
	r.n = copy(r.bytes[:], bytes)
	s.queued++
	p.advance()
	return nil
}

// answer tells whether b is the answer that the sender waits for, and if so
// goes on with what is to be sent next.
func (p *port) answer(b uint8) bool {
	s := &p.sender
	if !s.waiting || b != ansAck && b != ansResend {
		return false
	}
	s.waiting = false
	if b == ansAck {
		s.sent++
		s.tries = 0
		if s.sent == s.queue[0].n {
			s.remove()
		}
	} else {
		s.resends++
		if s.tries == maxTries {
			s.abandon()
		}
	}
	p.advance()
	return true
}

// advance sends the next byte, if there is one and none is under way.
func (p *port) advance() {
	s := &p.sender
	for !s.waiting && s.queued > 0 {
		s.tries++
		s.since = p.c.clock.Now()
		s.waiting = true
		if err := p.write(s.queue[0].bytes[s.sent]); err != nil {
			s.abandon()
		}
	}
}

// expire gives up on a device that owes an answer for too long.
func (p *port) expire() {
	if s := &p.sender; s.waiting && p.c.clock.Now()-s.since > ackLimit {
		s.abandon()
		p.advance()
	}
}

func (s *sender) abandon() {
	s.abandoned++
	s.remove()
}

func (s *sender) remove() {
	copy(s.queue[:], s.queue[1:s.queued])
	s.queued--
	s.sent, s.tries, s.waiting = 0, 0, false
}
