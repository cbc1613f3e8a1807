// Package qemutest boots Vitrine in tests, types, and looks at what it says.
//
//	m := qemutest.Boot(t)
//	m.WaitPrompt()
//	require.Contains(t, m.Run("echo hello"), "hello")
//	m.Type("help\n")                 // on the PS/2 keyboard
//	m.WaitScreen("vitrine>$")
//
// Every wait has a limit, and what goes wrong ends the test with what the
// machine wrote, and with the chain of exceptions if it triple-faulted. The
// machine is gone when the test ends.
//
// Machines count instructions unless told otherwise, so their time does not
// depend on how busy the host is; idle time passes at once, so a test may let
// the machine sleep for hours.
package qemutest

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/symbol"
)

// Limit bounds every wait, in the host's time. It is generous: on a busy
// computer QEMU may get a tenth of a processor.
const Limit = 60 * time.Second

// Machine is a running Vitrine.
type Machine struct {
	*qemu.Machine
	t testing.TB
}

// Boot boots Vitrine. Change adapts the configuration: processors, memory, the
// kernel command line, ... The image is build/vitrine.elf, or what the
// environment variable VITRINE_IMAGE names.
func Boot(t testing.TB, change ...func(*qemu.Config)) *Machine {
	t.Helper()
	c := qemu.Config{
		Kernel: Image(t), Icount: "3", DebugExit: true, Timeout: 5 * time.Minute,
	}
	return start(t, c, change)
}

// BootISO boots an ISO, through its own boot loader. It does not count
// instructions: boot loaders wait in ways for which that is no good.
func BootISO(t testing.TB, iso string, change ...func(*qemu.Config)) *Machine {
	t.Helper()
	return start(t, qemu.Config{ISO: iso, DebugExit: true, Timeout: 5 * time.Minute}, change)
}

// start starts a machine.
func start(t testing.TB, c qemu.Config, change []func(*qemu.Config)) *Machine {
	t.Helper()
	for _, f := range change {
		f(&c)
	}
	qm, err := qemu.Start(context.Background(), c)
	require.NoError(t, err)
	m := &Machine{qm, t}
	t.Cleanup(m.end)
	return m
}

// Image returns the name of the image.
//
// It ends the test if there is none.
func Image(t testing.TB) string {
	t.Helper()
	if name := os.Getenv("VITRINE_IMAGE"); name != "" {
		return name
	}
	return filepath.Join(Root(t), "build", "vitrine.elf")
}

// Root returns the top folder of the repository.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		require.NotEqual(t, dir, parent, "no go.mod above the working directory")
		dir = parent
	}
}

// end stops the machine, and says what is known if the test has failed.
func (m *Machine) end() {
	r := m.Close()
	if !m.t.Failed() {
		return
	}
	m.t.Logf("the machine: %v, exit code %d, %v", r.Outcome, r.Code, r.Err)
	if r.Fault != nil {
		var b strings.Builder
		r.Fault.Report(&b, m.symbolize())
		m.t.Log(b.String())
	}
	m.t.Logf("the end of what it wrote:\n%s", lastLines(Plain(m.Serial().Text()), 40))
}

// symbolize returns a function that explains addresses of the kernel.
func (m *Machine) symbolize() qemu.Symbolize {
	dir := filepath.Dir(Image(m.t))
	return symbol.Explainer(filepath.Join(dir, "vitrine.debug.elf"), filepath.Join(dir, "boot.elf"))
}

// Expect waits until the pattern matches what the machine writes to the serial
// line, and returns the match and its groups.
func (m *Machine) Expect(pattern string) []string {
	m.t.Helper()
	match, err := m.Serial().WaitFor(pattern, Limit)
	require.NoError(m.t, err)
	return match
}

// WaitPrompt waits for the shell's prompt on the serial line, and until the
// machine has nothing more to say.
func (m *Machine) WaitPrompt() {
	m.t.Helper()
	m.Expect(qemu.PromptPattern)
}

// Send types text on the serial line. Enter is "\r".
func (m *Machine) Send(text string) {
	m.t.Helper()
	require.NoError(m.t, m.Serial().Send(text))
}

// Run runs a command of the shell over the serial line, and returns what it
// prints, without colours. The prompt must be there.
func (m *Machine) Run(command string) string {
	m.t.Helper()
	m.Send(command + "\r")
	m.Expect(`\r?\n`) // the end of the echo
	all := m.Expect(`(?s)^(.*?)` + qemu.PromptPattern)
	return strings.ReplaceAll(Plain(all[1]), "\r", "")
}

// Type types text on the PS/2 keyboard, a US one. Enter is "\n".
func (m *Machine) Type(text string) {
	m.t.Helper()
	require.NoError(m.t, m.QMP().Type(text))
}

// Press presses keys on the PS/2 keyboard together; see qemu.QMP.Press.
func (m *Machine) Press(keys ...string) {
	m.t.Helper()
	require.NoError(m.t, m.QMP().Press(keys...))
}

// ScreenText returns the VGA text screen.
func (m *Machine) ScreenText() string {
	m.t.Helper()
	text, err := m.QMP().ScreenText()
	require.NoError(m.t, err)
	return text
}

// WaitScreen waits until the pattern matches the VGA text screen, less the
// blanks and empty rows at its end, and returns the match and its groups.
func (m *Machine) WaitScreen(pattern string) []string {
	m.t.Helper()
	re := regexp.MustCompile(pattern)
	text := ""
	for start := time.Now(); time.Since(start) < Limit; time.Sleep(10 * time.Millisecond) {
		text = strings.TrimRight(m.ScreenText(), " \n")
		if match := re.FindStringSubmatch(text); match != nil {
			return match
		}
	}
	require.FailNow(m.t, fmt.Sprintf("the screen does not show %q within %v; it shows:\n%s", pattern, Limit, text))
	return nil
}

// Screen returns a picture of the screen.
func (m *Machine) Screen() image.Image {
	m.t.Helper()
	picture, err := m.QMP().Screen()
	require.NoError(m.t, err)
	return picture
}

// End waits until the machine has stopped by itself, and returns how.
func (m *Machine) End() qemu.Result {
	m.t.Helper()
	select {
	case <-m.Done():
	case <-time.After(Limit):
		require.FailNow(m.t, fmt.Sprintf("the machine still runs after %v", Limit))
	}
	return m.Wait()
}

// controls are the sequences that colour text and move the cursor.
var controls = regexp.MustCompile(`\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]`)

// Plain returns text without colours and cursor movements.
func Plain(text string) string { return controls.ReplaceAllString(text, "") }

// lastLines returns the last n lines of text.
func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
