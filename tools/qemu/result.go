package qemu

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Outcome is how a run ended.
type Outcome int

// The outcomes.
const (
	Exited      Outcome = iota // the guest wrote to isa-debug-exit; see Result.Code
	PoweredOff                 // the guest switched the machine off
	Reset                      // the guest reset the machine
	TripleFault                // see Result.Fault
	TimedOut                   // Config.Timeout has passed
	Stopped                    // this process, or QMP's quit, ended it
	Crashed                    // QEMU itself failed; see Result.Err
)

// String returns a few words.
func (o Outcome) String() string {
	words := [...]string{"exited", "powered off", "reset", "triple fault", "time limit", "stopped", "QEMU failed"}
	if o < 0 || int(o) >= len(words) {
		return fmt.Sprintf("Outcome(%d)", int(o))
	}
	return words[o]
}

// Result is how a run ended, with what is known about it.
type Result struct {
	Outcome  Outcome
	Code     int           // what the guest wrote to isa-debug-exit, if Exited
	Fault    *Fault        // if TripleFault
	Duration time.Duration // from QEMU's start to its end, in the host's time
	Err      error         // if Crashed: QEMU's words; if Stopped: the context's error
}

// Wait waits until QEMU has ended and everything that the machine wrote has
// been read.
func (m *Machine) Wait() Result {
	<-m.done
	return m.result
}

// finish waits for QEMU's end and works out the result.
func (m *Machine) finish(stop func() bool) {
	<-m.process.done
	stop()
	took := time.Since(m.started)
	await(m.serial.done)
	m.serial.conn.Close()
	m.qmp.Close()
	await(m.logDone)
	if m.logFile != nil {
		m.logFile.Close()
	}
	m.mu.Lock()
	m.result = m.conclude()
	m.mu.Unlock()
	m.result.Duration = took
	m.cancel()
	close(m.done)
}

// await waits for a reader to come to the end; not for ever, in case a child
// of QEMU's holds the other side open.
func await(done <-chan struct{}) {
	select {
	case <-done:
	case <-time.After(2 * time.Second):
	}
}

// conclude combines what the events said with QEMU's exit status.
func (m *Machine) conclude() Result {
	code, killed := status(m.process.err)
	said := strings.TrimSpace(m.process.stderr.String())
	debugExit := !killed && code&1 == 1 && m.config.DebugExit && !complained(said)
	switch cause := context.Cause(m.ctx); {
	case m.seen == TripleFault:
		return Result{Outcome: TripleFault, Fault: m.fault}
	case m.seen == Crashed:
		return Result{Outcome: Crashed, Err: errors.New("the accelerator cannot go on (KVM internal error); run it without KVM")}
	case m.seen == PoweredOff && debugExit: // QEMU 10 reports isa-debug-exit so
		return Result{Outcome: Exited, Code: code >> 1}
	case m.seen != Exited:
		return Result{Outcome: m.seen}
	case killed && errors.Is(cause, ErrTimeLimit):
		return Result{Outcome: TimedOut}
	case killed && cause != nil:
		return Result{Outcome: Stopped, Err: cause}
	case debugExit:
		return Result{Outcome: Exited, Code: code >> 1}
	case !killed && code == 0:
		return Result{Outcome: Stopped}
	}
	if said != "" {
		said = ": " + said
	}
	return Result{Outcome: Crashed, Err: fmt.Errorf("QEMU ended unexpectedly (%v)%s", m.process.err, said)}
}

// complained tells whether QEMU's messages have more than warnings: its own
// exit status for an error is 1, like a guest's success.
func complained(said string) bool {
	for line := range strings.Lines(said) {
		if strings.HasPrefix(line, "qemu") && !strings.Contains(line, "warning:") && !strings.Contains(line, "info:") {
			return true
		}
	}
	return false
}

// status returns the exit status of QEMU, or that a signal has killed it. A
// guest that writes v to isa-debug-exit gives status v<<1 | 1.
func status(err error) (code int, killed bool) {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return 0, false
	}
	if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return 0, true
	}
	return exit.ExitCode(), false
}
