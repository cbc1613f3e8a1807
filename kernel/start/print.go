//go:build tamago

package start

import (
	"unsafe"

	"vitrine/drivers/ioport"
	"vitrine/drivers/uart"
	"vitrine/drivers/vga"
	"vitrine/kernel/cpu"
	"vitrine/kernel/crash"
)

// The first voices of the kernel, until it has a console.
var (
	serial     = uart.Polled{IO: ioport.Hardware{}, Base: uart.COM1}
	screen     = vga.Early{}
	serialDead bool
	plainText  bool // no CR before LF: a program reads the serial line
)

// emergency, if set, takes the place of the first voices.
var emergency func(c byte)

// SetEmergency tells where Printk goes from now on: to a console that can be
// written to from any context. Context: goroutines, interrupts off.
func SetEmergency(put func(c byte)) { emergency = put }

func startSerial() {
	serialDead = serial.Init(uart.DefaultBaud) != nil
}

// Printk writes one byte of what the runtime has to say: panics, tracebacks,
// println. It is the runtime's hook of that name.
//
// Context: any.
func Printk(c byte) {
	if inReport {
		reporter.Foreign(c)
		return
	}
	crash.Keep(c)
	put(c)
}

// put writes one byte to everything that can show it.
func put(c byte) {
	if emergency != nil {
		emergency(c)
		return
	}
	putEarly(c)
}

func putEarly(c byte) {
	if !serialDead {
		if c == '\n' && !plainText {
			serial.WriteByte('\r')
		}
		serial.WriteByte(c)
	}
	if Info.EFI.Bits == 0 && !plainText {
		screen.WriteByte(c)
	}
}

// print writes s by Printk.
func print(s string) {
	for i := 0; i < len(s); i++ {
		Printk(s[i])
	}
}

// Die ends a start that cannot succeed: it says what failed and why, and halts.
//
// Context: any.
func Die(what string, why error) {
	print("\nvitrine: cannot start: ")
	print(what)
	print(": ")
	print(why.Error())
	print("\n")
	stop()
}

func stop() {
	died()
	if exitToQEMU {
		debugExit(3)
	}
	cpu.Halt()
}

// printDecimal writes v in decimal.
func printDecimal(v uint64) {
	if v >= 10 {
		printDecimal(v / 10)
	}
	Printk('0' + byte(v%10))
}

func addressOf[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }
