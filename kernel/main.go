//go:build tamago

// Package kernel is the boot list: which part of the machine comes up after
// which, and the only place that joins a driver with its interrupt and with
// whoever listens to it.
//
// Read Main and the list stages; each stage is a method of machine in a file of
// its own. What happened before is told in package start.
package kernel

import (
	"context"

	"vitrine/kernel/log"
)

// stages is the boot list. A stage that fails is logged, and the kernel does
// without: only what stands in "needs" is missing then.
var stages = []struct {
	name  string
	start func(*machine) error
	// needs says which earlier stages must have worked for it to be of use.
	needs string
}{
	{"memory", (*machine).startMemory, ""},
	{"trace", (*machine).startTrace, ""},
	{"serial", (*machine).startSerial, "interrupts (package start)"},
	{"screen", (*machine).startScreen, "memory"},
	{"console", (*machine).startConsole, "serial or screen"},
	{"acpi", (*machine).startACPI, "memory"},
	{"time", (*machine).startTime, ""},
	{"apic", (*machine).startAPIC, "acpi"},
	{"processors", (*machine).startProcessors, "apic"},
	{"clock", (*machine).startClock, "acpi, for the century"},
	{"keyboard", (*machine).startKeyboard, "console"},
	{"shell", (*machine).startShell, "console"},
}

// the machine that the kernel runs on.
var theMachine machine

// Main brings the rest of the machine up and runs the shell. It never returns.
//
// Context: main's goroutine.
func Main() {
	m := &theMachine
	for _, s := range stages {
		done := log.Stage(s.name)
		done(s.start(m))
	}
	m.logs.Flush() // so that the prompt comes last
	m.run(context.Background())
}
