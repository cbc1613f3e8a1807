package commands

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"vitrine/kernel/shell"
)

// spinning is what the command spin has started.
type spinning struct {
	mu   sync.Mutex
	stop *atomic.Bool // ends all; nil: there are none
	n    int
}

func (m *Machine) spinCommand() *shell.Command {
	return &shell.Command{
		Name: "spin", Args: "[SECONDS [N]]", Short: "keep processors busy, with loops that nothing but the timer ends",
		Long: "Starts N goroutines (one, unless told otherwise) that count and call nothing, for\n" +
			"so many seconds, and returns. The shell still answers: the timer's interrupt\n" +
			"takes the processor away from them. 'cpus' shows the load, 'spin 0' ends it.",
		Run: m.spin,
	}
}

func (m *Machine) spin(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	seconds, n := a.WordOr("SECONDS", ""), int(a.NumberOr("N", 1))
	if err := a.Done(); err != nil {
		return err
	}
	s := &m.spinning
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil && (s.stop.Load() || seconds == "0") {
		s.stop.Store(true)
		s.stop, s.n = nil, 0
	}
	if seconds != "" && seconds != "0" {
		d, err := shell.ParseDuration(seconds)
		if err != nil {
			return shell.Usagef("SECONDS: '%s' is not a duration: write 2, 0.5 or 200ms", seconds)
		}
		if n < 1 || n > most {
			return shell.Usagef("N: 1 to %d goroutines", most)
		}
		s.start(d, n)
	}
	sh.Printf("%d spinning\n", s.n)
	return nil
}

// most is how many goroutines may spin: more than there can be processors.
const most = 64

// start starts n goroutines, in place of those that spin already.
func (s *spinning) start(d time.Duration, n int) {
	if s.stop != nil {
		s.stop.Store(true)
	}
	stop := new(atomic.Bool)
	for range n {
		go count(stop)
	}
	time.AfterFunc(d, func() { stop.Store(true) })
	s.stop, s.n = stop, n
}

// count counts until it is told to stop. It calls nothing.
//
//go:noinline
func count(stop *atomic.Bool) (n uint64) {
	for !stop.Load() {
		n++
	}
	return n
}
