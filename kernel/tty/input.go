package tty

import (
	"io"
	"time"

	"vitrine/kernel/key"
)

// EscapeTime is how long the byte ESC waits for the rest of a sequence before
// it is the Escape key. A sequence of five bytes takes 5 ms at 9600 baud.
const EscapeTime = 50 * time.Millisecond

// Decode reads a serial line and emits the key presses that arrive on it,
// until r returns an error, which it returns.
//
// Context: a goroutine of its own; emit is called from it.
func Decode(r io.Reader, emit func(key.Press)) error {
	chunks := make(chan []byte)
	done := make(chan error, 1)
	go func() {
		for {
			chunk := make([]byte, 256)
			n, err := r.Read(chunk)
			if n > 0 {
				chunks <- chunk[:n]
			}
			if err != nil {
				done <- err
				return
			}
		}
	}()
	var d Decoder
	for {
		var silence <-chan time.Time
		if d.Pending() {
			silence = time.After(EscapeTime)
		}
		select {
		case chunk := <-chunks:
			for _, b := range chunk {
				d.Feed(b, emit)
			}
		case <-silence:
			d.Flush(emit)
		case err := <-done:
			d.Flush(emit)
			return err
		}
	}
}
