package session

import "sync"

// tape keeps what a machine writes.
type tape struct {
	mu   sync.Mutex
	all  []byte
	more chan struct{} // closed and replaced when all grows
}

func newTape() *tape { return &tape{more: make(chan struct{})} }

// Write takes what a machine writes.
func (t *tape) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(b) > 0 {
		t.all = append(t.all, b...)
		close(t.more)
		t.more = make(chan struct{})
	}
	return len(b), nil
}

// since returns what came from the given place on, and a channel that is
// closed when there is more.
func (t *tape) since(at int) (string, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.all[at:]), t.more
}

func (t *tape) text() string {
	text, _ := t.since(0)
	return text
}
