package qemu

import (
	"regexp"
	"strings"
	"time"
)

// watch follows the machine's events to its end.
func (m *Machine) watch() {
	for n := 0; ; n++ {
		e, err := m.qmp.Event(m.ctx, n)
		if err != nil {
			return
		}
		over := false
		switch e.Name {
		case "SHUTDOWN":
			reason, _ := e.Data["reason"].(string)
			over = m.stopped(reason)
		case "STOP":
			over = m.paused()
		}
		if over {
			m.qmp.Run("quit", nil, nil)
			return
		}
	}
}

// stopped looks at a machine that has stopped for the given reason, and tells
// whether that is its end. It is frozen, with all its memory and registers.
func (m *Machine) stopped(reason string) bool {
	if reason == "guest-reset" {
		if f := m.tripleFault(); f != nil {
			m.explain(f)
			return !m.config.Debugged()
		}
	}
	switch {
	case reason == "guest-shutdown":
		m.saw(PoweredOff)
	case reason == "guest-reset" && m.config.Reboot:
		if m.reboot() == nil || m.ctx.Err() != nil {
			return false
		}
		m.saw(Reset)
	case reason == "guest-reset":
		m.saw(Reset)
	default: // somebody closed the window, or asked QEMU to quit
		m.saw(Stopped)
	}
	return true
}

// paused looks at a machine that has stopped in the middle of its work, and
// tells whether that is its end. It is if the accelerator cannot go on: KVM met
// an instruction that it cannot run. It is not if the kernel has said that it
// has died.
func (m *Machine) paused() bool {
	var status struct{ Status string }
	if m.qmp.Run("query-status", nil, &status) != nil {
		return false
	}
	switch status.Status {
	case "internal-error":
		m.saw(Crashed)
		return true
	case "guest-panicked":
		if m.config.OnDeath != nil {
			m.config.OnDeath(m, nil)
		}
		m.Continue()
	}
	return false
}

// saw notes the outcome.
func (m *Machine) saw(o Outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen != TripleFault { // a machine kept for GDB is stopped later
		m.seen = o
	}
}

// reboot starts the machine anew, with an empty log.
func (m *Machine) reboot() error {
	m.log.empty()
	return m.qmp.Reset()
}

// tripleFault returns what the log says about a triple fault; nil if there was
// none. QEMU has written the log before it sent the event.
//
// Firmware resets a machine in all the ways it knows, one after the other; the
// last is a triple fault. That one is just a reset.
func (m *Machine) tripleFault() *Fault {
	m.logPipe.catchUp()
	log := m.log.String()
	if !strings.Contains(log, tripleLine) {
		return nil
	}
	f := parseTriple(log)
	switch {
	case f == nil && inFirmware(log): // its beginning is lost
		return nil
	case f == nil:
		return &Fault{During: -1}
	case isFirmware(f.PC):
		return nil
	}
	return f
}

// The firmware's code, below 1 MiB.
const (
	firmwareStart = 0xe0000
	firmwareEnd   = 0x100000
)

// isFirmware tells whether pc is in the firmware's code.
func isFirmware(pc uint64) bool { return pc >= firmwareStart && pc < firmwareEnd }

// inFirmware tells whether the last place in the log before a triple fault is in
// the firmware.
func inFirmware(log string) bool {
	before, after, _ := strings.Cut(log, tripleLine)
	if taken := takenText.FindAllStringSubmatch(before, -1); taken != nil {
		return isFirmware(newTaken(taken[len(taken)-1]).pc)
	}
	// The reset shows the registers once more.
	if found := instructionPointer.FindStringSubmatch(after); found != nil {
		return isFirmware(number(found[1]))
	}
	return false
}

// instructionPointer is that in a list of registers.
var instructionPointer = regexp.MustCompile(`\b[ER]IP=([0-9a-f]{8,16})\b`)

// explain adds to f what the frozen machine tells.
func (m *Machine) explain(f *Fault) {
	f.inspect(m.qmp, m.config.SMP)
	m.mu.Lock()
	m.seen, m.fault = TripleFault, f
	m.mu.Unlock()
	if m.config.OnFault != nil {
		m.config.OnFault(f)
	}
	if m.config.OnDeath != nil {
		m.config.OnDeath(m, f)
	}
}

// Reset starts the machine anew, as its reset button would. It is for machines
// with Config.Reboot: the firmware resets them a second time.
func (q *QMP) Reset() error {
	action := func(reboot string) error {
		return q.Run("set-action", map[string]any{"reboot": reboot}, nil)
	}
	if err := action("reset"); err != nil {
		return err
	}
	if err := q.Run("system_reset", nil, nil); err != nil {
		return err
	}
	err := q.Run("cont", nil, nil)
	for n := 0; err != nil && n < 100; n++ { // QEMU has put off the reset
		time.Sleep(5 * time.Millisecond)
		err = q.Run("cont", nil, nil)
	}
	if err != nil {
		return err
	}
	return action("shutdown")
}
