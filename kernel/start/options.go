//go:build tamago

package start

// Options that count before there is a command line parser; package kernel
// reads the others.
//
//	panic=exit      after a panic leave QEMU through its debug-exit device
//	panic=halt      stop (the default)
//	panic=reboot    start again
//	console=test    the serial line belongs to the program: no kernel messages
var (
	exitToQEMU  bool
	rebootAfter bool
)

func readOptions() {
	var b [16]byte
	if v, ok := Info.Lookup("panic", b[:]); ok {
		exitToQEMU = string(v) == "exit"
		rebootAfter = string(v) == "reboot"
	}
	if v, ok := Info.Lookup("console", b[:]); ok && string(v) == "test" {
		plainText = true
		exitToQEMU = true
	}
	switch { // as exit and Stop do
	case exitToQEMU:
		reporter.After = "QEMU is told to end; any other machine is halted."
	case rebootAfter:
		reporter.After = "The machine starts again."
	}
}

// ForProgram tells whether the machine runs one program, such as a test
// binary, which has the serial line to itself.
func ForProgram() bool { return plainText }
