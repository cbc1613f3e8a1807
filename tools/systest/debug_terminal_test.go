package systest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/qemutest"
	"vitrine/tools/vit/terminal"
)

// A session as a person has it: `vit debug` on a terminal, go on to the prompt,
// Ctrl-C, look around, quit.
func TestADebugSessionOnATerminal(t *testing.T) {
	pty, err := terminal.OpenPty(os.Stdin)
	require.NoError(t, err)
	defer pty.Close()
	socket := filepath.Join(t.TempDir(), "gdb.sock")
	x := exec.Command(filepath.Join("build", "vit"), "debug", "--qmp", "", "--socket", socket, "--at", "kernel.Main", "--timeout", "2m")
	x.Dir = qemutest.Root(t)
	x.Env = append(os.Environ(), "TERM=dumb", "HOME="+t.TempDir())
	x.Stdin, x.Stdout, x.Stderr = pty.Slave, pty.Slave, pty.Slave
	x.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, x.Start())
	defer x.Process.Kill()

	var said []byte
	seen := 0
	expect := func(pattern string) {
		t.Helper()
		re := regexp.MustCompile(pattern)
		b := make([]byte, 4096)
		require.NoError(t, pty.Master.SetReadDeadline(time.Now().Add(gdbLimit)))
		for {
			if at := re.FindIndex(said[seen:]); at != nil {
				seen += at[1]
				return
			}
			n, err := pty.Master.Read(b)
			require.NoError(t, err, "waiting for %q; it said:\n%s", pattern, said)
			said = append(said, b[:n]...)
		}
	}
	typed := func(text string) {
		t.Helper()
		_, err := pty.Master.WriteString(text)
		require.NoError(t, err)
	}
	expect(`vitrine/kernel\.Main \(\)\s+at `)
	expect(`\(gdb\) `)
	typed("set pagination off\n")
	expect(`\(gdb\) `)
	typed("continue\n")
	expect(`vitrine> `) // the kernel's own prompt
	time.Sleep(300 * time.Millisecond)
	typed("\x03")
	expect(`received signal SIGINT`)
	expect(`\(gdb\) `)
	typed("bt\n")
	expect(`vitrine/kernel/thread\.Idle`)
	expect(`\(gdb\) `)
	typed("quit\n")
	require.NoError(t, x.Wait())
	require.NoFileExists(t, socket)
}
