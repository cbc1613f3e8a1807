package terminal

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"unsafe"
)

// Pty is a terminal made of software (pty(7)): what is written to Master can be
// read from Slave, and the other way round, with a terminal's modes and size
// in between.
type Pty struct{ Master, Slave *os.File }

// size is the kernel's struct winsize.
type size struct{ rows, columns, width, height uint16 }

// OpenPty makes a terminal that has the size of like.
func OpenPty(like *os.File) (*Pty, error) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	var number, unlock int32
	if err := ioctl(master, syscall.TIOCSPTLCK, unsafe.Pointer(&unlock)); err != nil {
		master.Close()
		return nil, fmt.Errorf("unlocking a pseudo terminal: %w", err)
	}
	if err := ioctl(master, syscall.TIOCGPTN, unsafe.Pointer(&number)); err != nil {
		master.Close()
		return nil, fmt.Errorf("naming a pseudo terminal: %w", err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		master.Close()
		return nil, err
	}
	p := &Pty{master, slave}
	p.resize(like)
	return p, nil
}

// Follow keeps the size of p that of like, until stop is called.
func (p *Pty) Follow(like *os.File) (stop func()) {
	changed := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(changed, syscall.SIGWINCH)
	go func() {
		for {
			select {
			case <-changed:
				p.resize(like)
			case <-done:
				return
			}
		}
	}()
	return func() { signal.Stop(changed); close(done) }
}

// resize gives p the size of like. What runs in p gets a SIGWINCH.
func (p *Pty) resize(like *os.File) {
	var s size
	if ioctl(like, syscall.TIOCGWINSZ, unsafe.Pointer(&s)) == nil && s.rows != 0 {
		ioctl(p.Master, syscall.TIOCSWINSZ, unsafe.Pointer(&s))
	}
}

// Close closes both sides.
func (p *Pty) Close() {
	p.Slave.Close()
	p.Master.Close()
}
