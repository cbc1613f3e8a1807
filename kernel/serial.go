//go:build tamago

package kernel

import (
	"io"

	"vitrine/drivers/uart"
	"vitrine/interrupts"
)

// startSerial makes COM1 interrupt-driven.
func (m *machine) startSerial() error {
	p := uart.New(ports, uart.COM1)
	if err := p.Init(uart.DefaultBaud); err != nil {
		return err
	}
	line, err := interrupts.Register(uart.COM1IRQ, "serial", p.Interrupt)
	if err != nil {
		return err
	}
	m.serial, m.serialLine = p, line
	p.Listen()
	return nil
}

// serialInput reads what comes over the serial line. It waits where the port
// does not.
type serialInput struct{ m *machine }

// Read waits for at least one byte.
func (s serialInput) Read(b []byte) (int, error) {
	for {
		n, err := s.m.serial.Read(b)
		if n > 0 {
			return n, nil
		}
		if err != nil && err != uart.ErrEmpty {
			return 0, io.EOF
		}
		<-s.m.serialLine.Fired()
	}
}
