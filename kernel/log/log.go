// Package log is the kernel's memory of what happened.
//
// A hosted program writes its log to a file and lets somebody else worry. A
// kernel has to say things before there is a console, from inside an interrupt
// handler, and while it dies. So writing a record and showing it are two
// different things here:
//
//	Write, Infof, slog ──> Ring (64 KiB, fixed) ──> Reader ──> console
//	any context                                └──> Reader ──> the command "log"
//	                                           └──> Reader ──> the panic screen
//
// Writing copies bytes into a ring and returns. Each reader follows at its own
// pace; one that comes late starts with the oldest record still kept, so what
// was said before the console was up appears when the console comes up. When
// the ring is full, the oldest records give way, and readers are told how many
// they missed.
//
// Read Ring.Write first, then Reader.Next. In GDB: break log.(*Ring).Write, or
// p/s log.kernel.data to see the raw text of a machine that says nothing.
//
// Locking: a spin lock inside the ring, held with interrupts off for the copy
// of one record; it is a leaf, nothing is called under it.
package log

import "fmt"

// Level says how much a record matters. The numbers are those of log/slog.
type Level int8

// The levels.
const (
	Debug Level = -4
	Info  Level = 0
	Warn  Level = 4
	Error Level = 8
	Off   Level = 127 // as a console's threshold: show nothing
)

var levelNames = [...]struct {
	level Level
	name  string
}{{Debug, "debug"}, {Info, "info"}, {Warn, "warn"}, {Error, "error"}, {Off, "off"}}

// String returns the level's name. A level between two names is called by the
// lower one.
func (l Level) String() string {
	name := levelNames[0].name
	for _, n := range levelNames {
		if n.level <= l {
			name = n.name
		}
	}
	return name
}

// ParseLevel is the inverse of String: debug, info, warn, error or off.
//
// Errors: one that lists the names.
func ParseLevel(s string) (Level, error) {
	for _, n := range levelNames {
		if n.name == s {
			return n.level, nil
		}
	}
	return Info, fmt.Errorf("no log level %q: use debug, info, warn, error or off", s)
}

// The kernel sets these once, while it boots. Each may be nil until then: a
// record written without a clock has the time 0.
var (
	// Now returns the nanoseconds since boot. It is called in any context.
	Now func() int64

	// InterruptsOff disables interrupts on this CPU and returns what
	// InterruptsRestore needs to undo that. They guard the ring against
	// handlers that write to it. Called in any context.
	InterruptsOff     func() uint64
	InterruptsRestore func(uint64)

	// Wake makes the wait of Serve return. It is called after each Write, in
	// any context, and must neither block nor allocate.
	Wake func()
)

// kernel is the kernel's one log.
var kernel Ring

// Kernel returns the kernel's log, for reading.
func Kernel() *Ring { return &kernel }

// Write adds a record to the kernel's log.
//
// Context: any, also before the runtime is up and in interrupt handlers. Does
// not allocate. From a goroutine, Infof and Handler are more comfortable.
func Write(level Level, source, text string) { kernel.Write(level, source, text) }

// WriteValue is Write with a number after the text, in hexadecimal, for those
// who cannot afford package fmt.
//
// Context: any. Does not allocate.
func WriteValue(level Level, source, text string, value uint64) {
	kernel.WriteValue(level, source, text, value)
}

// Debugf formats a debug record and adds it to the kernel's log. Context: a
// goroutine, as for the three that follow.
func Debugf(source, format string, args ...any) { kernel.printf(Debug, source, format, args) }

// Infof formats an ordinary record and adds it to the kernel's log.
func Infof(source, format string, args ...any) { kernel.printf(Info, source, format, args) }

// Warnf formats a warning and adds it to the kernel's log.
func Warnf(source, format string, args ...any) { kernel.printf(Warn, source, format, args) }

// Errorf formats an error and adds it to the kernel's log.
func Errorf(source, format string, args ...any) { kernel.printf(Error, source, format, args) }

func (r *Ring) printf(level Level, source, format string, args []any) {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	r.put(level, source, text, nil)
	r.notify()
}
