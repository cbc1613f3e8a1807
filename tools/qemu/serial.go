package qemu

import (
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Stream is the machine's serial line.
type Stream struct {
	conn net.Conn
	sink io.Writer // where everything goes; nil: it is kept
	done chan struct{}

	mu    sync.Mutex
	all   []byte
	seen  int           // what WaitFor has consumed
	more  chan struct{} // closed and replaced when all grows or the line ends
	ended bool
}

// ErrEnded is the error of a wait on a machine that has stopped.
var ErrEnded = errors.New("the machine has stopped")

// newStream starts reading from conn.
func newStream(conn net.Conn, sink io.Writer) *Stream {
	s := &Stream{conn: conn, sink: sink, done: make(chan struct{}), more: make(chan struct{})}
	go s.read()
	return s
}

// read takes what the machine sends, to the end.
func (s *Stream) read() {
	defer close(s.done)
	b := make([]byte, 16<<10)
	for {
		n, err := s.conn.Read(b)
		if s.sink != nil {
			s.sink.Write(b[:n])
		}
		s.mu.Lock()
		if s.sink == nil {
			s.all = append(s.all, b[:n]...)
		}
		s.ended = err != nil // ECONNRESET included: QEMU ended with input unread
		close(s.more)
		s.more = make(chan struct{})
		s.mu.Unlock()
		if err != nil {
			return
		}
		time.Sleep(coalesce)
	}
}

// coalesce is a pause after each read. QEMU sends every byte by itself, and
// waking a reader for each would cost it two thirds of its time.
const coalesce = time.Millisecond

// Write sends b to the machine.
func (s *Stream) Write(b []byte) (int, error) { return s.conn.Write(b) }

// Send sends text to the machine.
func (s *Stream) Send(text string) error {
	_, err := io.WriteString(s.conn, text)
	return err
}

// WaitFor waits until the pattern matches what the machine has written since
// the previous match, and returns the match and its groups. Text up to the end
// of the match is consumed.
//
// Errors: the limit has passed, or the machine has stopped (ErrEnded); the text
// has what it wrote instead.
func (s *Stream) WaitFor(pattern string, limit time.Duration) ([]string, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	timeout := time.NewTimer(limit)
	defer timeout.Stop()
	for {
		s.mu.Lock()
		fresh, more, ended := s.all[s.seen:], s.more, s.ended
		if at := re.FindSubmatchIndex(fresh); at != nil {
			s.seen += at[1]
			s.mu.Unlock()
			return groups(fresh, at), nil
		}
		s.mu.Unlock()
		if ended {
			return nil, fmt.Errorf("waiting for %q: %w; it wrote:\n%s", pattern, ErrEnded, lastLines(fresh, 25))
		}
		select {
		case <-more:
		case <-timeout.C:
			return nil, fmt.Errorf("waiting for %q: not within %v; it wrote:\n%s", pattern, limit, lastLines(fresh, 25))
		}
	}
}

// Text returns everything that the machine has written so far.
func (s *Stream) Text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.all)
}

// groups returns the texts that a match's indices stand for.
func groups(b []byte, at []int) []string {
	out := make([]string, len(at)/2)
	for i := range out {
		if at[2*i] >= 0 {
			out[i] = string(b[at[2*i]:at[2*i+1]])
		}
	}
	return out
}

// lastLines returns the last n lines of b, indented.
func lastLines(b []byte, n int) string {
	lines := strings.Split(strings.TrimRight(string(b), "\r\n"), "\n")
	lines = lines[max(0, len(lines)-n):]
	return "  | " + strings.Join(lines, "\n  | ")
}
