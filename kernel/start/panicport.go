//go:build tamago

package start

import "vitrine/drivers/ioport"

// The port of QEMU's device pvpanic, by which a kernel says that it has died
// (docs/specs/pvpanic in QEMU's sources). Reading it tells which events the
// device knows; where there is no device a port reads as all ones.
const (
	panicPort     = 0x505
	panicPanicked = 1 << 0
)

// died tells QEMU that the kernel is about to stop for good, if somebody wants
// to know: QEMU then freezes the machine with all that is in it, and 'vit run
// --core' makes a core of that. It may go on afterwards.
//
// Context: any, interrupts off.
func died() {
	port := ioport.Hardware{}
	if knows := port.In8(panicPort); knows != 0xff && knows&panicPanicked != 0 {
		port.Out8(panicPort, panicPanicked)
	}
}
