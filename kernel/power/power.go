// Package power turns the machine off, or makes it start again.
//
// Neither is an instruction of the processor. Both are writes to registers of
// the chip set, and which ones differs from machine to machine. What to write
// where stands in the ACPI tables (Wire); for machines without, there are the
// ways that PCs have had since before ACPI.
//
//	Off     ACPI: sleep type of S5 and "sleep enable" to the PM1 control
//	        registers, as the firmware's tables say; then the fixed ports of
//	        some emulators; then it says so, and halts
//	Reboot  ACPI: the reset register; then the keyboard controller, one of
//	        whose output lines is the processor's reset; then port 0xcf9 of
//	        Intel's chip sets; then a triple fault; then it says so, and halts
//
// Nobody acknowledges such a write: either the machine is gone, or the next
// way is tried after a while. Reading port 0x80 passes the time, since it
// takes about a microsecond on any machine and needs no clock.
//
// Read Switch.Off. In GDB: break power.(*Switch).Off.
//
// Locking: none. Context: Off, Reboot and DebugExit work anywhere, after a
// panic too: best with interrupts off; they do not allocate.
package power

import (
	"vitrine/drivers/ioport"
	"vitrine/mm"
)

// Switch is the machine's power switch. IO must be set, the rest may be left
// out.
type Switch struct {
	IO     ioport.Space
	Wiring Wiring // what ACPI says

	Poke        func(a mm.PhysAddr, v uint8) // writes a byte of device memory
	TripleFault func()                       // makes the processor give up; does not return
	Say         func(message string)         // tells the person at the screen
	Halt        func()                       // stops the processor for good
}

// Messages for the person at the screen.
const (
	SafeToTurnOff = "power: this machine cannot turn itself off; it is safe to turn it off now"
	CannotRestart = "power: this machine does not restart; turn it off and on again"
)

const (
	debugExitPort uint16 = 0xf4
	delayPort     uint16 = 0x80

	patience       = 50_000  // microseconds until the next way is tried
	enablePatience = 500_000 // until the firmware should have turned ACPI on
)

// delay lets about n microseconds pass.
func (s *Switch) delay(n int) {
	for range n {
		s.IO.In8(delayPort)
	}
}

// halt says why, and stops. It returns only if there is no Halt.
func (s *Switch) halt(message string) {
	if s.Say != nil {
		s.Say(message)
	}
	if s.Halt != nil {
		s.Halt()
	}
}

// DebugExit ends QEMU, if it has the device isa-debug-exit at port 0xf4; its
// exit status is then code<<1 | 1. Without the device nothing happens.
//
// Context: any; does not allocate.
func (s *Switch) DebugExit(code uint8) { s.IO.Out8(debugExitPort, code) }
