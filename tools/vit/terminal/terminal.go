// Package terminal borrows the user's terminal and gives it back.
//
// A terminal has modes that outlive the program that sets them: a shell after
// a crashed full-screen program neither echoes nor scrolls. Borrow therefore
// starts a guard first, a copy of this program that waits for the other to
// end and then puts the modes back. So the terminal is restored even when this
// process is killed with SIGKILL, which nothing can catch.
//
// Linux only (termios(3), ioctl_tty(2)).
package terminal

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"unsafe"
)

// GuardCommand is the hidden command with which a program that uses Borrow
// must call Guard.
const GuardCommand = "__restore-terminal"

// tidy ends what a full-screen program may have begun: the alternate screen, a
// hidden cursor, colours, a scroll region, keypad modes.
const tidy = "\x1b7\x1b[r\x1b8\x1b[?1049l\x1b[?25h\x1b[?1l\x1b>\x1b[0m"

// Is tells whether f is a terminal.
func Is(f *os.File) bool {
	_, err := modes(f)
	return err == nil
}

// modes returns the modes of the terminal f.
func modes(f *os.File) (syscall.Termios, error) {
	var t syscall.Termios
	return t, ioctl(f, syscall.TCGETS, unsafe.Pointer(&t))
}

// setModes sets the modes of the terminal f.
func setModes(f *os.File, t syscall.Termios) error {
	return ioctl(f, syscall.TCSETS, unsafe.Pointer(&t))
}

// ioctl calls ioctl(2) on f.
func ioctl(f *os.File, request uintptr, arg unsafe.Pointer) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var errno syscall.Errno
	if err := raw.Control(func(fd uintptr) {
		_, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(arg))
	}); err != nil {
		return err
	}
	if errno != 0 {
		return errno
	}
	return nil
}

// Borrowed is a terminal in raw mode.
type Borrowed struct {
	file  *os.File
	saved syscall.Termios
	full  bool
	guard *exec.Cmd
	alive *os.File // the guard acts when this closes
}

// Borrow puts the terminal f into raw mode: every key arrives at once and
// unchanged, Ctrl-C included. Full says that what runs will draw on the whole
// screen. Give it back with Return.
func Borrow(f *os.File, full bool) (*Borrowed, error) {
	saved, err := modes(f)
	if err != nil {
		return nil, fmt.Errorf("not a terminal: %w", err)
	}
	b := &Borrowed{file: f, saved: saved, full: full}
	if err := b.post(); err != nil {
		return nil, err
	}
	raw := saved
	raw.Iflag &^= syscall.IGNBRK | syscall.BRKINT | syscall.PARMRK | syscall.ISTRIP |
		syscall.INLCR | syscall.IGNCR | syscall.ICRNL | syscall.IXON
	raw.Lflag &^= syscall.ECHO | syscall.ECHONL | syscall.ICANON | syscall.ISIG | syscall.IEXTEN
	raw.Cc[syscall.VMIN], raw.Cc[syscall.VTIME] = 1, 0
	if full {
		raw.Oflag &^= syscall.OPOST
	}
	if err := setModes(f, raw); err != nil {
		b.Return()
		return nil, err
	}
	return b, nil
}

// post starts the guard.
func (b *Borrowed) post() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	watch, alive, err := os.Pipe()
	if err != nil {
		return err
	}
	defer watch.Close()
	b.guard = exec.Command(self, GuardCommand, encodeModes(b.saved))
	if b.full {
		b.guard.Args = append(b.guard.Args, "full")
	}
	b.guard.Stdin, b.guard.ExtraFiles = b.file, []*os.File{watch}
	b.guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // out of reach of a Ctrl-C
	if err := b.guard.Start(); err != nil {
		alive.Close()
		return err
	}
	b.alive = alive
	return nil
}

// Return gives the terminal back as it was.
func (b *Borrowed) Return() {
	setModes(b.file, b.saved)
	b.alive.Close()
	b.guard.Wait()
}

// Guard is the body of the guard. Its arguments are those after GuardCommand;
// its standard input is the terminal, file 3 a pipe that closes when the
// borrower ends.
func Guard(args []string) error {
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT,
		syscall.SIGTSTP, syscall.SIGTTOU, syscall.SIGTTIN)
	if len(args) == 0 {
		return errors.New("no terminal modes given")
	}
	saved, err := decodeModes(args[0])
	if err != nil {
		return err
	}
	os.NewFile(3, "alive").Read(make([]byte, 1))
	if len(args) > 1 {
		os.Stdin.WriteString(tidy)
	}
	return setModes(os.Stdin, saved)
}

// encodeModes writes terminal modes as one word.
func encodeModes(t syscall.Termios) string {
	return hex.EncodeToString((*[unsafe.Sizeof(t)]byte)(unsafe.Pointer(&t))[:])
}

// decodeModes reads what encodeModes has written.
func decodeModes(word string) (syscall.Termios, error) {
	var t syscall.Termios
	b, err := hex.DecodeString(word)
	if err != nil || len(b) != int(unsafe.Sizeof(t)) {
		return t, errors.New("not terminal modes: " + word)
	}
	copy((*[unsafe.Sizeof(t)]byte)(unsafe.Pointer(&t))[:], b)
	return t, nil
}
