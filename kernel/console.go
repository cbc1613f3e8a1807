//go:build tamago

package kernel

import (
	"context"
	"time"

	"vitrine/kernel/console"
	"vitrine/kernel/log"
	"vitrine/kernel/start"
	"vitrine/kernel/tty"
)

// drawDelay is how long a screen may lag behind while text pours: long enough
// that a page is drawn once and not line by line, too short to be seen.
const drawDelay = 15 * time.Millisecond

// startConsole makes one console of the devices that show text, and one
// terminal of it and those that can be typed on; then it shows the log, from
// the beginning.
func (m *machine) startConsole() error {
	m.console = console.New()
	if m.serial != nil {
		if _, err := m.console.AddSerial("serial", m.serial); err != nil {
			return err
		}
	}
	if m.screen != nil {
		if _, err := m.console.AddScreen("screen", m.screen); err != nil {
			return err
		}
	}
	redraw := time.AfterFunc(time.Hour, m.console.Refresh)
	m.console.Defer(func() { redraw.Reset(drawDelay) })
	start.SetEmergency(m.console.EmergencyWriteByte)
	start.SetDetail(m.console.EmergencyDetail)
	start.SetOnExit(func(code int32) {
		if code == 0 { // else it was a panic, and everything has been shown
			m.drain()
		}
	})

	columns, rows := m.console.Size()
	m.terminal = tty.NewTerminal(m.console, columns, rows)
	start.SetStdout(m.terminal.Write)
	if m.serial != nil {
		go tty.Decode(context.Background(), m.serial.Read, m.serialLine.Fired(), m.terminal.Type)
	}
	return m.showLog()
}

// showLog follows the kernel's log on the terminal. Records that are written in
// handlers are told by an event.
func (m *machine) showLog() error {
	m.logs = log.NewConsole(log.Kernel(), m.terminal, m.logLevel(), true)
	wake, wait, err := newEvent("log")
	if err != nil {
		return err
	}
	log.Wake = wake
	go log.Kernel().Serve(context.Background(), wait)
	m.logs.Flush()
	go m.logs.Run(context.Background())
	start.SetLastEvents(lastEvent, lastLog)
	return nil
}

// logLevel returns the level that the command line names, or Info.
func (m *machine) logLevel() log.Level {
	if name, ok := m.options.Get("loglevel"); ok {
		level, err := log.ParseLevel(name)
		if err == nil {
			return level
		}
		log.Warnf("log", "loglevel: %v", err)
	}
	return log.Info
}
