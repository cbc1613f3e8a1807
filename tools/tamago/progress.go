package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// quiet is how long a derivation may take before it says anything.
const quiet = time.Second

// progress tells a person what takes so long. Nothing is said in the first
// second; then the current step and each later one, and every few seconds how
// long the step has taken. With verbose, everything is said at once.
type progress struct {
	out     io.Writer
	verbose bool
	ticker  *time.Ticker
	quit    chan struct{}

	mu    sync.Mutex
	name  string    // of the current step
	since time.Time // when it began
	loud  bool      // the first second is over
}

func newProgress(out io.Writer, verbose bool) *progress {
	p := &progress{
		out: out, verbose: verbose, loud: verbose,
		ticker: time.NewTicker(quiet), quit: make(chan struct{}),
	}
	go p.watch()
	return p
}

// step ends the current step and begins one that is called name.
func (p *progress) step(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end()
	p.name, p.since = fmt.Sprintf(format, args...), time.Now()
	if p.loud {
		fmt.Fprintf(p.out, "tamago: %s\n", p.name)
	}
}

// note says something right away.
func (p *progress) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, "tamago: "+format+"\n", args...)
}

// stop ends the last step.
func (p *progress) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ticker.Stop()
	close(p.quit)
	p.end()
}

// end reports the time of a step; the caller holds mu.
func (p *progress) end() {
	if p.verbose && p.name != "" {
		fmt.Fprintf(p.out, "tamago: %s: %v\n", p.name, time.Since(p.since).Round(time.Millisecond))
	}
	p.name = ""
}

func (p *progress) watch() {
	for {
		select {
		case <-p.quit:
			return
		case <-p.ticker.C:
			p.tick()
		}
	}
}

func (p *progress) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	seconds := time.Since(p.since).Round(time.Second).Seconds()
	switch {
	case p.name == "":
	case !p.loud:
		p.loud = true
		fmt.Fprintf(p.out, "tamago: %s\n", p.name)
	case int(seconds)%5 == 0 && seconds > 0:
		fmt.Fprintf(p.out, "tamago: %s: %.0f s so far\n", p.name, seconds)
	}
}
