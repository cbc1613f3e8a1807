package ps2

import (
	"sync"
	"sync/atomic"
)

// port is one of the controller's two connectors: what has arrived from its
// device, and what is on its way to it.
type port struct {
	c      *Controller
	second bool
	err    error    // why the device cannot be used
	id     [2]uint8 // what the device calls itself

	// Written by the interrupt handler.
	ring     ring
	bytes    atomic.Uint64
	timeouts atomic.Uint64
	damaged  atomic.Uint64

	mu     sync.Mutex
	sender sender
}

func (p *port) init(c *Controller, second bool) {
	p.c, p.second = c, second
	p.err = ErrNotReady
}

// write sends one byte to the device.
func (p *port) write(b uint8) error {
	if p.second {
		return p.c.do(toSecond, b)
	}
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	return p.c.write(portData, b)
}

// clear forgets what has come and what is to be sent, as the device was reset.
// The caller holds p.mu.
func (p *port) clear() {
	p.ring.drop()
	p.sender = sender{resends: p.sender.resends, abandoned: p.sender.abandoned}
}

// arrival tells what came out of the ring.
type arrival uint8

const (
	arrivedNothing arrival = iota // the ring is empty
	arrivedAnswer                 // the answer to a command of ours
	arrivedData                   // what a person did
	arrivedGap                    // no byte: some were lost here
)

// receive takes the next byte out of the ring and lets the sender have it if
// it is an answer. The caller holds p.mu.
func (p *port) receive() (uint8, arrival) {
	s, ok := p.ring.pop()
	switch {
	case !ok:
		p.expire()
		return 0, arrivedNothing
	case s.isGap():
		return 0, arrivedGap
	case p.answer(s.data()):
		return s.data(), arrivedAnswer
	}
	return s.data(), arrivedData
}
