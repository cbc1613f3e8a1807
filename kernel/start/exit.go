//go:build tamago

package start

import (
	"vitrine/drivers/ioport"
	"vitrine/interrupts"
	"vitrine/kernel/cpu"
)

// debugExitPort is where the runner of tests puts QEMU's isa-debug-exit device:
// writing v ends QEMU with status v<<1 | 1.
const debugExitPort = 0xf4

// debugExit ends QEMU with a code of 0 to 127. (A process's status has 8 bits,
// of which QEMU takes the lowest: a code above 127 would lose its highest
// bit, and 128 would look like success.) Others become 127.
func debugExit(code int32) {
	if code < 0 || code > 127 {
		code = 127
	}
	ioport.Hardware{}.Out8(debugExitPort, uint8(code))
}

// onExit, if set, gets the exit code before the machine stops.
var onExit func(code int32)

// SetOnExit tells what to do when the program ends or a panic has been printed,
// before the machine stops: show registers, flush the console.
func SetOnExit(f func(code int32)) { onExit = f }

// exit ends the machine: os.Exit, the return of main.main, or a panic that
// nobody recovered (code 2). It is the runtime's hook Exit.
//
// Context: g0 or a goroutine.
func exit(code int32) {
	if onExit != nil {
		onExit(code)
	}
	cpu.DisableInterrupts()
	die(nil, 0)
	if code != 0 && !plainText {
		reporter.Symbols = true // this is a g of the runtime's
		reporter.Panic(code, panicking())
	}
	if code != 0 {
		died()
	}
	if exitToQEMU {
		debugExit(code)
	}
	if code != 0 && rebootAfter {
		Reset()
	}
	cpu.Halt()
}

// panicking returns the exception that made the current goroutine panic; nil if
// none did, or if the last one is another one.
func panicking() *interrupts.LastPanic {
	g, pc := trapped()
	if last := &interrupts.Last; g != 0 && last.Valid && last.G == g && last.Frame.IP == uint64(pc) {
		return last
	}
	return nil
}

// Stop ends the machine after a report, as the options say.
//
// Context: any, interrupts off.
func Stop(code int32) {
	died()
	if exitToQEMU {
		debugExit(code)
	}
	if rebootAfter {
		Reset()
	}
	cpu.Halt()
}

// Reset makes the processor start again, by the keyboard controller's reset
// line or, failing that, by a triple fault.
func Reset() {
	ioport.Hardware{}.Out8(0x64, 0xfe)
	for range 1 << 20 {
		cpu.Pause()
	}
	TripleFault()
}

// TripleFault makes the processor give up: with an empty IDT an exception finds
// no gate, nor does the double fault that follows.
//
// Context: any.
func TripleFault() {
	var none [10]byte
	cpu.LoadIDT(&none)
	interrupts.Trap()
	cpu.Halt()
}
