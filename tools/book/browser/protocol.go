package browser

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// errEnded is the error of a call to a browser that is not there any more.
var errEnded = errors.New("chromium has ended")

// answer is a message of the browser's: an answer to the call with that ID, or
// an event, which has none.
type answer struct {
	ID      int             `json:"id"`
	Session string          `json:"sessionId"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// read takes the browser's messages, until it hangs up. What is no message is
// left out.
func (b *Browser) read(from io.ReadCloser) {
	defer from.Close()
	r := bufio.NewReaderSize(from, 1<<16)
	for {
		message, err := r.ReadBytes(0)
		if err != nil {
			break
		}
		var a answer
		if json.Unmarshal(message[:len(message)-1], &a) != nil {
			continue
		}
		if a.ID == 0 {
			b.events(a.Session, a.Method, a.Params)
			continue
		}
		b.mu.Lock()
		c := b.answers[a.ID]
		delete(b.answers, a.ID)
		b.mu.Unlock()
		if c != nil {
			c <- a
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone = true
	for _, c := range b.answers {
		close(c)
	}
}

// call asks the browser for something and waits for the answer.
//
// Errors: the browser's own words; errEnded; no answer within the limit.
func (b *Browser) call(session, method string, params, result any) error {
	c := make(chan answer, 1)
	if err := b.send(session, method, params, c); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case a, ok := <-c:
		switch {
		case !ok:
			return fmt.Errorf("%s: %w", method, errEnded)
		case a.Error != nil:
			return fmt.Errorf("%s: %s", method, a.Error.Message)
		case result == nil:
			return nil
		}
		if err := json.Unmarshal(a.Result, result); err != nil {
			return fmt.Errorf("%s: chromium answers %.100q: %w", method, a.Result, err)
		}
		return nil
	case <-time.After(b.limit):
		return fmt.Errorf("%s: no answer from chromium within %v", method, b.limit)
	}
}

// send sends a call, whose answer goes into c.
func (b *Browser) send(session, method string, params any, c chan answer) error {
	if params == nil {
		params = struct{}{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		return errEnded
	}
	b.last++
	message := map[string]any{"id": b.last, "method": method, "params": params}
	if session != "" {
		message["sessionId"] = session
	}
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	b.answers[b.last] = c
	b.to.SetWriteDeadline(time.Now().Add(b.limit))
	if _, err = b.to.Write(append(text, 0)); err == nil {
		return nil
	}
	delete(b.answers, b.last)
	switch {
	case errors.Is(err, syscall.EPIPE), errors.Is(err, os.ErrClosed):
		return errEnded
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("chromium does not listen (waited %v)", b.limit)
	}
	return err
}
