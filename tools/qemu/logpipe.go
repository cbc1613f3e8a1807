package qemu

import (
	"io"
	"os"
	"sync"
	"syscall"
)

// logPipe reads what QEMU logs, as it comes, and can be asked to be up to date.
type logPipe struct {
	conn syscall.RawConn

	mu   sync.Mutex // from reading to having passed it on
	sink io.Writer
	over bool
	b    []byte
}

// newLogPipe starts reading r, passes everything to sink, and closes done at
// the end.
func newLogPipe(r *os.File, sink io.Writer, done chan<- struct{}) (*logPipe, error) {
	conn, err := r.SyscallConn()
	if err != nil {
		return nil, err
	}
	l := &logPipe{conn: conn, sink: sink, b: make([]byte, 16<<10)}
	go func() {
		defer close(done)
		defer r.Close()
		for !l.ended() {
			if err := conn.Read(l.take); err != nil {
				return
			}
		}
	}()
	return l, nil
}

// take passes on what is in the pipe, and tells whether there was anything, or
// its end.
func (l *logPipe) take(fd uintptr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	some := false
	for {
		n, err := syscall.Read(int(fd), l.b)
		switch {
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			return some
		case err != nil || n == 0:
			l.over = true
			return true
		default:
			l.sink.Write(l.b[:n])
			some = true
		}
	}
}

// ended tells whether the pipe has come to its end.
func (l *logPipe) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// catchUp returns when everything that is in the pipe has been passed on.
func (l *logPipe) catchUp() {
	l.conn.Control(func(fd uintptr) { l.take(fd) })
}
