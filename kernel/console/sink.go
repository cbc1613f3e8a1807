package console

import (
	"sync/atomic"

	"vitrine/kernel/term"
)

// Sink is a device of a Console.
type Sink struct {
	console  *Console
	name     string
	serial   Serial         // or
	terminal *term.Terminal // one of the two is set

	accepted atomic.Uint32 // a Source
	plain    atomic.Bool   // LF stays LF
	failed   atomic.Uint64
	inside   atomic.Bool // an emergency is drawing
}

// Name returns the name that the sink was added with.
func (k *Sink) Name() string { return k.name }

// Accept sets which kinds of text the device is to get; none turns it off.
//
// Context: any; never allocates.
func (k *Sink) Accept(kinds Source) { k.accepted.Store(uint32(kinds)) }

// Accepted returns what Accept has set.
func (k *Sink) Accepted() Source { return Source(k.accepted.Load()) }

// Plain makes a serial line send line feeds as they are, for a program at its
// other end; a terminal there wants CR LF. A screen is not concerned.
//
// Context: any; never allocates.
func (k *Sink) Plain(on bool) { k.plain.Store(on && k.terminal == nil) }

// Failed returns how often the device returned an error. Nobody else hears of
// it: that one device is dead is no reason not to use the others.
func (k *Sink) Failed() uint64 { return k.failed.Load() }

// OnReply sets who gets the answers to questions in the text: see
// term.Terminal.OnReply. On a serial line the terminal at its other end
// answers, so there it does nothing.
func (k *Sink) OnReply(f func(answer []byte)) {
	if k.terminal != nil {
		k.console.mu.Lock()
		defer k.console.mu.Unlock()
		k.terminal.OnReply(f)
	}
}

// Redraw shows everything again, after something else has drawn on the screen.
//
// Context: goroutine.
func (k *Sink) Redraw() {
	if k.terminal != nil {
		k.console.mu.Lock()
		defer k.console.mu.Unlock()
		k.terminal.Redraw()
	}
}

// Text returns what a screen shows, row by row; nothing for a serial line.
//
// Context: goroutine.
func (k *Sink) Text() []string {
	if k.terminal == nil {
		return nil
	}
	k.console.mu.Lock()
	defer k.console.mu.Unlock()
	_, rows := k.terminal.Size()
	text := make([]string, rows)
	for y := range text {
		text[y] = k.terminal.Line(y)
	}
	return text
}

func (k *Sink) accepts(kind Source) bool { return k.Accepted()&kind != 0 }

// write passes on p, or cooked, which is the same with CR LF for LF. A screen
// shows it when drawn.
func (k *Sink) write(p, cooked []byte) {
	if k.terminal != nil {
		k.terminal.Feed(cooked)
		return
	}
	if !k.plain.Load() {
		p = cooked
	}
	if _, err := k.serial.Write(p); err != nil {
		k.failed.Add(1)
	}
}

// draw brings a screen up to date.
func (k *Sink) draw() {
	if k.terminal != nil {
		k.terminal.Flush()
	}
}

// emergency passes on one byte. If drawing it is what the panic came from, the
// screen is left alone from then on.
func (k *Sink) emergency(c byte) {
	if k.terminal == nil {
		if k.serial.WriteByte(c) != nil {
			k.failed.Add(1)
		}
		return
	}
	if k.inside.CompareAndSwap(false, true) {
		_ = k.terminal.WriteByte(c)
		k.inside.Store(false)
	}
}

// rescue makes the terminal usable after a write that may never end.
func (k *Sink) rescue() {
	if k.terminal != nil && k.inside.CompareAndSwap(false, true) {
		k.terminal.Recover()
		k.inside.Store(false)
	}
}
