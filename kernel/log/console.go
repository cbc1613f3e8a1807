package log

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
)

// Console shows the records of a ring on a terminal.
type Console struct {
	w      io.Writer
	colour bool
	level  atomic.Int32

	mu     sync.Mutex // guards the two below; held while w writes
	reader Reader
	line   []byte
	seen   atomic.Uint64 // records handled, shown or not
}

// NewConsole returns a console that shows the records of r that matter at
// least as much as threshold, the backlog first. Nothing is shown before Run
// or Flush is called.
func NewConsole(r *Ring, w io.Writer, threshold Level, colour bool) *Console {
	c := &Console{w: w, colour: colour, reader: r.Reader(), line: make([]byte, 0, 2*MaxText)}
	c.level.Store(int32(threshold))
	return c
}

// Threshold returns the lowest level that is shown.
func (c *Console) Threshold() Level { return Level(c.level.Load()) }

// SetThreshold changes it, for the records to come.
func (c *Console) SetThreshold(l Level) { c.level.Store(int32(l)) }

// Run shows records as they are written, until ctx is done. One goroutine
// writes, so whoever logs while holding the terminal's lock does not wait for
// itself.
//
// Context: a goroutine of its own.
func (c *Console) Run(ctx context.Context) {
	news := make(chan struct{}, 1)
	r := c.reader.ring
	r.subscribe(news)
	defer r.unsubscribe(news)
	for {
		c.Flush()
		select {
		case <-ctx.Done():
			return
		case <-news:
		}
	}
}

// Flush shows what has been written and not shown yet. The boot list calls it
// before the prompt, so that the log stands above it.
//
// Context: a goroutine.
func (c *Console) Flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	var rec Record
	for c.reader.Next(&rec) {
		c.line = c.line[:0]
		if lost := c.reader.Lost(); lost > 0 {
			gap := lostRecord(lost, rec.Time)
			c.line = gap.Append(c.line, c.colour)
		}
		if rec.Level >= c.Threshold() {
			c.line = rec.Append(c.line, c.colour)
		}
		if len(c.line) > 0 {
			c.w.Write(c.line)
		}
		c.seen.Store(rec.Number + 1)
	}
}

// Unseen calls show for each record that the console has not handled yet. It
// is for the panic screen: it takes no lock but the ring's and does not
// allocate.
//
// Context: any.
func (c *Console) Unseen(rec *Record, show func(*Record)) {
	reader := c.reader.ring.Reader()
	for reader.Next(rec) {
		if rec.Number >= c.seen.Load() {
			show(rec)
		}
	}
}

// lostRecord returns the record that stands for n overwritten ones.
func lostRecord(n uint64, now int64) *Record {
	rec := &Record{Time: now, Level: Warn}
	rec.source = copy(rec.data[:], "log")
	text := append(appendPadded(nil, n, 1, ' '), " records lost"...)
	rec.text = copy(rec.data[rec.source:], text)
	return rec
}
