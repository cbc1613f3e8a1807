package qemu

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// QMP speaks QEMU's control protocol: one JSON object a line, commands one
// way, replies and events the other (QEMU's "QEMU Machine Protocol
// Specification"). Safe for use by several goroutines.
type QMP struct {
	conn    net.Conn
	command sync.Mutex // one command at a time
	reply   chan message

	mu     sync.Mutex
	events []Event
	more   chan struct{} // closed and replaced when events or closed change
	closed bool
}

// Event is something that QEMU reports unasked: SHUTDOWN, STOP, RESET, ...
type Event struct {
	Name string
	Data map[string]any
}

// message is any object that QEMU sends.
type message struct {
	Greeting json.RawMessage `json:"QMP"`
	Return   json.RawMessage `json:"return"`
	Error    *struct {
		Class string `json:"class"`
		Desc  string `json:"desc"`
	} `json:"error"`
	Event string         `json:"event"`
	Data  map[string]any `json:"data"`
}

// ErrClosed is the error of a command to a QEMU that has gone.
var ErrClosed = errors.New("QEMU has closed the control connection")

// commandLimit bounds the wait for a reply.
const commandLimit = 30 * time.Second

// DialQMP connects to the QMP socket of a machine that another process runs.
func DialQMP(socket string) (*QMP, error) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return nil, fmt.Errorf("no machine is running with its control socket at %s: %w", socket, err)
	}
	conn.SetReadDeadline(time.Now().Add(commandLimit))
	q := newQMP(conn)
	if err := q.negotiate(commandLimit); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s: %w (another client may be connected: there can be only one)", socket, err)
	}
	conn.SetReadDeadline(time.Time{})
	return q, nil
}

// newQMP starts reading from conn.
func newQMP(conn net.Conn) *QMP {
	q := &QMP{conn: conn, reply: make(chan message, 16), more: make(chan struct{})}
	go q.read()
	return q
}

// negotiate leaves the protocol's opening mode.
func (q *QMP) negotiate(limit time.Duration) error {
	return q.run(limit, "qmp_capabilities", nil, nil)
}

// read sorts what QEMU sends into replies and events.
func (q *QMP) read() {
	in := json.NewDecoder(bufio.NewReader(q.conn))
	for {
		var m message
		if err := in.Decode(&m); err != nil {
			break
		}
		switch {
		case m.Event != "":
			q.changed(func() { q.events = append(q.events, Event{m.Event, m.Data}) })
		case m.Greeting == nil:
			q.reply <- m
		}
	}
	close(q.reply)
	q.changed(func() { q.closed = true })
}

// changed makes a change to the events and wakes who waits for one.
func (q *QMP) changed(change func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	change()
	close(q.more)
	q.more = make(chan struct{})
}

// Run executes a command. Args are its arguments, or nil; the reply's value is
// stored in result unless that is nil.
//
// Errors: QEMU's own words; ErrClosed; no answer within 30 s.
func (q *QMP) Run(command string, args, result any) error {
	return q.run(commandLimit, command, args, result)
}

func (q *QMP) run(limit time.Duration, command string, args, result any) error {
	request := map[string]any{"execute": command}
	if args != nil {
		request["arguments"] = args
	}
	line, err := json.Marshal(request)
	if err != nil {
		return fmt.Errorf("%s: %w", command, err)
	}
	q.command.Lock()
	defer q.command.Unlock()
	q.conn.SetWriteDeadline(time.Now().Add(limit))
	if _, err := q.conn.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("%s: %w", command, ErrClosed)
	}
	select {
	case m, ok := <-q.reply:
		switch {
		case !ok:
			return fmt.Errorf("%s: %w", command, ErrClosed)
		case m.Error != nil:
			return fmt.Errorf("%s: %s", command, m.Error.Desc)
		case result != nil:
			return json.Unmarshal(m.Return, result)
		}
		return nil
	case <-time.After(limit):
		q.conn.Close() // the reply, if it still came, would answer the wrong command
		return fmt.Errorf("%s: QEMU does not answer (waited %v)", command, limit)
	}
}

// Monitor runs a command of QEMU's human monitor, such as "info registers",
// and returns what it prints.
func (q *QMP) Monitor(line string) (string, error) {
	var out string
	err := q.Run("human-monitor-command", map[string]any{"command-line": line}, &out)
	return out, err
}

// monitorOn is Monitor for a command about a processor, counted from 0.
func (q *QMP) monitorOn(processor int, line string) (string, error) {
	var out string
	err := q.Run("human-monitor-command", map[string]any{"command-line": line, "cpu-index": processor}, &out)
	return out, err
}

// Events returns the events so far.
func (q *QMP) Events() []Event {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.events[:len(q.events):len(q.events)]
}

// Event returns the n-th event, counting from 0, when it has come.
//
// Errors: ErrClosed; those of ctx.
func (q *QMP) Event(ctx context.Context, n int) (Event, error) {
	for {
		q.mu.Lock()
		events, more, closed := q.events, q.more, q.closed
		q.mu.Unlock()
		switch {
		case n < len(events):
			return events[n], nil
		case closed:
			return Event{}, ErrClosed
		}
		select {
		case <-more:
		case <-ctx.Done():
			return Event{}, ctx.Err()
		}
	}
}

// Close hangs up.
func (q *QMP) Close() error { return q.conn.Close() }
