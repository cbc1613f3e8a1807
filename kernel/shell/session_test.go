package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/key"
)

// fakeTerminal types its lines and keeps what is printed.
type fakeTerminal struct {
	sync.Mutex
	out       bytes.Buffer
	lines     []string
	stop      func()
	interrupt func()
}

func (f *fakeTerminal) Write(p []byte) (int, error) {
	f.Lock()
	defer f.Unlock()
	return f.out.Write(p)
}

func (f *fakeTerminal) text() string {
	f.Lock()
	defer f.Unlock()
	return f.out.String()
}

func (f *fakeTerminal) ReadLine(context.Context, string) (string, error) {
	if len(f.lines) == 0 {
		f.stop()
		return "", context.Canceled
	}
	line := f.lines[0]
	f.lines = f.lines[1:]
	switch line {
	case "^D":
		return "", io.EOF
	case "^C":
		return "", errors.New("canceled")
	}
	return line, nil
}

func (f *fakeTerminal) ReadKey(ctx context.Context) (key.Press, error) {
	<-ctx.Done()
	return key.Press{}, ctx.Err()
}

func (f *fakeTerminal) OnInterrupt(g func()) {
	f.Lock()
	defer f.Unlock()
	f.interrupt = g
}

func (f *fakeTerminal) pressCtrlC() {
	f.Lock()
	g := f.interrupt
	f.Unlock()
	g()
}

func (f *fakeTerminal) Size() (int, int)  { return 80, 25 }
func (f *fakeTerminal) History() []string { return []string{"first"} }

func newSession(t *testing.T, lines ...string) (*Session, *fakeTerminal, context.Context) {
	s, _, _ := newTestShell(t)
	ctx, stop := context.WithCancel(context.Background())
	f := &fakeTerminal{lines: lines, stop: stop}
	return &Session{Shell: s, Terminal: f, Prompt: "> ", Patience: 5 * time.Millisecond}, f, ctx
}

func TestASessionRunsLineAfterLine(t *testing.T) {
	s, f, ctx := newSession(t, "echo one", "^C", "", "^D", "history", "fail", "echo two")
	require.ErrorIs(t, s.Run(ctx), context.Canceled)
	require.Equal(t, "one\n"+
		"There is nothing to go back to: try 'poweroff' or 'reboot'.\n"+
		"   1  first\n"+
		"\x1b[1;31mfail: did not work\x1b[0m\n"+
		"two\n", f.text())
	require.Nil(t, f.interrupt)
}

func TestAScriptLooksAsIfItHadBeenTyped(t *testing.T) {
	s, f, ctx := newSession(t)
	require.NoError(t, s.Script(ctx, "echo one; echo two"))
	require.Equal(t, "> echo one; echo two\none\ntwo\n", f.text())
}

func TestCtrlCStopsACommand(t *testing.T) {
	s, f, ctx := newSession(t)
	done := make(chan error)
	go func() { done <- s.Execute(ctx, "echo ready; sleep 1000; echo never") }()
	require.Eventually(t, func() bool { return strings.Contains(f.text(), "ready") }, 10*time.Second, time.Millisecond)
	f.pressCtrlC()
	require.ErrorIs(t, <-done, context.Canceled)
	require.NotContains(t, f.text(), "never")
}

func TestACommandThatDoesNotListenIsLeftBehind(t *testing.T) {
	s, f, ctx := newSession(t)
	release := make(chan struct{})
	require.NoError(t, s.Shell.Add(&Command{Name: "deaf", Group: "Test", Short: "ignore Ctrl-C", Run: func(_ context.Context, sh *Env, _ []string) error {
		sh.Println("ready")
		<-release
		return nil
	}}))
	done := make(chan error)
	go func() { done <- s.Execute(ctx, "deaf") }()
	require.Eventually(t, func() bool { return strings.Contains(f.text(), "ready") }, 10*time.Second, time.Millisecond)
	f.pressCtrlC()
	require.Eventually(t, func() bool { return strings.Contains(f.text(), "Ctrl-C again") }, 10*time.Second, time.Millisecond)
	f.pressCtrlC()
	require.ErrorIs(t, <-done, context.Canceled)
	require.Contains(t, f.text(), "Left behind")
	close(release)
}

func TestTabAsksTheShell(t *testing.T) {
	s, _, _ := newSession(t)
	start, words := s.Complete("echo x | gr")
	require.Equal(t, 9, start)
	require.Equal(t, []string{"grep"}, words)
}
