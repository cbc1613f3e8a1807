package console

import "io"

// Write shows p, a program's text, on all sinks that take such. A line feed
// also goes to the start of the line, but see Sink.Plain. What one call writes is not mixed with
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

// write passes p on, a buffer at a time, to the sinks that take it: as it is to
// plain ones, with CR LF for LF to the others.
func (c *Console) write(kind Source, p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rescued.Store(false)
	c.writing.Store(true)
	defer c.writing.Store(false)
	for len(p) > 0 {
		done, n := 0, 0
		for done < len(p) && n < len(c.buffer)-1 {
			if p[done] == '\n' {
				c.buffer[n] = '\r'
				n++
			}
			c.buffer[n] = p[done]
			n++
			done++
		}
		sinks := c.all()
		for i := range sinks {
			if sinks[i].accepts(kind) {
				sinks[i].write(p[:done], c.buffer[:n])
			}
		}
		p = p[done:]
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
func (c *Console) EmergencyWriteByte(b byte) { c.emergency(b, true) }

// EmergencyDetail is EmergencyWriteByte for what would only push more important
// things off a screen: it goes to serial lines alone.
//
// Context: as EmergencyWriteByte.
func (c *Console) EmergencyDetail(b byte) { c.emergency(b, false) }

func (c *Console) emergency(b byte, screens bool) {
	sinks := c.all()
	if c.writing.Load() && c.rescued.CompareAndSwap(false, true) {
		for i := range sinks {
			sinks[i].rescue()
		}
	}
	for i := range sinks {
		k := &sinks[i]
		if !k.accepts(Crash) || k.terminal != nil && !screens {
			continue
		}
		if b == '\n' && !k.plain.Load() {
			k.emergency('\r')
		}
		k.emergency(b)
	}
}
