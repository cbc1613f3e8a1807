// Package trace shows what the kernel does while it does it.
//
// A log says what matters; a trace says everything, for the moment in which
// somebody looks. The code under study holds a Point and calls Record at each
// stage of its work. Switched off, that costs one load and one branch. Switched
// on, it stores an Event into a ring, from which the shell's command "trace"
// prints it:
//
//	> trace kbd on
//	[   5.201377] kbd     byte      0x1e
//	[   5.201401] kbd     code      set 1: 1e
//	[   5.201420] kbd     event     A down
//	[   5.201433] kbd     rune      'a'
//
// An Event is five numbers: what they mean is told by the Point's Stages, and
// only when they are printed. So a handler can record without package fmt.
//
// Read Point.Record first, then Set.Since. In GDB: break
// trace.(*Point).Record if p.name == "kbd".
//
// Locking: none on the recording side; each slot of the ring carries the
// number of its event, by which a reader sees whether it was overwritten
// while being read.
package trace

import "sync/atomic"

// Capacity is the number of events that a Set keeps, a power of two.
const Capacity = 2048

// Event is one thing that happened.
type Event struct {
	Number uint64 // counts from 0, over all points
	Time   int64  // nanoseconds since boot
	Point  *Point
	Stage  int
	Args   [3]uint64
}

// Stage describes one kind of event at a point.
type Stage struct {
	Name string

	// Format tells in words what the arguments say. Nil prints them in
	// hexadecimal. It is called when the event is shown, not when it happens.
	Format func(args [3]uint64) string
}

// Point is a place in the kernel that can be watched. Make it with New and
// hand it to Set.Add; until then it records nothing.
type Point struct {
	name   string
	help   string
	stages []Stage

	on    atomic.Bool
	count atomic.Uint64
	index uint64
	set   *Set
}

// New returns a point, switched off. The stages are numbered from 0.
func New(name, help string, stages ...Stage) *Point {
	return &Point{name: name, help: help, stages: stages}
}

// Name returns the name by which the point is switched on.
func (p *Point) Name() string { return p.name }

// Help returns one line that says what the point shows.
func (p *Point) Help() string { return p.help }

// Stages returns the point's kinds of event.
func (p *Point) Stages() []Stage { return p.stages }

// On tells whether events are being recorded. Callers that must compute an
// argument first may ask; Record asks by itself. Context: any.
func (p *Point) On() bool { return p.on.Load() }

// Count returns how many events the point has recorded.
func (p *Point) Count() uint64 { return p.count.Load() }

// Record notes that stage happened, if the point is switched on.
//
// Context: any, interrupt handlers included. Does not allocate, takes no lock.
func (p *Point) Record(stage int, a, b, c uint64) {
	if p.on.Load() {
		p.count.Add(1)
		p.set.record(p.index, stage, a, b, c)
	}
}
