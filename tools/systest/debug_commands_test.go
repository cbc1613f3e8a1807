package systest

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// whatTheShellSays is what the shell is asked before GDB is. The last one tells
// that it is done.
const whatTheShellSays = `run="maps; audit; irq; frames; idt 33; kbd; echo told"`

// pressKeys presses Shift-A when the shell is done, again and again until done
// is closed: keys that are pressed while the machine stands are lost. It tells
// what the shell has said.
func pressKeys(said chan<- string, done <-chan struct{}) func(m *qemutest.Machine) {
	return func(m *qemutest.Machine) {
		_, err := m.Serial().WaitFor(`\ntold\r?\n(.|\n)*vitrine> $`, gdbLimit)
		if err != nil {
			close(said)
			return
		}
		said <- qemutest.Plain(m.Serial().Text())
		for {
			select {
			case <-done:
				return
			case <-time.After(200 * time.Millisecond):
				_ = m.QMP().Press("shift", "a")
			}
		}
	}
}

// rows returns the lines of text whose first words match a pattern, with single
// blanks.
func rows(text, pattern string) (found []string) {
	re := regexp.MustCompile("^(" + pattern + ")")
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); re.MatchString(line) {
			found = append(found, line)
		}
	}
	return found
}

// The commands of GDB read memory from outside; the shell's use the kernel's own
// functions. They come to the same.
func TestGDBAndTheShellSayTheSame(t *testing.T) {
	t.Parallel()
	said, done := make(chan string, 1), make(chan struct{})
	s := underGDB(t, "commands.gdb", nil, pressKeys(said, done), withWords(whatTheShellSays),
		func(c *qemu.Config) { c.SMP = 2 })
	close(done)
	shell, ok := <-said
	require.True(t, ok, "the shell did not come to an end")

	same := func(title, pattern string, some int) {
		t.Helper()
		want := rows(shell, pattern)
		require.GreaterOrEqual(t, len(want), some, "the shell says little about %s: %q", title, want)
		require.Equal(t, want, rows(s[title], pattern), title)
	}
	t.Run("maps", func(t *testing.T) {
		same("maps", `ffff8|ffffff80[0-3]|ffffffff[08]`, 30)
		requireInOrder(t, s["pages"], `FROM +TO +PHYSICAL`, `^ffff800000000000 .* 2M +rw- G$`, `^ffffffff80200000 .* 4K +r-x G$`)
	})
	t.Run("regions", func(t *testing.T) {
		requireInOrder(t, s["regions"], `guard +r-- +0 +guard page$`, `16 KiB +fixed +rw- +0 +interrupt stack$`,
			`processor's first stack$`, `runtime's g0 stack$`)
	})
	t.Run("audit", func(t *testing.T) {
		same("audit", `address spaces|executable|regions|processor`, 4)
		requireInOrder(t, s["audit"], `^in order: [\d.]+ MiB mapped, \d+ KiB of tables, no violation$`)
	})
	t.Run("lines", func(t *testing.T) {
		line := regexp.MustCompile(`(?m)^ *(\d+) +(\d+) +\d+ +(?:(on|off) +(?:GSI.*\d)?)?(?:nowhere)?(?:yes +)?(on|off)? *(\w*)$`)
		table := func(text string) (found [][]string) {
			for _, l := range line.FindAllStringSubmatch(strings.ReplaceAll(text, "\r", ""), -1) {
				found = append(found, []string{l[1], l[2], l[3] + l[4], l[5]})
			}
			return found
		}
		ours, theirs := table(s["irq"]), table(shell)
		require.Contains(t, theirs, []string{"4", "36", "on", "serial"})
		for _, l := range theirs {
			if l[2] != "" { // else the line arrives nowhere
				require.Contains(t, ours, l)
			}
		}
		requireInOrder(t, s["irq"], `key typed +\(raised by software\)`, `- +241 .* message: there is work`, `arrive at the I/O APICs`)
	})
	t.Run("frames", func(t *testing.T) {
		same("frames", `frames \d|reserved|a character is`, 3)
		requireInOrder(t, s["frames"], `handed out`, ` X`, ` [#+]`)
	})
	t.Run("a gate", func(t *testing.T) {
		handler := regexp.MustCompile(`handler +(?:0x)?([0-9a-f]+)`)
		require.Equal(t, handler.FindStringSubmatch(shell)[1], handler.FindStringSubmatch(s["idt"])[1])
		requireInOrder(t, s["idt"], `^vector 33 +IRQ 1 keyboard`, `fired +\d+ times`)
	})
	t.Run("segments", func(t *testing.T) {
		requireInOrder(t, s["gdt"], `^GDT at 0x[0-9a-f]+, 7 slots, of CPU \d`, `0x0008 .* 64-bit code +kernel code`,
			`0x0023 .* 64-bit code +user code`, `64-bit TSS, busy .* at 0x[0-9a-f]+, limit 0x67`)
		requireInOrder(t, s["tss"], `^TSS at`, `IST 1 +0xffffff80\w+ +0xffffff80\w+ +interrupts`, `IST 5 .* machine checks`, `IST 6 +none`)
		require.NotContains(t, s["tss"], "not in use")
	})
	t.Run("the keyboard's pipeline", func(t *testing.T) {
		require.Equal(t, rows(shell, "layout")[0][:len("layout us")], rows(s["kbd"], "layout")[0][:len("layout us")])
		requireInOrder(t, s["kbd"], `8042 +config 0x43, listening; \d+ interrupts`, `device +identity ab 83, scan code set 1`,
			`ring +[1-9]\d* of 256 bytes: 2a`, `event +'key typed', raised \d+ times`, `decoder +waits after: none`,
			`keys held +none`, `line +vitrine> \|; \d+ lines of history`)
		requireInOrder(t, s["line"], `keys held +(none|.*LeftShift)`, `modifiers: (none|LeftShift)`, `line +vitrine> A+\|`)
	})
	t.Run("goroutines", func(t *testing.T) {
		requireInOrder(t, s["goroutines"], `1 +(IO wait|run\w+) .*interrupts\.Pump .*start\.startPump`,
			`2 +select .*tty\.\(\*Terminal\)\.wait .*terminal: a key \(chan struct \{\}, 0 of 1\)`, `select .*tty\.Decode .*startConsole +IRQ 4 serial`,
			`^\* +\d+ +running .*ps2\.\(\*Keyboard\)\.Events .*startKeyboard`, `mouseLoop .* event 'mouse moved'`)
	})
	t.Run("frames and addresses have owners", func(t *testing.T) {
		requireInOrder(t, s["root"], `^1000$`, `frame 0x1000: used`, `page table: the PML4$`)
		requireInOrder(t, s["who"], `Go heap$`, `stack of goroutine \d+ \(running\)`, `frame 0x[0-9a-f]+: used`,
			`symbol: vitrine/kernel\.theMachine`, `frame 0x[0-9a-f]+: reserved`, `the kernel's image, rw-`,
			`object 0x[0-9a-f]+, \d+ bytes, in use: vitrine/drivers/ps2\.Controller; this is byte 0 of it`,
			`code: .*<vitrine/mm/frame\.\(\*Allocator\)\.Alloc> mm/frame/frame\.go:\d+`, `r-x`,
			`symbol: vitrine/kernel\.theMachine`, `code: .*<vitrine/kernel\.Main\+\d+> kernel/main\.go:4\d`,
			`VGA: text screen`, `interrupt stack`, `stack for interrupts of CPU \d \(IST 1\)`, `user space`, `not mapped`, `not canonical`)
	})
	t.Run("Go reads as Go", func(t *testing.T) {
		requireInOrder(t, s["printers"], `= \(\*errors\.errorString\) "EOF"$`, `= 0x`, `= 500 ms$`,
			`\{name = "serial", top = func vitrine/drivers/uart\.\(\*Port\)\.Interrupt-fm, .*wake = chan struct \{\} [01] of 1,`,
			`\{Start = 0xffffff8000001000, End = 0xffffff8000005000\}`, `= 0x1000 \(address 0x1000000\)`,
			`= map\[string\]\*vitrine/kernel/shell\.Command = \{.*\["audit"\] = 0x`,
			`\{name = "memory", start = func vitrine/kernel\.\(\*machine\)\.startMemory, needs = ""\}`, `= chan struct \{\} [01] of 1$`, `= \d+$`,
			`^not: <no string: -\d+ bytes at 0xf\w+>`, `^not: <no string: \d+ bytes at 0x\w+>`)
	})
	t.Run("help and completion", func(t *testing.T) {
		requireInOrder(t, s["help"], `^Tell whose an address is: vit who ADDR`, `^vit frame$`, `^vit frames$`, `^vit at chapter:paging$`, `^vit at kernel\.Main$`, `^vit at uart\.\(\*Port\)\.Interrupt$`,
			`^vit who start\.Hwinit0$`, `^vit who start\.Hwinit1$`, `^vit pagewalk \$rsp$`, `^vit maps -p$`)
	})
	t.Run("errors say what is wrong", func(t *testing.T) {
		requireInOrder(t, s["errors"], `vit frames 1: see: help vit frames`, `vit frame: see: help vit frame`, `vit who: see`,
			`vit idt 256: .*vectors are 0 to 255`, `the book has no chapter 'nothing'`, `chapter:paging +08-virtual-memory`,
			`interrupt:x: vectors are 0 to 255`, `nothing: there is no such function or line`, `\*nothing: No symbol "nothing"`,
			`the other processors have begun already`, `^vit who nothing: vit who: No symbol "nothing"`, `^vit who 1 2: vit who: A syntax error`,
			`^vit who "text": "text" is neither an address nor a whole number`, `^vit idt 1\.5: 1\.5 is neither`,
			`^vit frame -1: vit frame: a frame's number has at most 40 bits`, `^vit log nothing: vit log: No symbol`,
			`^vit attach: vit attach: this GDB has a machine already`,
			`^goroutine nothing bt: goroutine nothing: No symbol "nothing"`, `^vit who main\.go:99999: vit who: There is no line main\.go:99999`, `^vit maps -x: see: help vit maps`)
	})
}
