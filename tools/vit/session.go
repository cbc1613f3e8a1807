package main

import (
	"fmt"
	"io"
	"time"

	"vitrine/tools/qemu"
	"vitrine/tools/vit/terminal"
)

// session connects the user's terminal with a machine: with its serial line,
// or with the screen that QEMU draws (curses).
type session struct {
	s    streams
	tty  *terminal.Borrowed // nil if the standard input is no terminal
	pty  *terminal.Pty      // for curses
	stop func()
	// Nobody waits for the prompt before a pipe or a file is read, and a machine
	// that starts throws away what its serial line has received. So such input
	// is kept until the machine is ready; nil: it is ready.
	ready <-chan struct{}
}

// openSession prepares c for the user's terminal. Input from elsewhere is kept
// until the machine has written the text after. Close ends the session.
func openSession(s streams, c *qemu.Config, after string) (*session, error) {
	n := &session{s: s, stop: func() {}}
	curses := c.Display == "curses"
	if !terminal.Is(s.in) {
		output := await(c.SerialOut, after)
		c.SerialOut, n.ready = output, output.seen
		return n, nil
	}
	var err error
	if curses {
		if n.pty, err = terminal.OpenPty(s.in); err != nil {
			return nil, err
		}
		c.Terminal = n.pty.Slave
		n.stop = n.pty.Follow(s.in)
	}
	if n.tty, err = terminal.Borrow(s.in, curses); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

// connect passes on what is typed and drawn, until the machine ends.
func (n *session) connect(m *qemu.Machine) {
	var to io.Writer = m.Serial()
	if n.pty != nil {
		n.pty.Slave.Close() // QEMU has it; so its end ends the copy
		to = n.pty.Master
		go io.Copy(n.s.out, n.pty.Master)
	}
	e := &escapes{command: func(letter byte) { n.command(m, letter) }}
	go n.pump(to, e)
}

// pump copies the standard input. Its end is not the end of the session:
// input may come from a pipe.
func (n *session) pump(to io.Writer, e *escapes) {
	if n.ready != nil {
		<-n.ready
	}
	b := make([]byte, 1024)
	for {
		k, err := n.s.in.Read(b)
		typed := b[:k]
		if n.tty != nil {
			typed = e.filter(typed)
		}
		if _, werr := to.Write(typed); err != nil || werr != nil {
			return
		}
	}
}

// command obeys a command to vit.
func (n *session) command(m *qemu.Machine, letter byte) {
	switch letter {
	case 'x':
		go m.Quit()
	case 'r':
		m.QMP().Reset()
	case 'p':
		m.PowerButton()
	case 's':
		name := time.Now().Format("vitrine-20060102-150405.png")
		if err := m.QMP().ScreenshotFile(name); err != nil {
			n.say(err.Error())
		} else {
			n.say("screenshot in " + name)
		}
	default:
		n.say(escapeHelp)
	}
}

// say prints a line of vit's own, unless QEMU draws on the screen.
func (n *session) say(line string) {
	if n.pty == nil {
		fmt.Fprintf(n.s.err, "\n[vit: %s]\n", line)
	}
}

// close gives the terminal back.
func (n *session) close() {
	n.stop()
	if n.pty != nil {
		n.pty.Close()
	}
	if n.tty != nil {
		n.tty.Return()
	}
}
