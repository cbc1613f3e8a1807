package main

import (
	"bytes"
	"io"
)

// awaited passes on what a machine writes, and tells when a text was in it.
type awaited struct {
	io.Writer
	text []byte        // what is still to come
	tail []byte        // the end of what was written: less than text
	seen chan struct{} // closed when the text was there
}

// await returns an awaited for text in what is written to to.
func await(to io.Writer, text string) *awaited {
	a := &awaited{Writer: to, text: []byte(text), seen: make(chan struct{})}
	a.look(nil)
	return a
}

// Write passes b on.
func (a *awaited) Write(b []byte) (int, error) {
	n, err := a.Writer.Write(b)
	a.look(b)
	return n, err
}

// look looks for the text, which may come in pieces.
func (a *awaited) look(b []byte) {
	if a.text == nil {
		return
	}
	a.tail = append(a.tail, b...)
	if bytes.Contains(a.tail, a.text) {
		a.text, a.tail = nil, nil
		close(a.seen)
		return
	}
	a.tail = a.tail[max(0, len(a.tail)-len(a.text)+1):]
}
