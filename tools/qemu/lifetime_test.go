package qemu

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/guest"
)

// These tests run the test program a second time, as one that starts QEMU and
// then comes to a bad end; helperVariable tells it which.
const helperVariable = "QEMU_TEST_END"

func TestMain(m *testing.M) {
	if end := os.Getenv(helperVariable); end != "" {
		badEnd(end)
		return
	}
	os.Exit(m.Run())
}

// badEnd starts a machine that runs for ever, says the process id of its QEMU,
// and ends as told.
func badEnd(end string) {
	f, err := os.CreateTemp("", "guest-")
	if err != nil {
		panic(err)
	}
	os.Remove(f.Name())
	f.Write(guest.Spin())
	m, err := Start(context.Background(), Config{KernelFile: f, Timeout: patience})
	if err != nil {
		panic(err)
	}
	fmt.Println(m.Pid())
	switch end {
	case "exit":
		os.Exit(3)
	case "return":
	case "panic":
		panic("on purpose")
	case "panic elsewhere":
		go func() { panic("on purpose, in a goroutine") }()
		time.Sleep(patience)
	default: // wait for a signal
		time.Sleep(patience)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func TestNoEndOfThisProgramLeavesQEMUBehind(t *testing.T) {
	for _, c := range []struct {
		end    string
		signal syscall.Signal
	}{
		{"exit", 0},
		{"return", 0},
		{"panic", 0},
		{"panic elsewhere", 0},
		{"SIGKILL", syscall.SIGKILL},
		{"SIGTERM", syscall.SIGTERM},
		{"SIGINT", syscall.SIGINT},
		{"SIGHUP", syscall.SIGHUP},
		{"SIGQUIT", syscall.SIGQUIT},
	} {
		t.Run(c.end, func(t *testing.T) {
			helper := exec.Command(os.Args[0])
			helper.Env = append(os.Environ(), helperVariable+"="+c.end)
			out, err := helper.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, helper.Start())
			line, err := bufio.NewReader(out).ReadString('\n')
			require.NoError(t, err)
			pid, err := strconv.Atoi(strings.TrimSpace(line))
			require.NoError(t, err)
			if c.signal != 0 {
				require.False(t, gone1(pid), "QEMU runs before the signal")
				require.NoError(t, helper.Process.Signal(c.signal))
			}
			helper.Wait()
			require.True(t, gone(pid), "QEMU (%d) is still there", pid)
		})
	}
}

// gone1 tells whether there is no process with this id, now.
func gone1(pid int) bool { return syscall.Kill(pid, 0) != nil }

func TestQEMUOutlivesTheThreadThatCalledStart(t *testing.T) {
	pid := make(chan int)
	file := save(t, guest.Spin())
	var m *Machine
	go func() {
		runtime.LockOSThread() // without an Unlock, the thread ends with the goroutine
		var err error
		m, err = Start(context.Background(), Config{Kernel: file, Timeout: patience})
		if err != nil {
			pid <- 0
			return
		}
		pid <- m.Pid()
	}()
	id := <-pid
	require.NotZero(t, id)
	time.Sleep(200 * time.Millisecond)
	require.False(t, gone1(id))
	m.Close()
	require.True(t, gone(id))
}

func TestAStoppedQEMUCanBeEnded(t *testing.T) {
	m := boot(t, guest.Spin())
	require.NoError(t, syscall.Kill(m.Pid(), syscall.SIGSTOP)) // as good as hung: SIGTERM and QMP are without effect
	m.Quit()
	require.Equal(t, Stopped, m.Wait().Outcome)
	require.True(t, gone(m.Pid()))
}

func TestQEMUKilledByOthersIsReported(t *testing.T) {
	m := boot(t, guest.Spin())
	require.NoError(t, syscall.Kill(m.Pid(), syscall.SIGKILL))
	r := m.Wait()
	require.Equal(t, Crashed, r.Outcome)
	require.ErrorContains(t, r.Err, "signal: killed")
}
