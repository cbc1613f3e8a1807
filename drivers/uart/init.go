package uart

// Init sets the line to baud bits a second, eight data bits, no parity, one
// stop bit, with empty FIFOs and all interrupts off, after making sure that a
// 16550 is there: its scratch register must remember, and it must hear itself
// in loopback (PC16550D data sheet, "Programmable Baud Generator", "Modem
// Control Register", "Scratchpad Register").
//
// Errors:  ErrBaud, ErrAbsent.
// Context: any, before the runtime is up; never allocates.
func (p *Polled) Init(baud uint32) error {
	if baud == 0 || DefaultBaud%baud != 0 || DefaultBaud/baud > 0xffff {
		return ErrBaud
	}
	for _, v := range [...]uint8{0x5a, 0xa5} {
		p.write(regScratch, v)
		if p.read(regScratch) != v {
			return ErrAbsent
		}
	}
	p.drain()
	divisor := DefaultBaud / baud
	p.write(regInterruptEnable, 0)
	p.write(regLineControl, divisorLatch|format8N1)
	p.write(regDivisorLow, uint8(divisor))
	p.write(regDivisorHigh, uint8(divisor>>8))
	p.write(regLineControl, format8N1)
	p.write(regFIFOControl, fifoSetup)
	if !p.hearsItself() {
		return ErrAbsent
	}
	p.write(regFIFOControl, fifoSetup)
	p.write(regModemControl, dataTerminalReady|requestToSend|outputTwo)
	p.stuck.Store(false)
	return nil
}

// drain waits until what was written before, perhaps by the firmware, has left.
func (p *Polled) drain() {
	for range maxPolls {
		if p.status()&transmitIdle != 0 {
			return
		}
	}
}

// hearsItself sends a byte in loopback and tells whether the same one arrives.
// A 16550 hears nothing else then. QEMU's hears the line, too: what is typed
// meanwhile comes between, and if it fills the FIFO, the byte is lost.
func (p *Polled) hearsItself() bool {
	const probe = 0xae
	p.write(regModemControl, loopback)
	for range probes {
		p.write(regData, probe)
		for range maxPolls {
			if c, err := p.ReadByte(); err == nil && c == probe {
				return true
			}
		}
	}
	return false
}
