package systest

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// TestTheStubSaysWhyItCannotGoOn boots where the kernel cannot run: there is
// one line, on the serial line and on the screen, and the processor halts.
func TestTheStubSaysWhyItCannotGoOn(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*qemu.Config)
		says   string // a pattern
	}{
		{"no long mode", func(c *qemu.Config) { c.CPU = "qemu32" }, `^vitrine: this processor has no 64-bit mode .*-cpu`},
		{"no NX", func(c *qemu.Config) { c.CPU = "qemu64,-nx" }, `^vitrine: this processor has no NX bit`},
		{"no room for the image", func(c *qemu.Config) { c.Memory = 4 }, `^vitrine: too little memory: +\d+ MiB needed, +4 MiB present`},
		{"no room for the heap", func(c *qemu.Config) { c.Memory = 9 }, `^vitrine: too little memory: +\d+ MiB needed, +[89] MiB present`},
		{"no room beside a module", withModule(t, 55), `^vitrine: too little memory: \d+ MiB needed, 55 of them by boot modules, 63 MiB present \(qemu: -m 128\)`},
		{"a module as large as memory", withModule(t, 64), `^vitrine: too little memory: \d+ MiB needed, 64 of them by boot modules, 63 MiB present \(qemu: -m 128\)`},
		{"no boot loader", notLoaded(t), `^vitrine: not started by a Multiboot loader`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := qemutest.Boot(t, c.change)
			// The whole line: what the processor has done and what the serial line
			// has delivered arrive by two ways, neither of which waits for the other.
			m.Expect(`vitrine: [^\n]*\n`)
			waitHalted(t, m)
			line := strings.TrimSpace(qemutest.Plain(m.Serial().Text()))
			require.Regexp(t, c.says, line)
			require.NotContains(t, line, "\n", "one line is enough")
			// A row of the screen ends where it is full, perhaps at a blank.
			screen := m.ScreenText()
			require.True(t, strings.HasSuffix(withoutBlanks(screen), withoutBlanks(line)), "the screen shows something else:\n%s", screen)
		})
	}
}

// withModule gives a machine of 64 MiB a boot module of some MiB.
func withModule(t *testing.T, mega int64) func(*qemu.Config) {
	t.Helper()
	module := filepath.Join(t.TempDir(), "module")
	require.NoError(t, os.WriteFile(module, nil, 0o600))
	require.NoError(t, os.Truncate(module, mega<<20))
	return func(c *qemu.Config) { c.Memory, c.Modules = 64, []string{module} }
}

// withoutBlanks returns text without blanks and ends of lines.
func withoutBlanks(text string) string { return strings.Join(strings.Fields(text), "") }

// eflags finds the flags in QEMU's dump of the registers.
var eflags = regexp.MustCompile(`R?E?FL=([0-9a-f]+)`)

// waitHalted waits until the processor has halted with interrupts off: for
// ever, then.
func waitHalted(t *testing.T, m *qemutest.Machine) {
	t.Helper()
	require.Eventually(t, func() bool {
		registers, err := m.QMP().Monitor("info registers")
		require.NoError(t, err)
		flags := eflags.FindStringSubmatch(registers)
		require.NotNil(t, flags, "%s", registers)
		value, err := strconv.ParseUint(flags[1], 16, 64)
		require.NoError(t, err)
		const interruptFlag = 1 << 9
		return strings.Contains(registers, "HLT=1") && value&interruptFlag == 0
	}, qemutest.Limit, 10*time.Millisecond)
}

// notLoaded makes the machine jump to the image's entry without a loader that
// speaks Multiboot: QEMU puts the image into memory, and a program of a few
// bytes, elsewhere, jumps there.
func notLoaded(t *testing.T) func(*qemu.Config) {
	t.Helper()
	file, err := os.ReadFile(qemutest.Image(t))
	require.NoError(t, err)
	entry := binary.LittleEndian.Uint32(file[24:]) // Elf32_Ehdr.e_entry

	const at, header = 64 << 20, 32
	code := []byte{
		0x31, 0xc0, // xorl %eax, %eax
		0xbb, 0, 0, 0, 0, // movl $entry, %ebx
		0xff, 0xe3, // jmp *%ebx
	}
	binary.LittleEndian.PutUint32(code[3:], entry)
	const magic, hasAddress = 0x1badb002, 1 << 16
	end := uint32(at + header + len(code))
	var b []byte
	for _, w := range []uint32{magic, hasAddress, ^uint32(magic+hasAddress) + 1, at, at, end, end, at + header} {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	name := filepath.Join(t.TempDir(), "jump")
	require.NoError(t, os.WriteFile(name, append(b, code...), 0o644))
	return func(c *qemu.Config) {
		c.Extra = append(c.Extra, "-device", "loader,file="+c.Kernel)
		c.Kernel = name
	}
}

// TestQEMUIsGoneAfterTheTest keeps the promise that all other tests build on.
func TestQEMUIsGoneAfterTheTest(t *testing.T) {
	m, err := qemu.Start(context.Background(), qemu.Config{Kernel: qemutest.Image(t), Timeout: time.Minute})
	require.NoError(t, err)
	process := filepath.Join("/proc", strconv.Itoa(m.Pid()), "cmdline")
	require.FileExists(t, process)
	m.Close()
	require.NoFileExists(t, process)
}
