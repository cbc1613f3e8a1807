//go:build tamago

package kernel

import (
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
