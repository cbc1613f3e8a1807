package systest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// TestWorksWithoutAKeyboardController: one line says so, and the serial line
// is there.
func TestWorksWithoutAKeyboardController(t *testing.T) {
	t.Parallel()
	m := boot(t, func(c *qemu.Config) { c.Machine = "q35,i8042=off" })
	require.Equal(t, "hello\n", m.Run("echo hello"))
	require.Equal(t, "1\n", m.Run("log -l warn | count"), "%s", m.Run("log -l warn"))
	require.Regexp(t, `(?i)keyboard`, m.Run("log -l warn"))
	m.Send("reboot\r") // not by way of the keyboard controller, then
	require.Equal(t, qemu.Reset, m.End().Outcome)
}

// TestWorksWithoutASerialLine: keyboard and screen are there.
func TestWorksWithoutASerialLine(t *testing.T) {
	t.Parallel()
	m := qemutest.Boot(t, func(c *qemu.Config) { c.NoSerial = true })
	m.WaitScreen(`vitrine>$`)
	m.Type("log -l warn | count\n")
	m.WaitScreen(`(?m)^1\nvitrine>$`)
	m.Type("clear\n")
	m.WaitScreen(`^vitrine>$`)
	m.Type("log -l warn\n")
	m.WaitScreen(`(?s)serial.*failed.*vitrine>$`)
	m.Type("poweroff")
	_ = m.QMP().Key("ret", true) // there may be nobody left to answer
	require.Equal(t, qemu.PoweredOff, m.End().Outcome)
}

// TestWorksWithoutAScreen: the serial line is there. A kernel cannot tell a VGA
// adapter that is absent, so this may go without a word.
func TestWorksWithoutAScreen(t *testing.T) {
	t.Parallel()
	m := boot(t, func(c *qemu.Config) { c.NoVGA = true })
	require.Equal(t, "hello\n", m.Run("echo hello"))
	require.NotContains(t, m.Run("log"), "framebuffer")
	m.Type("echo keys\n")
	m.Expect(`\nkeys\r?\n`)
}

// TestUnknownWordsAreLoggedAndNeverFatal: on the kernel's command line.
func TestUnknownWordsAreLoggedAndNeverFatal(t *testing.T) {
	t.Parallel()
	m := boot(t, withWords("colour=blue verbose layout=martian loglevel=loud panic=maybe clock=sundial"))
	out := m.Run("log -l warn")
	for _, word := range []string{"colour", "verbose", "martian", "loud", "maybe", "sundial"} {
		require.Contains(t, out, word)
	}
	require.Equal(t, "hello\n", m.Run("echo hello"))
}

// TestAScriptRunsFromTheCommandLine and its output comes before the prompt.
func TestAScriptRunsFromTheCommandLine(t *testing.T) {
	t.Parallel()
	m := boot(t, withWords(`run="echo one; echo two | grep w"`))
	require.Regexp(t, `one\r?\ntwo\r?\nvitrine> $`, m.Serial().Text())
}

// TestTheHardwaresOwnExceptionsAreReported: those that the hardware raises,
// and no instruction.
func TestTheHardwaresOwnExceptionsAreReported(t *testing.T) {
	t.Parallel()
	for line, says := range map[string]string{
		"nmi": `NMI non-maskable interrupt \(vector 2\)`,
		// Bank 9 of processor 0 has seen an error that cannot be corrected.
		"mce 0 9 0xbd00000000000000 0x4 0x1000 0x8c": `#MC machine check \(vector 18\)`,
	} {
		m := boot(t, withWords("panic=exit"))
		_, _ = m.QMP().Monitor(line) // the machine may have ended before the answer
		m.Expect(says)
		end := m.End()
		require.Equal(t, qemu.Exited, end.Outcome, line)
		require.Equal(t, exception, end.Code, line)
	}
}
