package qemu

import (
	"net"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// process is a running QEMU.
type process struct {
	cmd    *exec.Cmd
	done   chan struct{} // closed when it has ended
	err    error         // of Wait; valid after done
	stderr tail
}

// startProcess runs the program at path. The kernel kills it when this
// process dies.
//
// The death signal is tied to the thread that forks, not to the process, so
// that thread is kept for as long as QEMU runs.
func startProcess(path string, l *launch, terminal *os.File) (*process, error) {
	p := &process{done: make(chan struct{}), stderr: tail{size: 8 << 10}}
	p.cmd = exec.Command(path, l.args...)
	p.cmd.ExtraFiles = l.files
	p.cmd.Stderr = &p.stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if terminal != nil {
		p.cmd.Stdin, p.cmd.Stdout = terminal, terminal
		p.cmd.SysProcAttr.Setsid, p.cmd.SysProcAttr.Setctty = true, true
	} else {
		p.cmd.SysProcAttr.Setpgid = true
	}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.err = p.cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// kill ends QEMU and whatever it may have started, at once.
func (p *process) kill() {
	select {
	case <-p.done:
	default:
		syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	}
}

// socketpair returns two connected stream sockets: ours, and one for QEMU.
func socketpair() (net.Conn, *os.File, error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	ours, theirs := os.NewFile(uintptr(fds[0]), "ours"), os.NewFile(uintptr(fds[1]), "qemu's")
	defer ours.Close()
	conn, err := net.FileConn(ours)
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn, theirs, nil
}

// tail is a writer that keeps the last size bytes. It may be used by several
// goroutines.
type tail struct {
	size int
	mu   sync.Mutex
	data []byte
}

// Write appends b and drops what is too old.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = append(t.data, b...)
	if len(t.data) > 2*t.size {
		t.data = append(t.data[:0], t.data[len(t.data)-t.size:]...)
	}
	return len(b), nil
}

// String returns what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.data[max(0, len(t.data)-t.size):])
}

// empty drops everything.
func (t *tail) empty() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = t.data[:0]
}
