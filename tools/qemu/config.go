package qemu

import (
	"io"
	"os"
	"time"
)

// Config says what machine to start. Its zero value is a machine of QEMU's
// default kind (pc, qemu64) with 128 MiB, without screen, emulated by TCG.
type Config struct {
	Binary string // QEMU's program; "": qemu-system-x86_64 from PATH

	// What to boot: Kernel (a file) or KernelFile (an open one), or ISO.
	Kernel     string
	KernelFile *os.File
	Append     string   // kernel command line
	Modules    []string // files that are put into memory beside Kernel or KernelFile
	ISO        string
	UEFI       bool // start with OVMF rather than SeaBIOS

	Machine string // -machine: pc, q35, and options
	CPU     string // -cpu
	SMP     int    // number of processors; 0: 1
	Memory  int    // MiB; 0: 128
	KVM     bool   // use the host's processor; see ProbeKVM
	// Icount makes the run repeatable: guest time is the number of
	// instructions executed, shifted left by this many bits, in nanoseconds;
	// idle time passes at once. "": off. It excludes KVM.
	Icount string
	Drives []string // arguments of -drive

	DebugExit bool // isa-debug-exit at port 0xf4: the guest ends the run with a status
	Reboot    bool // a reset by the guest restarts the machine; otherwise it ends the run
	Frozen    bool // do not run the first instruction until Continue
	// GDB is the TCP port for GDB on 127.0.0.1, GDBSocket a unix socket for
	// it; 0 and "": none. With either, a machine that triple-faults stays
	// frozen, for GDB to look at.
	GDB       int
	GDBSocket string

	Display   string   // none, curses, gtk, sdl; "": none
	NoVGA     bool     // leave the VGA adapter out
	NoSerial  bool     // leave COM1 out
	QMPSocket string   // also serve QMP on this unix socket, for 'vit qmp'
	LogItems  string   // -d items; "": "int,cpu_reset"; "none": no log, so no Fault
	Extra     []string // further arguments; of -d and -D see logOptions

	// Timeout is the time limit in the host's time; 0: none.
	Timeout time.Duration

	// SerialOut gets what the machine writes to COM1, as it comes. Without
	// it, Serial keeps everything for WaitFor.
	SerialOut io.Writer
	// LogOut gets QEMU's log (see LogItems) as it comes.
	LogOut io.Writer
	// Terminal is what QEMU itself draws on, for Display "curses". QEMU gets
	// it as its controlling terminal, in a session of its own.
	Terminal *os.File
	// OnFault is called when the machine has triple-faulted, before Wait
	// returns. Only of use with GDB, when Wait does not return at once.
	OnFault func(*Fault)
	// OnDeath is called when the kernel has died, with the machine frozen: it
	// has triple-faulted (f says how), or it has said so itself, through the
	// device pvpanic, which the machine then has; f is nil. Afterwards a
	// machine that has said so goes on, unless OnDeath has ended it.
	OnDeath func(m *Machine, f *Fault)
}

// Debugged tells whether the machine serves GDB.
func (c *Config) Debugged() bool { return c.GDB != 0 || c.GDBSocket != "" }

// Defaults of Config.
const (
	DefaultBinary = "qemu-system-x86_64"
	DefaultMemory = 128 // MiB
	// ExitPort is the I/O port of isa-debug-exit.
	ExitPort = 0xf4
	// DebugExitDevice is the argument of -device for it.
	debugExitDevice = "isa-debug-exit,iobase=0xf4,iosize=0x04"
	// PanicDevice is the argument of -device for the device, at port 0x505, by
	// which a kernel says that it has died.
	panicDevice = "pvpanic"
)
