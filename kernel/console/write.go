package console

import "io"

// Write shows p, a program's text, on all sinks that take such. A line feed
// also goes to the start of the line. What one call writes is not mixed with
// what others write. It returns no error: see Sink.Failed.
//
// Context: goroutine. It may wait for a slow serial line; never allocates.
func (c *Console) Write(p []byte) (int, error) {
	c.write(Program, p)
	return len(p), nil
}

// Writer returns a writer for text of this kind, which is otherwise as Write.
func (c *Console) Writer(kind Source) io.Writer { return &writer{c, kind} }

type writer struct {
	console *Console
	kind    Source
}

func (w *writer) Write(p []byte) (int, error) {
	w.console.write(w.kind, p)
	return len(p), nil
}

// write turns LF into CR LF, for all sinks at once, a buffer at a time.
func (c *Console) write(kind Source, p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rescued.Store(false)
	c.writing.Store(true)
	defer c.writing.Store(false)
	for len(p) > 0 {
		n := 0
		for len(p) > 0 && n < len(c.buffer)-1 {
			if p[0] == '\n' {
				c.buffer[n] = '\r'
				n++
			}
			c.buffer[n] = p[0]
			n++
			p = p[1:]
		}
		sinks := c.all()
		for i := range sinks {
			if sinks[i].accepts(kind) {
				sinks[i].write(c.buffer[:n])
			}
		}
	}
	c.update()
}

// EmergencyWriteByte shows b on all sinks that take Crash, now. If somebody is
// in the middle of Write, the terminals drop what they were doing and go on in
// a new line.
//
// Context: any: in a panic, an interrupt handler, with interrupts off, whoever
// holds whichever lock. Polls; never allocates. Two at once do no harm but may
// mix their text.
func (c *Console) EmergencyWriteByte(b byte) {
	sinks := c.all()
	if c.writing.Load() && c.rescued.CompareAndSwap(false, true) {
		for i := range sinks {
			sinks[i].rescue()
		}
	}
	for i := range sinks {
		k := &sinks[i]
		if !k.accepts(Crash) {
			continue
		}
		if b == '\n' {
			k.emergency('\r')
		}
		k.emergency(b)
	}
}
