//go:build tamago

package kernel

import (
	"context"
	"fmt"
	"runtime/debug"

	"vitrine/boot/multiboot"
	"vitrine/drivers/acpi"
	"vitrine/drivers/ioport"
	"vitrine/drivers/ps2"
	"vitrine/drivers/uart"
	"vitrine/interrupts"
	"vitrine/kernel/console"
	"vitrine/kernel/keymap"
	"vitrine/kernel/log"
	"vitrine/kernel/power"
	"vitrine/kernel/shell"
	"vitrine/kernel/shell/commands"
	"vitrine/kernel/start"
	"vitrine/kernel/term"
	"vitrine/kernel/trace"
	"vitrine/kernel/tty"
	"vitrine/mm"
)

// machine is everything that the boot list has brought up. Parts that the
// machine does not have are nil.
type machine struct {
	options multiboot.Words // the kernel's command line

	serial     *uart.Port
	serialLine *interrupts.Line
	screen     term.Screen

	console  *console.Console
	terminal *tty.Terminal
	logs     *log.Console
	trace    trace.Set

	tables *acpi.Tables
	power  power.Switch
	apic   *controllers

	controller *ps2.Controller
	keys       *ps2.Keyboard
	keyboard   *keymap.Keyboard
	mouse      *ps2.Mouse
	moves      commands.Feed[ps2.MouseEvent]

	session *shell.Session
}

// ports is the machine's I/O port space.
var ports ioport.Hardware

// startMemory tells what memory there is and sets the heap's limit: from three
// quarters of it on the collector works harder rather than let the heap grow.
// Boot modules stay where they are; what they hold is not the heap's.
func (m *machine) startMemory() error {
	m.options = start.Info.Words()
	m.checkOptions()
	s := start.Frames.Stats()
	total := s.Total * mm.PageSize
	ours := total
	for _, module := range start.Info.Modules() {
		ours -= min(ours, module.Range.Size())
	}
	debug.SetMemoryLimit(int64(ours / 4 * 3))
	debug.SetMaxStack(int(min(total/8, 64<<20)))
	log.Infof("memory", "%d MiB of RAM, %d MiB free, loaded by %s", total>>20, s.Free*mm.PageSize>>20, start.Info.Loader())
	for f := multiboot.Flaw(1); f != 0; f <<= 1 {
		if start.Info.Flaws&f != 0 {
			log.Warnf("memory", "the boot loader gave %v", f)
		}
	}
	return nil
}

// run is what the kernel does from now on.
func (m *machine) run(ctx context.Context) {
	start.KeepReserve()
	if script, ok := m.options.Get("run"); ok {
		m.session.Script(ctx, script)
	}
	err := m.session.Run(ctx)
	panic(fmt.Sprintf("the shell has ended: %v", err))
}
