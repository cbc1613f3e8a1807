package tty

import (
	"context"
	"time"

	"vitrine/kernel/key"
)

// EscapeTime is how long the byte ESC waits for the rest of a sequence before
// it is the Escape key. A sequence of five bytes takes 5 ms at 9600 baud.
const EscapeTime = 50 * time.Millisecond

// Decode emits the key presses that arrive on a serial line, until ctx is done.
// read takes the bytes that have come, without waiting, and returns none if
// there are none; news receives a value when more may have come.
//
// Errors: ctx.Err(). Context: a goroutine of its own, from which emit is called.
func Decode(ctx context.Context, read func([]byte) (int, error), news <-chan struct{}, emit func(key.Press)) error {
	var d Decoder
	buf := make([]byte, 256)
	for {
		for {
			n, _ := read(buf)
			if n <= 0 {
				break
			}
			for _, b := range buf[:n] {
				d.Feed(b, emit)
			}
		}
		var silence <-chan time.Time
		if d.Pending() {
			silence = time.After(EscapeTime)
		}
		select {
		case <-news:
		case <-silence:
			d.Flush(emit)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
