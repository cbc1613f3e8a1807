package console

import (
	"bytes"
	"io"
	"sync"
)

// maxLine is the length from which a line is passed on in pieces.
const maxLine = 4096

// LineWriter collects text and passes it on in whole lines, so that the lines
// of several goroutines, each with a LineWriter of its own, do not mix even if
// they print piece by piece.
type LineWriter struct {
	mu      sync.Mutex
	out     io.Writer
	pending []byte
}

// NewLineWriter returns a LineWriter that writes to out, usually a Console or
// one of its Writers.
func NewLineWriter(out io.Writer) *LineWriter { return &LineWriter{out: out} }

// Write passes on what p completes and keeps the rest.
//
// Errors:  those of the writer below.
// Context: goroutine.
func (w *LineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending = append(w.pending, p...)
	end := bytes.LastIndexByte(w.pending, '\n') + 1
	if len(w.pending)-end >= maxLine {
		end = len(w.pending)
	}
	return len(p), w.pass(end)
}

// Flush passes on the line that has begun.
//
// Errors, Context: as Write.
func (w *LineWriter) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pass(len(w.pending))
}

func (w *LineWriter) pass(n int) error {
	if n == 0 {
		return nil
	}
	_, err := w.out.Write(w.pending[:n])
	w.pending = append(w.pending[:0], w.pending[n:]...)
	return err
}
