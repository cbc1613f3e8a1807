package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/guest"
)

// fakeGDB stores a shell script that takes GDB's place.
func fakeGDB(t *testing.T, script string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "gdb")
	require.NoError(t, os.WriteFile(name, []byte("#!/bin/sh\n"+script), 0o755))
	return name
}

// vitDebug returns a command that debugs a guest that spins, with GDB's place
// taken by a script, and the name of the socket between the two.
func vitDebug(t *testing.T, script string, args ...string) (x *exec.Cmd, socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "gdb.sock")
	x = vit(append([]string{
		"debug", "--qmp", "", "--socket", socket, "--image", guestFile(t, guest.Spin()), "--gdb", fakeGDB(t, script),
	}, args...)...)
	x.Dir = "../.."
	return x, socket
}

// waitFile waits until a file is there.
func waitFile(t *testing.T, name string) {
	t.Helper()
	require.Eventually(t, func() bool { _, err := os.Stat(name); return err == nil },
		patience, 5*time.Millisecond, "no %s", name)
}

func TestDebugTakesQEMUAndGDBAlongWhateverEndsIt(t *testing.T) {
	for _, c := range []struct {
		signal syscall.Signal
		code   int // -1: killed
	}{
		{syscall.SIGTERM, 143}, {syscall.SIGHUP, 129}, {syscall.SIGQUIT, 131}, {syscall.SIGKILL, -1},
	} {
		t.Run(c.signal.String(), func(t *testing.T) {
			ready := filepath.Join(t.TempDir(), "ready")
			x, socket := vitDebug(t, "echo $$ >"+ready+".new; mv "+ready+".new "+ready+"; exec sleep 100")
			require.NoError(t, x.Start())
			qemu := waitQEMU(t, x.Process.Pid)
			waitFile(t, ready)
			gdb := children(x.Process.Pid, "sleep")
			for len(gdb) == 0 {
				time.Sleep(time.Millisecond)
				gdb = children(x.Process.Pid, "sleep")
			}
			require.NoError(t, x.Process.Signal(c.signal))
			x.Wait()
			require.Equal(t, c.code, x.ProcessState.ExitCode())
			gone(t, qemu)
			gone(t, gdb[0])
			if c.signal != syscall.SIGKILL {
				require.NoFileExists(t, socket)
			}
		})
	}
}

func TestACtrlCIsForGDB(t *testing.T) {
	ready := filepath.Join(t.TempDir(), "ready")
	x, _ := vitDebug(t, "touch "+ready+"; read line; exit 7")
	in, err := x.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, x.Start())
	qemu := waitQEMU(t, x.Process.Pid)
	waitFile(t, ready)
	for range 3 {
		require.NoError(t, x.Process.Signal(syscall.SIGINT))
		time.Sleep(50 * time.Millisecond)
	}
	in.Write([]byte("go on\n"))
	x.Wait()
	require.Equal(t, 7, x.ProcessState.ExitCode(), "GDB's own")
	gone(t, qemu)
}

func TestGDBIsTakenToTheMachine(t *testing.T) {
	x, socket := vitDebug(t, `echo "$VITRINE_DEBUG_ELF"; for a in "$@"; do echo "[$a]"; done`,
		"--at", "kernel.Main", "--debug-elf", "/some/where.elf", "--", "-batch", "-ex", "info registers")
	out, err := x.Output()
	require.NoError(t, err)
	require.Equal(t, "/some/where.elf\n[-q]\n[-x]\n[scripts/gdb/init.py]\n[-ex]\n[vit attach "+socket+
		" kernel.Main]\n[-batch]\n[-ex]\n[info registers]\n", string(out))
}

func TestAServerWaitsForAnotherTerminal(t *testing.T) {
	server, socket := vitDebug(t, "", "--server")
	require.NoError(t, server.Start())
	qemu := waitQEMU(t, server.Process.Pid)
	waitFile(t, socket)
	x := vit("debug", "--attach", "--socket", socket, "--gdb", fakeGDB(t, `echo "$5"`))
	x.Dir = "../.."
	out, err := x.Output()
	require.NoError(t, err)
	require.Equal(t, "vit attach "+socket+"\n", string(out))
	require.NoError(t, server.Process.Signal(syscall.SIGTERM))
	server.Wait()
	require.Equal(t, 143, server.ProcessState.ExitCode())
	gone(t, qemu)
	require.NoFileExists(t, socket)
}
