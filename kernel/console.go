//go:build tamago

package kernel

import (
	"context"
	"io"

	"vitrine/kernel/log"
	"vitrine/kernel/start"
	"vitrine/kernel/tty"
)

// output is where text goes: all consoles at once.
type output interface {
	io.Writer
	EmergencyWriteByte(c byte)
}

type serialOutput struct{ m *machine }

func (s serialOutput) Write(b []byte) (int, error) {
	for _, c := range b {
		if c == '\n' {
			s.m.serial.Write([]byte{'\r'})
		}
		s.m.serial.Write([]byte{c})
	}
	return len(b), nil
}
func (s serialOutput) EmergencyWriteByte(c byte) {
	if c == '\n' {
		s.m.serial.WriteByte('\r')
	}
	s.m.serial.WriteByte(c)
}

func (m *machine) startScreen() error { return nil }

// startConsole makes one terminal of everything that can be read or typed on,
// and shows the log on it, from the beginning.
func (m *machine) startConsole() error {
	m.out = serialOutput{m}
	start.SetEmergency(m.out.EmergencyWriteByte)
	m.terminal = tty.NewTerminal(m.out, 80, 25)
	threshold := log.Info
	if name, ok := m.options.Get("loglevel"); ok {
		level, err := log.ParseLevel(name)
		if err != nil {
			log.Warnf("console", "loglevel: %v", err)
		} else {
			threshold = level
		}
	}
	m.logs = log.NewConsole(log.Kernel(), m.terminal, threshold, true)
	m.logs.Flush()
	go m.logs.Run(context.Background())
	if m.serial != nil {
		go tty.Decode(context.Background(), m.serial.Read, m.serialLine.Fired(), m.terminal.Type)
	}
	return nil
}
