// Package commands is what can be asked of the machine.
//
// Each command is a few lines between two things: package shell, which takes
// the arguments apart and prints tables, and a Machine, which names everything
// that can be looked at. The kernel's boot list fills the Machine with the real
// thing; the tests fill it with fakes. A command whose part of the Machine is
// missing says so.
//
// Three kinds of command live here. Some print what a package knows about
// itself (mem, frames, irq). Some show the processor's tables as the processor
// sees them (pagewalk, idt, regs). And some do what a kernel must never do by
// accident (poke, out, fault): these check first, and say what they would need
// to be told to do it anyway.
//
// Read All for the list. In GDB: break commands.pagewalk.
//
// Context: goroutines only; everything here may allocate.
package commands

import (
	"context"
	"fmt"
	"time"

	"vitrine/boot/multiboot"
	"vitrine/drivers/acpi"
	"vitrine/drivers/apic"
	"vitrine/drivers/ioport"
	"vitrine/drivers/ps2"
	"vitrine/drivers/rtc"
	"vitrine/drivers/uart"
	"vitrine/interrupts"
	"vitrine/kernel/console"
	"vitrine/kernel/keymap"
	"vitrine/kernel/log"
	"vitrine/kernel/shell"
	"vitrine/kernel/thread"
	"vitrine/kernel/trace"
	"vitrine/mm"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// Machine names everything that commands look at. Any field may be left out.
type Machine struct {
	// What was said.
	Log     *log.Ring
	Console *log.Console     // which shows the log
	Outputs *console.Console // which shows everything
	Trace   *trace.Set

	// Memory.
	Frames  *frame.Allocator
	Space   *paging.Space
	Regions *region.Set
	Heap    func() (mapped, returned uint64) // bytes, since boot
	Reserve func() uint64                    // bytes that the heap gets when there are no others
	Boot    *multiboot.Info
	Text    mm.VirtRange // the kernel's code
	Scratch mm.VirtRange // pages that bench and fault may map and unmap

	// Processor and interrupts.
	CPUID     func(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32)
	Registers func() Registers
	Last      *interrupts.LastPanic // the exception that became a Go panic
	Gate      func(vector uint8) interrupts.Gate
	Stack     func(ist int) mm.VirtAddr // top of an interrupt stack
	Stacks    func() []mm.VirtAddr      // those of all processors
	Count     func(vector uint8) uint64
	Line      func(i uint8) interrupts.LineInfo
	Spurious  func() uint64
	Ports     ioport.Space
	Threads   func() thread.Stats
	CPUs      func() []CPU                  // all processors, the boot processor first
	Latency   func() (time.Duration, error) // from an interrupt to its goroutine; nil: measure it here

	// The APICs, if they are in use.
	Controllers Controllers
	Local       func() apic.State // of the processor that runs this

	// Time.
	Uptime    func() time.Duration
	Frequency func() uint64 // of the time-stamp counter, in Hz
	Counter   func() uint64 // the time-stamp counter
	RTC       func() (rtc.Time, error)
	Clocks    Clocks
	Timer     func() TimerInfo

	// Devices.
	Keyboard *ps2.Keyboard
	Layout   *keymap.State
	Mouse    *ps2.Mouse
	Moves    *Feed[ps2.MouseEvent] // what the mouse does
	Serial   *uart.Port
	ACPI     *acpi.Tables

	// The end. BreakReport has the report of a panic do something half-way.
	BreakReport func(do func())

	PowerOff func()
	Reboot   func()

	symbols symbols
	live    live
	loads   loads

	spinning spinning
}

// All returns the commands, for Shell.Add.
func All(m *Machine) []*shell.Command {
	var list []*shell.Command
	for _, g := range []struct {
		name     string
		commands []*shell.Command
	}{
		{"Memory", m.memoryCommands()},
		{"Processor and interrupts", m.processorCommands()},
		{"Goroutines", m.goroutineCommands()},
		{"Devices", m.deviceCommands()},
		{"The kernel itself", m.kernelCommands()},
	} {
		for _, c := range g.commands {
			c.Group = g.name
			list = append(list, c)
		}
	}
	return list
}

// errAbsent says that this machine, or this build, lacks what a command needs.
func errAbsent(what string) error { return fmt.Errorf("there is no %s on this machine", what) }

// none refuses arguments.
func none(run func(sh *shell.Env) error) func(context.Context, *shell.Env, []string) error {
	return func(_ context.Context, sh *shell.Env, args []string) error {
		if err := sh.Arguments(args).Done(); err != nil {
			return err
		}
		return run(sh)
	}
}

// words proposes the same words for the first argument.
func words(list ...string) func(*shell.Env, []string, string) []string {
	return func(_ *shell.Env, args []string, _ string) []string {
		if len(args) > 0 {
			return nil
		}
		return list
	}
}

// hex returns a number in hexadecimal with all digits of a 64-bit word.
func hex(v uint64) string { return fmt.Sprintf("%016x", v) }
