package ps2

// Interrupt is the top half of IRQ 1 and IRQ 12. It takes all that waits in the
// controller and puts it into the rings; the results tell which of them got
// something, so that the caller knows which goroutine to wake. Which IRQ it was
// does not matter: the status says whose byte it is.
//
// Until Listen it leaves the controller alone.
//
// Context: the interrupt handlers of IRQ 1 and IRQ 12, interrupts off. Does
// not allocate, takes no lock, stores no pointer.
func (c *Controller) Interrupt() (keyboard, mouse bool) {
	c.interrupts.Add(1)
	if !c.listening.Load() {
		c.spurious.Add(1)
		return false, false
	}
	const most = 16 // so that a broken controller cannot keep us here
	for range most {
		s := c.status()
		if s&outputFull == 0 || s == floatingBus {
			break
		}
		b := c.io.In8(portData)
		p := &c.first
		if s&fromSecond != 0 {
			p = &c.second
			mouse = true
		} else {
			keyboard = true
		}
		if s&timedOut != 0 {
			p.timeouts.Add(1)
		}
		if s&parityError != 0 {
			p.damaged.Add(1)
		}
		p.bytes.Add(1)
		p.ring.push(b)
	}
	if !keyboard && !mouse {
		c.spurious.Add(1)
	}
	return keyboard, mouse
}
