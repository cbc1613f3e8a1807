package systest

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTypedKeysAppear types on the PS/2 keyboard and looks at both screen and
// serial line.
func TestTypedKeysAppear(t *testing.T) {
	t.Parallel()
	m := boot(t)
	m.Type("echo Hello, World! 2+2=4 ~{[|]}`")
	m.Expect("echo Hello, World! 2\\+2=4 ~\\{\\[\\|\\]\\}`$")
	m.WaitScreen("vitrine> echo Hello, World! 2\\+2=4 ~\\{\\[\\|\\]\\}`$")
	m.Press("ctrl", "c")
	m.WaitPrompt()
	m.Type("echo Hello,  \"World  !\"\n")
	m.Expect(`\nHello, World  !\r?\n`)
	m.WaitPrompt()
	m.WaitScreen(`(?m)^Hello, World  !\nvitrine>$`)
}

// TestTheLocksLock: Caps Lock changes letters only, Num Lock the keypad.
func TestTheLocksLock(t *testing.T) {
	t.Parallel()
	m := boot(t)
	m.Press("caps_lock")
	m.Type("ab1;")
	m.Press("shift", "c")
	m.Press("caps_lock")
	m.Type("d")
	expectLine(m, "AB1;cd")

	m.Type("ab")
	m.Press("kp_7") // Num Lock is on from the start
	m.Type("c")
	expectLine(m, "ab7c")
	m.Press("num_lock")
	m.Type("ab")
	m.Press("kp_7") // Home
	m.Press("delete")
	m.Press("end")
	m.Type("c\n")
	m.Expect(`unknown command 'bc'`)
	m.WaitPrompt()
	m.Press("num_lock")
	m.Press("kp_4")
	expectLine(m, "4")
}

// TestHistoryAndCompletion uses arrows and Tab.
func TestHistoryAndCompletion(t *testing.T) {
	t.Parallel()
	m := boot(t)
	m.Type("echo one\n")
	m.Expect(`\none\r?\n`)
	m.WaitPrompt()
	m.Type("echo two\n")
	m.Expect(`\ntwo\r?\n`)
	m.WaitPrompt()
	m.Press("up")
	m.Press("up")
	m.Type("\n")
	m.Expect(`\none\r?\n`)
	m.WaitPrompt()
	m.Press("up")
	m.Press("up")
	m.Press("down")
	m.Press("home")
	for range "echo " {
		m.Press("delete")
	}
	m.Type("echo three and ")
	m.Press("end")
	m.Type(" four\n")
	m.Expect(`\nthree and one four\r?\n`)
	m.WaitPrompt()

	m.Type("upt\t")
	m.Expect(`uptime $`)
	m.Type("\n")
	m.Expect(`up [0-9.]+m?s`)
	m.WaitPrompt()
	m.Type("layout \t\t") // the choice is shown
	m.Expect(`de +.*fr`)
	m.Press("ctrl", "c")
	m.WaitPrompt()
}

// TestCtrlCStops a command that would go on, and a line that is being typed.
func TestCtrlCStops(t *testing.T) {
	t.Parallel()
	m := boot(t)
	m.Type("poweroff")
	m.Expect(`poweroff$`)
	m.Press("ctrl", "c")
	m.WaitPrompt()
	m.Type("log -f\n")
	m.Expect(`boot:.*shell`)
	m.Press("ctrl", "c")
	m.WaitPrompt()
	require.Equal(t, "and goes on\n", m.Run("echo and goes on"))
}

// TestEscapeSequencesOfTheSerialLine sends what a terminal sends for its keys.
// Time is real: a lone Escape is told from a sequence by how long it stays
// alone.
func TestEscapeSequencesOfTheSerialLine(t *testing.T) {
	t.Parallel()
	m := boot(t, realTime)
	require.Equal(t, "one\n", m.Run("echo one"))
	m.Send("\x1b[A\r") // up
	m.Expect(`\none\r?\n`)
	m.WaitPrompt()
	require.Equal(t, "aXYbZ\n", m.Run("echo ab\x1b[D"+"X"+"\x1bOD\x1b[C"+"Y"+"\x1b[F"+"Z"))
	require.Equal(t, "bc\n", m.Run("xecho abc\x1b[H\x1b[3~\x1b[C\x1b[C\x1b[C\x1b[C\x1b[C\x1b[3~"))
	require.Equal(t, "ünï ✓\n", m.Run("echo ünï ✓"), "UTF-8")
	require.Equal(t, "ac\n", m.Run("echo ab\x7fc"), "Backspace")
	m.Send("echo \x1b[99;99;99~\x1b[200~pasted\x1b[201~\r") // unknown ones do nothing
	m.Expect(`\npasted\r?\n`)
	m.WaitPrompt()
}

// TestAPasteLosesNothing: more than the receiver's FIFO, the ring and the
// terminal's buffer together, in one piece.
func TestAPasteLosesNothing(t *testing.T) {
	const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+/.,:"
	random := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = characters[random.IntN(len(characters))]
		}
		return string(b)
	}
	t.Run("one line", func(t *testing.T) {
		m := boot(t, realTime)
		long := text(2000)
		m.Send("echo " + long + "\r")
		m.Expect(`\n` + regexp.QuoteMeta(long) + `\r?\n`)
	})
	t.Run("many lines", func(t *testing.T) {
		m := boot(t, realTime)
		var paste strings.Builder
		var lines []string
		for i := range 40 {
			lines = append(lines, fmt.Sprintf("%d:%s", i, text(40)))
			fmt.Fprintf(&paste, "echo %s\r", lines[i])
		}
		m.Send(paste.String())
		for _, l := range lines {
			m.Expect(`\n` + regexp.QuoteMeta(l) + `\r?\n`)
		}
		m.WaitPrompt()
		require.Regexp(t, `lost, ring full +0\nlost by the chip +0\n`, m.Run("serial"))
	})
}
