package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/symbol"
)

// Kernel is a kernel to boot: the image, and the files that explain its
// addresses. Places are folders of this computer that it speaks of. With ISO,
// the boot loader there starts the image, with its own kernel command line.
type Kernel struct {
	Image, Debug, Stub string
	ISO                string
	Places             []string
}

// Shell is a conversation with the kernel's shell over the serial line.
type Shell struct {
	Boot  []string // what came before the first prompt
	Ended bool     // the machine has stopped; nothing more can be typed

	kernel  Kernel
	machine *qemu.Machine
	tape    *tape
	at      int // what of the tape has been read
}

// Boot boots a kernel up to its prompt, or to its end. With quiet, it has also
// come to its end when it has begun to write, and then written nothing for so long.
func Boot(ctx context.Context, k Kernel, c qemu.Config, quiet time.Duration) (*Shell, error) {
	s := &Shell{kernel: k, tape: newTape()}
	c.SerialOut = s.tape
	m, err := start(ctx, k, c)
	if err != nil {
		return nil, err
	}
	s.machine = m
	s.Boot, err = s.listen(quiet)
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Machine returns the machine.
func (s *Shell) Machine() *qemu.Machine { return s.machine }

// Close ends the machine.
func (s *Shell) Close() { s.machine.Close() }

// Do types a command and returns what it prints. With quiet, the machine has come
// to its end when it has written nothing for so long after the echo.
func (s *Shell) Do(command string, quiet time.Duration) ([]string, error) {
	if s.Ended {
		return nil, errors.New("the machine has stopped before")
	}
	if err := s.machine.Serial().Send(command + "\r"); err != nil {
		return nil, err
	}
	echo := echoed(command)
	err := s.wait(0, func(text string) bool {
		at := echo.FindStringIndex(text)
		if at != nil {
			s.at += at[1]
		}
		return at != nil
	})
	if err != nil {
		return nil, err
	}
	return s.listen(quiet)
}

// How long the machine may take to show a key that was pressed, which some do
// not do, and to go on with a command.
const (
	keyLimit = time.Second
	rest     = 4 * time.Second
)

// Press types text on the machine's keyboard, a US one. It waits until each key
// has been shown, and each line has been obeyed: a keyboard holds few keys, and
// who knows when a busy host lets the machine read them.
//
// Errors: a character is not on that keyboard; the machine goes on writing.
func (s *Shell) Press(text string) error {
	qmp := s.machine.QMP()
	for _, c := range text {
		_, shown := s.tape.since(0)
		if err := qmp.Type(string(c)); err != nil {
			return err
		}
		if c == '\n' {
			if _, err := s.listen(rest); err != nil {
				return err
			}
			continue
		}
		select {
		case <-shown:
		case <-s.machine.Done():
		case <-time.After(keyLimit):
		}
	}
	return nil
}

// echoed is an expression for the echo of a command: where it is longer than a
// row, the terminal breaks it.
func echoed(command string) *regexp.Regexp {
	var b strings.Builder
	for _, c := range command {
		b.WriteString(regexp.QuoteMeta(string(c)) + `(?:[\r\n]|\x1b\[[0-9;]*[a-zA-Z])*`)
	}
	if command == "" {
		return regexp.MustCompile(`\n`)
	}
	// The last character's breaks contain the end of the line.
	text := strings.TrimSuffix(b.String(), `(?:[\r\n]|\x1b\[[0-9;]*[a-zA-Z])*`)
	return regexp.MustCompile(text + `(?:\x1b\[[0-9;]*[a-zA-Z])*\r*\n`)
}

var (
	atPrompt = regexp.MustCompile(`(?:^|[\r\n]|\x1b\[[0-9;]*[a-zA-Z])vitrine>(\x1b\[[0-9;]*m)* $`)
	halted   = regexp.MustCompile(`(?m)^(The machine is halted\.|vitrine: .*)\r?\n`)
)

// listen returns what comes up to the next prompt, or the machine's end.
func (s *Shell) listen(quiet time.Duration) ([]string, error) {
	from := s.at
	end := ""
	err := s.wait(quiet, func(text string) bool {
		switch {
		case atPrompt.MatchString(text):
			s.at = from + len(text)
			end = "prompt"
		case halted.MatchString(text):
			s.Ended, s.at, end = true, from+len(text), "halted"
		}
		return end != ""
	})
	text := s.tape.text()[from:]
	switch {
	case errors.Is(err, errStopped):
		s.Ended = true
		text := s.tape.text()[from:]
		if last := s.last(); last != "" {
			// Where the machine has ended, a line may have been half sent.
			text = strings.TrimRight(text, "\r\n") + "\n" + last
		}
		return s.clean(strings.TrimLeft(text, "\n")), nil
	case errors.Is(err, errQuiet):
		s.Ended = true
	case err != nil:
		return nil, err
	case end == "prompt":
		text = text[:strings.LastIndex(text, "vitrine>")]
	}
	return s.clean(text), nil
}

// clean returns text as lines.
func (s *Shell) clean(text string) []string { return Clean(text, s.kernel.Places...) }

// last says how the machine has stopped, as vit does.
func (s *Shell) last() string {
	r := s.machine.Wait()
	var b bytes.Buffer
	switch r.Outcome {
	case qemu.TripleFault:
		r.Fault.Report(&b, symbol.Explainer(s.kernel.Debug, s.kernel.Stub))
	case qemu.Reset:
		b.WriteString("vit run: the machine reset itself\n")
	case qemu.Crashed:
		fmt.Fprintln(&b, "vit run:", r.Err)
	}
	return b.String()
}

var (
	errStopped = errors.New("the machine has stopped")
	errQuiet   = errors.New("the machine says nothing more")
)

// wait waits until done says so of what has come since s.at.
//
// Errors: errStopped; errQuiet, if quiet is not 0; the time limit, with what came.
func (s *Shell) wait(quiet time.Duration, done func(text string) bool) error {
	over := time.After(limit)
	for {
		text, more := s.tape.since(s.at)
		if done(text) {
			return nil
		}
		var silence <-chan time.Time
		if quiet > 0 && (text != "" || s.at > 0) { // the host may take long to start it
			silence = time.After(quiet)
		}
		select {
		case <-more:
		case <-s.machine.Done():
			if text, _ := s.tape.since(s.at); done(text) {
				return nil
			}
			return errStopped
		case <-silence:
			return errQuiet
		case <-over:
			return fmt.Errorf("the machine neither shows its prompt nor stops within %v; it wrote:\n%s",
				limit, strings.Join(s.clean(text), "\n"))
		}
	}
}
