// Package console is where everything that the kernel says comes together.
//
// Three kinds of text want to be seen: what programs and the shell print, the
// kernel's log, and the last words of a kernel that dies. Several devices can
// show it: a serial line, the text screen, a framebuffer. A Console joins
// them; each device, a Sink, says which kinds it takes:
//
//	Program --.             .--> serial line
//	Log ------+--> Console -+--> terminal -> text screen
//	Crash ----'             '--> terminal -> framebuffer
//
// There are two ways in. Write is for goroutines: it holds a lock, so what one
// call writes stays together, and it may wait for a slow line. For panics and
// interrupt handlers there is EmergencyWriteByte: it takes no lock, since the
// one who holds it may never run again, allocates nothing, and polls.
//
// In GDB: break console.(*Console).Write.
//
// Locks: Console.mu, held while devices are written to. Nothing is locked
// under it.
package console

import (
	"io"
	"iter"
	"sync"
	"sync/atomic"

	"vitrine/kernel/term"
)

// Error is an error of this package.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// ErrFull says that there are as many sinks as a console can have.
const ErrFull Error = "console: no room for another sink"

// maxSinks is how many devices a console can have. The array is fixed, so that
// a panic finds it whole.
const maxSinks = 8

// Source is a set of kinds of text.
type Source uint32

// The kinds of text.
const (
	Program Source = 1 << 0 // what programs and the shell print
	Log     Source = 1 << 1 // the kernel's log
	Crash   Source = 1 << 2 // what EmergencyWriteByte says
	All     Source = Program | Log | Crash
)

// Serial is a line that takes bytes as they are: *uart.Port.
type Serial interface {
	// Write sends p, through a buffer if it likes.
	io.Writer

	// WriteByte sends c after what was written before. It works in a panic:
	// without locks, allocation and interrupts.
	io.ByteWriter
}

// Console writes to all its sinks. The zero value has none.
type Console struct {
	mu      sync.Mutex
	writing atomic.Bool // somebody is in the middle of Write
	rescued atomic.Bool // the terminals have been recovered from that

	sinks [maxSinks]Sink
	count atomic.Int32

	// Under mu: text on its way to the sinks, and see Defer.
	buffer  [4096]byte
	arm     func() // has Refresh called, or nil
	waiting bool   // it has been called, and Refresh not yet
	stale   bool   // the screens are behind the terminals
}

// New returns a console without sinks.
func New() *Console { return &Console{} }

// AddSerial makes a serial line a sink for all text.
//
// Errors:  ErrFull.
// Context: goroutine.
func (c *Console) AddSerial(name string, s Serial) (*Sink, error) {
	return c.add(func(k *Sink) { k.name, k.serial = name, s })
}

// AddScreen makes a screen, through a terminal of its own, a sink for all text.
//
// Errors:  ErrFull.
// Context: goroutine.
func (c *Console) AddScreen(name string, s term.Screen) (*Sink, error) {
	t := term.New(s)
	return c.add(func(k *Sink) { k.name, k.terminal = name, t })
}

func (c *Console) add(fill func(*Sink)) (*Sink, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.count.Load()
	if n == maxSinks {
		return nil, ErrFull
	}
	k := &c.sinks[n]
	k.console = c
	fill(k)
	k.Accept(All)
	c.count.Store(n + 1) // only now a panic may see it
	return k, nil
}

// all returns the sinks that have been added.
func (c *Console) all() []Sink { return c.sinks[:c.count.Load()] }

// Sinks yields the sinks in the order in which they were added.
func (c *Console) Sinks() iter.Seq[*Sink] {
	return func(yield func(*Sink) bool) {
		sinks := c.all()
		for i := range sinks {
			if !yield(&sinks[i]) {
				return
			}
		}
	}
}

// Sink returns the sink with this name, or nil.
//
// Context: any; never allocates.
func (c *Console) Sink(name string) *Sink {
	sinks := c.all()
	for i := range sinks {
		if sinks[i].name == name {
			return &sinks[i]
		}
	}
	return nil
}

// Size returns the columns and rows of the first screen, or 80 and 25 if there
// is none.
//
// Context: any; never allocates.
func (c *Console) Size() (cols, rows int) {
	sinks := c.all()
	for i := range sinks {
		if sinks[i].terminal != nil {
			return sinks[i].terminal.Size()
		}
	}
	return 80, 25
}
