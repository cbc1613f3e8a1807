package qemu

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// Machine is a running QEMU.
type Machine struct {
	config  Config
	process *process
	serial  *Stream
	qmp     *QMP
	log     tail
	logPipe *logPipe
	logDone chan struct{}
	logFile *os.File // nil: nobody wants one
	started time.Time
	ctx     context.Context
	cancel  context.CancelFunc

	mu     sync.Mutex
	seen   Outcome // what the events said; Exited if they said nothing
	fault  *Fault
	done   chan struct{}
	result Result
}

// startLimit bounds the time until QEMU answers for the first time.
const startLimit = 30 * time.Second

// Start starts QEMU and, unless c.Frozen, the machine. When ctx ends, so does
// QEMU.
//
// Errors: ErrNotInstalled, ErrNoOVMF; an image that is missing; QEMU's own
// words if it refuses. QEMU is gone then.
func Start(ctx context.Context, c Config) (*Machine, error) {
	path, err := c.find()
	if err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	m := &Machine{config: c, log: tail{size: logSize}, logDone: make(chan struct{}), done: make(chan struct{})}
	if err := m.launch(path); err != nil {
		return nil, err
	}
	if c.Timeout > 0 {
		m.ctx, m.cancel = context.WithTimeoutCause(ctx, c.Timeout, ErrTimeLimit)
	} else {
		m.ctx, m.cancel = context.WithCancel(ctx)
	}
	stop := context.AfterFunc(m.ctx, m.process.kill)
	go m.finish(stop)
	if err := m.handshake(); err != nil {
		m.cancel()
		<-m.done
		return nil, m.startError(err)
	}
	return m, nil
}

// ErrTimeLimit is the error of Start if Config.Timeout has passed before QEMU
// was up.
var ErrTimeLimit = errors.New("time limit")

// launch opens the lines and starts QEMU on their far ends.
func (m *Machine) launch(path string) error {
	serial, serialFar, err := socketpair()
	if err != nil {
		return err
	}
	defer serialFar.Close()
	control, controlFar, err := socketpair()
	if err != nil {
		serial.Close()
		return err
	}
	defer controlFar.Close()
	log, logFar, err := os.Pipe()
	if err != nil {
		serial.Close()
		control.Close()
		return err
	}
	defer logFar.Close()
	var l launch
	sink, err := m.logSink()
	if err == nil {
		err = m.config.machine(&l)
	}
	if err == nil {
		m.config.boot(&l)
		m.config.outside(&l, serialFar, controlFar, logFar)
		m.started = time.Now()
		m.process, err = startProcess(path, &l, m.config.Terminal)
	}
	if err != nil {
		if m.logFile != nil {
			m.logFile.Close()
		}
		serial.Close()
		control.Close()
		log.Close()
		return err
	}
	m.serial, m.qmp = newStream(serial, m.config.SerialOut), newQMP(control)
	if m.logPipe, err = newLogPipe(log, sink, m.logDone); err != nil {
		m.process.kill()
		return err
	}
	return nil
}

// logSink returns who gets QEMU's log: m itself, Config.LogOut, and the file that
// the further arguments name.
func (m *Machine) logSink() (io.Writer, error) {
	sinks := []io.Writer{&m.log}
	if m.config.LogOut != nil {
		sinks = append(sinks, m.config.LogOut)
	}
	if _, _, name := logOptions(m.config.Extra); name != "" && m.config.logItems() != "none" {
		file, err := os.Create(name)
		if err != nil {
			return nil, err
		}
		m.logFile = file
		sinks = append(sinks, file)
	}
	return io.MultiWriter(sinks...), nil
}

// handshake waits for QEMU, then lets the machine go.
func (m *Machine) handshake() error {
	if err := m.qmp.negotiate(startLimit); err != nil {
		return err
	}
	go m.watch()
	if m.config.Frozen {
		return nil
	}
	return m.Continue()
}

// startError says why QEMU did not start.
func (m *Machine) startError(err error) error {
	said := strings.TrimSpace(m.process.stderr.String())
	switch {
	case context.Cause(m.ctx) == ErrTimeLimit:
		return fmt.Errorf("QEMU did not start within %v: %w", m.config.Timeout, ErrTimeLimit)
	case strings.Contains(said, "Display") && strings.Contains(said, "not available"):
		return fmt.Errorf("%s\nDebian, Ubuntu: 'apt-get install qemu-system-gui' has the windows; display curses works in a terminal", said)
	case said != "":
		return fmt.Errorf("QEMU did not start: %s", said)
	}
	return fmt.Errorf("QEMU did not start: %w", err)
}

// Continue lets a frozen machine run.
func (m *Machine) Continue() error { return m.qmp.Run("cont", nil, nil) }

// Serial returns the serial line.
func (m *Machine) Serial() *Stream { return m.serial }

// QMP returns the control connection.
func (m *Machine) QMP() *QMP { return m.qmp }

// Pid returns QEMU's process id.
func (m *Machine) Pid() int { return m.process.cmd.Process.Pid }

// Started returns when QEMU was started.
func (m *Machine) Started() time.Time { return m.started }

// Log returns the last 64 KiB of QEMU's log: the exceptions taken of late.
func (m *Machine) Log() string { return m.log.String() }

// Done is closed when the machine has stopped and Wait returns at once.
func (m *Machine) Done() <-chan struct{} { return m.done }

// PowerButton presses the machine's power button; the guest may react to it.
func (m *Machine) PowerButton() error { return m.qmp.Run("system_powerdown", nil, nil) }

// Quit ends QEMU in an orderly way, so that it tidies up the terminal that it
// draws on; if it does not obey, not.
func (m *Machine) Quit() {
	go m.qmp.Run("quit", nil, nil)
	select {
	case <-m.done:
	case <-time.After(time.Second):
		m.cancel()
	}
}

// Close ends QEMU if it still runs, and waits until it is gone.
func (m *Machine) Close() Result {
	m.cancel()
	return m.Wait()
}
