package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/symbol"
)

// Exit codes of the commands that run a machine. They leave 0 to 119 to the
// program in it.
const (
	exitNoStatus = 120
	exitCrashed  = 121
	exitReset    = 122
	exitTriple   = 123
	exitTimeout  = 124
	exitVit      = 125
	exitSignal   = 128
)

// exitCodes explains them.
const exitCodes = `Exit codes:
  0-119  the program's own, written to isa-debug-exit (Go: 1 a test failed,
         2 a panic); 0 also: switched off or ended by the user, in 'vit run'
  120    the machine was switched off before the program gave a status
  121    QEMU failed
  122    the machine reset itself
  123    triple fault; the report says where and why
  124    the time limit has passed
  125    vit could not start it: wrong command line, no QEMU, a bad image
  128+n  vit was ended by signal n; QEMU is gone, too`

// machineOptions are the flags that describe a machine.
type machineOptions struct {
	machine, cpu, icount, kvm, qemu, qemuArgs string
	smp, memory                               int
	timeout                                   time.Duration
	modules                                   []string
}

// machineDefaults are the defaults that differ between commands.
type machineDefaults struct {
	icount, kvm string
	timeout     time.Duration
}

// machineFlags declares the flags that describe a machine.
func machineFlags(f *flag.FlagSet, d machineDefaults) *machineOptions {
	m := &machineOptions{}
	f.StringVar(&m.machine, "machine", "", "QEMU's `type` of machine: pc, q35, with options (default pc)")
	f.StringVar(&m.cpu, "cpu", "", "`model` of processor: qemu64, Nehalem, max, ... (default qemu64)")
	f.IntVar(&m.smp, "smp", 1, "`number` of processors")
	f.IntVar(&m.memory, "memory", qemu.DefaultMemory, "memory in `MiB`")
	f.StringVar(&m.icount, "icount", orOff(d.icount), "repeatable run: 2^`N` ns of guest time for each instruction, idle time passes at once; or off")
	f.StringVar(&m.kvm, "kvm", d.kvm, "use the host's processor: on, off, or auto (`mode`)")
	f.DurationVar(&m.timeout, "timeout", d.timeout, "time limit of the run (`duration` such as 30s; 0: none)")
	f.Func("module", "put this `file` into memory beside the kernel, which takes an archive (cpio -H newc) for files; several times: several", func(file string) error {
		m.modules = append(m.modules, file)
		return nil
	})
	f.StringVar(&m.qemu, "qemu", os.Getenv("VIT_QEMU"), "QEMU's `program` (environment: VIT_QEMU)")
	f.StringVar(&m.qemuArgs, "qemu-args", "", "further `arguments` for QEMU, separated by blanks; -d ITEMS -D FILE: what else it logs, and where")
	return m
}

// orOff names the absence of a value.
func orOff(s string) string {
	if s == "" {
		return "off"
	}
	return s
}

// config returns the machine that the flags describe.
func (m *machineOptions) config() (qemu.Config, error) {
	c := qemu.Config{
		Binary: m.qemu, Machine: m.machine, CPU: m.cpu, SMP: m.smp, Memory: m.memory,
		Timeout: m.timeout, Modules: m.modules, Extra: strings.Fields(m.qemuArgs),
	}
	if m.icount != "off" {
		c.Icount = m.icount
	}
	switch m.kvm {
	case "off", "on", "auto":
	default:
		return c, fmt.Errorf("--kvm is on, off or auto, not %q", m.kvm)
	}
	return c, nil
}

// accelerate decides between KVM and emulation for the machine c.
func (m *machineOptions) accelerate(s streams, c *qemu.Config) error {
	if m.kvm == "off" || m.kvm == "auto" && c.Icount != "" {
		return nil
	}
	works, why := qemu.ProbeKVM(context.Background(), m.qemu)
	switch {
	case works:
		c.KVM = true
	case m.kvm == "on":
		return errors.New("--kvm=on: " + why)
	case why != qemu.NoKVM:
		fmt.Fprintln(s.err, "vit: emulating the processor:", why)
	}
	return nil
}

// supervision says how to deal with a machine.
type supervision struct {
	program  bool     // the run must end with a status
	terminal bool     // connect the user's terminal
	after    string   // the text after which input that is no terminal is passed on
	symbols  []string // ELF files that explain addresses
}

// supervise runs a machine to its end and returns the exit code of vit.
func supervise(s streams, c qemu.Config, how supervision) (int, error) {
	ctx, stop := signalContext()
	defer stop()
	r, err := runMachine(ctx, s, c, how)
	if err != nil {
		var sig signalError
		if errors.As(context.Cause(ctx), &sig) {
			return exitSignal + int(sig.Signal), sig
		}
		if errors.Is(err, qemu.ErrTimeLimit) {
			return exitTimeout, err
		}
		return exitVit, err
	}
	if r.Fault != nil && !c.Debugged() {
		r.Fault.Report(s.err, symbol.Explainer(how.symbols...))
	}
	return conclude(r, c, how)
}

// runMachine starts a machine, connects it with the user's terminal if how
// says so, and waits for its end. The terminal is back to normal afterwards.
func runMachine(ctx context.Context, s streams, c qemu.Config, how supervision) (qemu.Result, error) {
	if c.Debugged() {
		c.OnFault = func(f *qemu.Fault) { f.Report(s.err, symbol.Explainer(how.symbols...)) }
	}
	if !how.terminal {
		m, err := qemu.Start(ctx, c)
		if err != nil {
			return qemu.Result{}, err
		}
		return m.Wait(), nil
	}
	session, err := openSession(s, &c, how.after)
	if err != nil {
		return qemu.Result{}, err
	}
	defer session.close()
	m, err := qemu.Start(ctx, c)
	if err != nil {
		return qemu.Result{}, err
	}
	session.connect(m)
	return m.Wait(), nil
}

// conclude turns the end of a run into an exit code, and a message if that
// does not speak for itself.
func conclude(r qemu.Result, c qemu.Config, how supervision) (int, error) {
	switch r.Outcome {
	case qemu.Exited:
		return min(r.Code, exitNoStatus-1), nil
	case qemu.PoweredOff:
		if how.program {
			return exitNoStatus, errors.New("the machine was switched off before the program ended")
		}
		return exitOK, nil
	case qemu.Reset:
		return exitReset, errors.New("the machine reset itself")
	case qemu.TripleFault:
		return exitTriple, errors.New("triple fault")
	case qemu.TimedOut:
		return exitTimeout, fmt.Errorf("the machine was stopped: it ran longer than %v", c.Timeout)
	case qemu.Stopped:
		var sig signalError
		if errors.As(r.Err, &sig) {
			return exitSignal + int(sig.Signal), sig
		}
		if how.program {
			return exitNoStatus, errors.New("QEMU was ended before the program was")
		}
		return exitOK, nil
	}
	return exitCrashed, r.Err
}

// signalError is the cause of a context that a signal has ended.
type signalError struct{ syscall.Signal }

func (e signalError) Error() string { return "ended by " + e.Signal.String() }

// signalContext returns a context that ends when somebody wants vit to end.
func signalContext() (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	go func() {
		select {
		case sig := <-c:
			cancel(signalError{sig.(syscall.Signal)})
		case <-ctx.Done():
		}
	}()
	return ctx, func() { signal.Stop(c); cancel(nil) }
}
