package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/guest"
	"vitrine/tools/vit/terminal"
)

// patience is how long a test waits for what takes a fraction of a second.
const patience = 60 * time.Second

// children returns the process ids of the children of a process that run the
// named program.
func children(parent int, program string) []int {
	var out []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		b, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		// pid (program) state parent ...
		open, end := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
		fields := strings.Fields(string(b[end+1:]))
		if fields[1] == strconv.Itoa(parent) && strings.HasPrefix(string(b[open+1:end]), program) && fields[0] != "Z" {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			out = append(out, pid)
		}
	}
	return out
}

// waitQEMU waits until vit has started QEMU, and returns its process id.
func waitQEMU(t *testing.T, parent int) int {
	t.Helper()
	var pids []int
	require.Eventually(t, func() bool {
		pids = children(parent, "qemu-system")
		return len(pids) == 1
	}, patience, 10*time.Millisecond, "QEMU does not start")
	return pids[0]
}

// gone waits until a process has ended.
func gone(t *testing.T, pid int) {
	t.Helper()
	require.Eventually(t, func() bool {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err != nil || bytes.Contains(b, []byte(") Z "))
	}, 5*time.Second, 10*time.Millisecond, "process %d is still there", pid)
}

func TestVitTakesQEMUAlongWhateverEndsIt(t *testing.T) {
	spin := guestFile(t, guest.Spin())
	for _, c := range []struct {
		signal syscall.Signal
		code   int // -1: killed
	}{
		{syscall.SIGTERM, 143},
		{syscall.SIGINT, 130},
		{syscall.SIGHUP, 129},
		{syscall.SIGQUIT, 131},
		{syscall.SIGKILL, -1},
		{syscall.SIGABRT, 2},
	} {
		t.Run(c.signal.String(), func(t *testing.T) {
			x := vit("run", "--kvm", "off", "--qmp", "", spin)
			require.NoError(t, x.Start())
			qemu := waitQEMU(t, x.Process.Pid)
			require.NoError(t, x.Process.Signal(c.signal))
			x.Wait()
			require.Equal(t, c.code, x.ProcessState.ExitCode())
			gone(t, qemu)
		})
	}
}

func TestVitEndsWhenNobodyReads(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	x := vit("run", "--kvm", "off", "--qmp", "", guestFile(t, guest.Flood(1<<20)))
	x.Stdout = w
	require.NoError(t, x.Start())
	w.Close()
	qemu := waitQEMU(t, x.Process.Pid)
	_, err = r.Read(make([]byte, 10))
	require.NoError(t, err)
	r.Close()
	require.Error(t, x.Wait())
	gone(t, qemu)
}

// onTerminal runs vit on a pseudo terminal.
func onTerminal(t *testing.T, args ...string) (pty *terminal.Pty, end func() int, pid int) {
	t.Helper()
	pty, err := terminal.OpenPty(os.Stdin)
	require.NoError(t, err)
	t.Cleanup(pty.Close)
	x := vit(args...)
	x.Stdin, x.Stdout, x.Stderr = pty.Slave, pty.Slave, pty.Slave
	x.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	x.Env = append(x.Env, "TERM=xterm")
	require.NoError(t, x.Start())
	return pty, func() int { x.Wait(); return x.ProcessState.ExitCode() }, x.Process.Pid
}

// modes returns the modes of a terminal.
func modes(t *testing.T, f *os.File) syscall.Termios {
	t.Helper()
	var m syscall.Termios
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&m)))
	require.Zero(t, errno)
	return m
}

// readUntil reads from a terminal until what came contains text.
func readUntil(t *testing.T, f *os.File, text string) string {
	t.Helper()
	var got []byte
	b := make([]byte, 4096)
	f.SetReadDeadline(time.Now().Add(patience))
	for !bytes.Contains(got, []byte(text)) {
		n, err := f.Read(b)
		require.NoError(t, err, "waiting for %q, got %q", text, got)
		got = append(got, b[:n]...)
	}
	return string(got)
}

func TestTheTerminalIsRestoredWhateverEndsVit(t *testing.T) {
	echo := guestFile(t, guest.Echo())
	for _, display := range []string{"none", "curses"} {
		for _, end := range []string{"Ctrl-A X", "SIGTERM", "SIGKILL", "QEMU killed"} {
			t.Run(display+", "+end, func(t *testing.T) {
				log := filepath.Join(t.TempDir(), "log")
				pty, wait, pid := onTerminal(t, "run", "--kvm", "off", "--qmp", "", "--serial-log", log, "--display", display, echo)
				before := modes(t, pty.Slave)
				if before.Lflag&syscall.ICANON == 0 { // vit was quicker
					before = cooked(before)
				}
				readUntil(t, pty.Master, "Ctrl-A X quits")
				qemu := waitQEMU(t, pid)
				require.Eventually(t, func() bool { return modes(t, pty.Slave).Lflag&syscall.ICANON == 0 },
					patience, 5*time.Millisecond, "raw while it runs")
				go func() { // what curses draws must be read
					b := make([]byte, 4096)
					for {
						if _, err := pty.Master.Read(b); err != nil {
							return
						}
					}
				}()
				require.Eventually(t, func() bool { said, _ := os.ReadFile(log); return len(said) > 0 },
					patience, 5*time.Millisecond, "the guest runs")
				switch end {
				case "Ctrl-A X":
					pty.Master.WriteString("\x01x")
					require.Zero(t, wait())
				case "SIGTERM":
					syscall.Kill(pid, syscall.SIGTERM)
					require.Equal(t, 143, wait())
				case "SIGKILL":
					syscall.Kill(pid, syscall.SIGKILL)
					require.Equal(t, -1, wait())
				case "QEMU killed":
					syscall.Kill(qemu, syscall.SIGKILL)
					require.Equal(t, 121, wait())
				}
				gone(t, qemu)
				require.Eventually(t, func() bool { return modes(t, pty.Slave) == before },
					5*time.Second, 5*time.Millisecond, "the modes are as before")
			})
		}
	}
}

// cooked returns modes with what vit switches off switched on.
func cooked(m syscall.Termios) syscall.Termios {
	m.Iflag |= syscall.ICRNL | syscall.IXON
	m.Lflag |= syscall.ECHO | syscall.ICANON | syscall.ISIG | syscall.IEXTEN
	m.Oflag |= syscall.OPOST
	return m
}

func TestKeysTypedOnTheTerminalReachTheMachine(t *testing.T) {
	pty, wait, _ := onTerminal(t, "run", "--kvm", "off", "--qmp", "", guestFile(t, guest.Echo()))
	readUntil(t, pty.Master, ">")
	pty.Master.WriteString("key\x03") // Ctrl-C goes to the machine
	readUntil(t, pty.Master, "key\x03")
	pty.Master.WriteString("\x01h")
	readUntil(t, pty.Master, "H this help")
	pty.Master.WriteString(".")
	require.Equal(t, 7, wait())
}
