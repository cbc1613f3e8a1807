package systest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// dissect boots a machine with so many processors, in which the shell runs
// 'fault kind', and returns the core of that and what vit says. It counts
// instructions, so that one run is like another.
func dissect(t *testing.T, kind string, processors int) (core, said string) {
	t.Helper()
	core = filepath.Join(t.TempDir(), "vitrine.core")
	said, err := vit(t, "autopsy", "-icount", "3", "-kvm", "off", "-qmp", "", "-timeout", fmt.Sprint(qemutest.Limit),
		"-smp", fmt.Sprint(processors), "-image", qemutest.Image(t), "-debug-elf", build(t, "vitrine.debug.elf"),
		"-core", core, "-debugger", "none", "-append", fmt.Sprintf("run=%q", "fault "+kind))
	require.NoError(t, err, said)
	require.Contains(t, said, "the machine died at")
	return core, said
}

// openInGDB opens a core in GDB, with our scripts, and returns what it says to
// the commands.
func openInGDB(t *testing.T, core string, commands ...string) string {
	t.Helper()
	args := []string{
		"-batch", "-ex", "set pagination off", "-ex", "set width 0", "-x", "scripts/gdb/init.py", "-ex", "core-file " + core,
	}
	for _, c := range commands {
		args = append(args, "-ex", c)
	}
	out := gdb(t, qemutest.Root(t), args...)
	require.NotContains(t, out, "warning: core file")
	require.NotContains(t, out, "Error")
	return out
}

// openInDelve opens a core in Delve, without the user's own settings, and
// returns what it says to the commands.
func openInDelve(t *testing.T, core string, commands ...string) string {
	t.Helper()
	dlv := filepath.Join(qemutest.Root(t), "build", "dlv")
	require.FileExists(t, dlv, "'make build/dlv' builds it")
	script := filepath.Join(t.TempDir(), "commands")
	text := ""
	for _, c := range append(commands, "exit") {
		text += c + "\n"
	}
	require.NoError(t, os.WriteFile(script, []byte(text), 0o644))
	ctx, cancel := context.WithTimeout(context.Background(), gdbLimit)
	defer cancel()
	command := exec.CommandContext(ctx, dlv, "core", build(t, "vitrine.debug.elf"), core,
		"--check-go-version=false", "--allow-non-terminal-interactive=true", "--init", script)
	command.Dir, command.WaitDelay = qemutest.Root(t), time.Second
	command.Env = append(os.Environ(), "NO_COLOR=1", "TERM=dumb", "XDG_CONFIG_HOME="+t.TempDir())
	out, err := command.CombinedOutput()
	require.NoError(t, ctx.Err(), "Delve is not done within %v; it said:\n%s", gdbLimit, out)
	require.NoError(t, err, "Delve said:\n%s", out)
	return string(out)
}

const faultFile = "kernel/shell/commands/fault.go"

// at is a pattern for a place in a file: the first line that contains text.
func at(t *testing.T, file, text string) string {
	t.Helper()
	return regexp.QuoteMeta(file) + ":" + strconv.Itoa(lineOf(t, file, text)) + `\b`
}

// Of an exception that became a panic the first frame is the instruction, and
// not what the runtime and the report have done since.
func TestACoreShowsANilPointer(t *testing.T) {
	t.Parallel()
	core, said := dissect(t, "nil", 4)
	require.Contains(t, said, "\n  panic: runtime error: invalid memory address or nil pointer dereference\n")
	require.Contains(t, said, "KERNEL STOPPED BY A GO PANIC")
	readInt, call := at(t, faultFile, "func readInt("), at(t, faultFile, "readInt(nil)")

	out := openInGDB(t, core, "bt", "info args", "info threads", "info goroutines", `p 'vitrine/kernel/start.dying'`)
	requireInOrder(t, out, `SIGSEGV`, `^#0 .*commands\.readInt \(p=0x0\b.*`+readInt, `^#1 .*commands\.faults\.func\d+ .*`+call,
		`in runtime\.goexit`, `^p = 0x0$`, `^\* 1 .*commands\.readInt`, `^\$1 = 1$`)
	requireEach(t, out, `force gc \(idle\) +runtime\.forcegchelper$`,
		`chan receive +vitrine/kernel\.\(\*machine\)\.keyboardLoop +event 'key typed'`,
		`^\* \d+ +running +vitrine/kernel/shell/commands\.readInt$`)
	require.Len(t, regexp.MustCompile(`(?m)^[* ] \d .*LWP`).FindAllString(out, -1), 4)
	requireCommandsOnCore(t, core)

	out = openInDelve(t, core, "bt", "args", "goroutines", "print start.dying", "threads")
	requireInOrder(t, out, `^0 .* in vitrine/kernel/shell/commands\.readInt\n.*`+readInt,
		`^1 .* in vitrine/kernel/shell/commands\.faults\.func\d+\n.*`+call, `in runtime\.goexit`, `^p = \*int nil$`,
		`^1$`, `Thread 1 at`, `Thread 4 at`)
	requireEach(t, out, `Goroutine \d+ - .*\[force gc \(idle\)\]`, `Goroutine \d+ - .*keyboardLoop .*\[chan receive\]`,
		`^\* Goroutine \d+ - .*commands\.readInt `)
}

// requireEach requires that text has matches of all patterns, in any order: the
// numbers of goroutines depend on who was first.
func requireEach(t *testing.T, text string, patterns ...string) {
	t.Helper()
	for _, p := range patterns {
		require.Regexp(t, "(?m)"+p, text)
	}
}

// requireCommandsOnCore requires that our commands do without a machine, and
// without registers that a core does not have.
func requireCommandsOnCore(t *testing.T, core string) {
	t.Helper()
	out := openInGDB(t, core, "vit attach", "vit cpus", "vit pagewalk $sp", "vit maps", "vit regions", "vit audit", "vit idt 14", "vit gdt",
		"vit tss", "vit irq", "vit frames", "vit frame 0x1000", "vit who $sp", "vit kbd", "vit goroutines", "vit log 1", "vit panic",
		"goroutine all bt 3", "thread apply all vit cpus")
	requireInOrder(t, out, `^vit attach: this GDB has a core`, `^\* +\d +\d+ +1 +runs .*commands\.readInt$`, `^physical 0x\w+, a page of .*, RW-, ring 0 only$`,
		`direct map of physical memory$`, `guard +r-- +0 +guard page$`, `^processor +1 +WP \(EFER is not in this core\)$`, `^in order: `,
		`^vector 14 +#PF page fault`, `^GDT at 0x\w+, 7 slots, of CPU \d$`, `IST 1 +0xffffff80`, ` 1 +33 +\d+ .*keyboard$`,
		`^frames +\d+`, `page table: the PML4$`, `stack of goroutine \d+ \(running\)`, `^ring +\d+ of 256 bytes`,
		`^\[ +\d+\.\d+\] `, `invalid memory address`, `^Goroutine 1 `, `in vitrine/interrupts\.Pump`, `^Thread 4 `, `^Thread 1 `)
	requireEach(t, out, `keyboardLoop .* event 'key typed'`, `^\* +\d+ +running .*commands\.readInt`)
	require.NotContains(t, out, "violation:")
}

// A panic that is no exception shows the way to the end of the kernel: from the
// goroutine's stack to the system's.
func TestACoreShowsAPanic(t *testing.T) {
	t.Parallel()
	core, said := dissect(t, "panic", 1)
	require.Contains(t, said, "\n  panic: asked for by the command 'fault'\n")
	call := at(t, faultFile, `panic("asked for`)
	requireInOrder(t, openInGDB(t, core, "bt", "frame function start.exit", "info args"),
		`SIGABRT`, `^#\d+ .*kernel/start\.exit \(code=2\)`, `in runtime\.systemstack `, `in runtime\.gopanic \(e=`,
		`commands\.faults\.func\d+ .*`+call, `in runtime\.goexit`, `^code = 2$`)
	requireInOrder(t, openInDelve(t, core, "bt -full"),
		`in vitrine/kernel/start\.exit\n.*\n +code = 2$`, `in runtime\.systemstack\n`,
		`in runtime\.gopanic\n.*\n +e = interface \{\}\(string\) "asked for by the command 'fault'"$`,
		`in vitrine/kernel/shell/commands\.faults\.func\d+\n.*`+call, `in runtime\.goexit`)
}

// An exception that is no Go panic; and the local variable of a goroutine that
// waits: of the command, for which another goroutine does it.
func TestACoreShowsAnInvalidInstruction(t *testing.T) {
	t.Parallel()
	core, _ := dissect(t, "opcode", 1)
	undefined := at(t, "kernel/shell/commands/fault_amd64.s", "UD2")
	requireInOrder(t, openInGDB(t, core, "bt", "goroutine all frame apply all -q info locals"),
		`SIGILL`, `^#0 .*commands\.undefined \(\) at .*`+undefined, `^#1 .*processorFaults\.func\d+`, `in runtime\.goexit`,
		`^kind = "opcode"$`)
	requireInOrder(t, openInDelve(t, core, "bt", "goroutines -exec stack -full"),
		`^0 .* in vitrine/kernel/shell/commands\.undefined\n.*`+undefined, `^1 .*processorFaults\.func\d+`, `in runtime\.goexit`,
		`in vitrine/kernel/shell/commands\.\(\*Machine\)\.fault\n(?: +.*\n)*? +kind = "opcode"$`)
}

// A double fault has a stack of its own; the program is still on the other.
func TestACoreShowsADoubleFault(t *testing.T) {
	t.Parallel()
	core, said := dissect(t, "double", 2)
	require.Contains(t, said, "#DF double fault")
	requireTouch(t, core, 1<<63)
}

// A triple fault leaves no report: the registers are the processor's.
func TestACoreShowsATripleFault(t *testing.T) {
	t.Parallel()
	core, said := dissect(t, "triple", 4)
	require.Contains(t, said, "triple fault: the processor gave up")
	requireTouch(t, core, 0x1234_5678_9000)
}

// requireTouch requires that both debuggers find the kernel in touch, with this
// argument.
func requireTouch(t *testing.T, core string, v uint64) {
	t.Helper()
	touch := at(t, faultFile, "func touch(")
	requireInOrder(t, openInGDB(t, core, "bt", "info args"),
		`SIGSEGV`, `^#0 .*commands\.touch \(v=.*`+touch, `^#1 .*commands\.processorFaults\.func\d+ `, `in runtime\.goexit`,
		fmt.Sprintf(`^v = %#x$`, v))
	requireInOrder(t, openInDelve(t, core, "bt", "args"),
		`^0 .* in vitrine/kernel/shell/commands\.touch\n.*`+touch, `^1 .*commands\.processorFaults\.func\d+`,
		`in runtime\.goexit`, fmt.Sprintf(`^v = .*\b%d\b`, v))
}

// A stack that is full, with thousands of frames.
func TestACoreShowsAStackOverflow(t *testing.T) {
	t.Parallel()
	core, said := dissect(t, "overflow", 1)
	require.Contains(t, said, "\n  fatal error: stack overflow\n")
	recurse := at(t, faultFile, "return recurse(n+1)")
	out := openInGDB(t, core, "bt 20")
	requireInOrder(t, out, `in runtime\.throw `, `in runtime\.newstack `, `in runtime\.morestack `, recurse, recurse)
	requireCounts(t, regexp.MustCompile(`commands\.recurse \(n=(\d+)`).FindAllStringSubmatch(out, -1))
	out = openInDelve(t, core, "bt 20 -full")
	requireInOrder(t, out, `in runtime\.throw\n`, `in runtime\.newstack\n`, recurse, recurse)
	requireCounts(t, regexp.MustCompile(`commands\.recurse\n.*\n +n = (\d+)\n`).FindAllStringSubmatch(out, -1))
}

// requireCounts requires that numbers, at least five, count down, but for the
// first: that one is the register of a call that has been refused.
func requireCounts(t *testing.T, matches [][]string) {
	t.Helper()
	require.Greater(t, len(matches), 5)
	before := 0
	for i, m := range matches[1:] {
		n, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		require.Greater(t, n, 1000)
		if i > 0 {
			require.Equal(t, before-1, n)
		}
		before = n
	}
}

// A machine that is alive goes on when it has been written down.
func TestACoreOfAMachineThatIsAlive(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	core, socket := filepath.Join(dir, "vitrine.core"), filepath.Join(dir, "qmp.sock")
	m := boot(t, realTime, func(c *qemu.Config) { c.SMP, c.QMPSocket = 2, socket })
	said, err := vit(t, "core", "-qmp", socket, "-debug-elf", build(t, "vitrine.debug.elf"), core)
	require.NoError(t, err, said)
	require.Contains(t, said, "the machine was alive at")
	require.Equal(t, "still here\n", m.Run("echo still here"))
	info, err := os.Stat(core)
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(128<<20))

	out := openInGDB(t, core, "info threads", "info goroutines", "p $go(\"kernel.theMachine\").console")
	requireInOrder(t, out, `LWP 1`, `LWP 2`, `chan receive +vitrine/kernel\.\(\*machine\)\.keyboardLoop +event 'key typed'`, `= \(vitrine/kernel/console\.Console \*\) 0x`)
	require.NotContains(t, out, "SIG")
	requireInOrder(t, openInDelve(t, core, "threads", "goroutines", "print kernel.theMachine.console.count"),
		`Thread 1 at`, `Thread 2 at`, `Goroutine \d+ - .*keyboardLoop .*\[chan receive\]`, `v: 2,`)
}

func TestACoreNeedsItsKernelAndAMachine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	core, socket := filepath.Join(dir, "vitrine.core"), filepath.Join(dir, "qmp.sock")
	said, err := vit(t, "core", "-qmp", socket, core)
	require.Error(t, err)
	require.Contains(t, said, "no machine is running")

	m := boot(t, realTime, func(c *qemu.Config) { c.QMPSocket = socket })
	for name, says := range map[string]string{
		build(t, "boot.elf"):                         "debugging information",
		filepath.Join(qemutest.Root(t), "build/vit"): "this is not Vitrine's kernel",
		filepath.Join(qemutest.Root(t), "go.mod"):    "is no ELF file",
		filepath.Join(dir, "none"):                   "no such file",
	} {
		said, err := vit(t, "core", "-qmp", socket, "-debug-elf", name, core)
		require.Error(t, err)
		require.Contains(t, said, says)
	}
	said, err = vit(t, "core", "-qmp", socket, "-debug-elf", build(t, "vitrine.debug.elf"), filepath.Join(dir, "none", "core"))
	require.Error(t, err)
	require.Contains(t, said, "none/core")
	require.NoFileExists(t, core)
	left, err := filepath.Glob(filepath.Join(dir, ".vitrine.core*"))
	require.NoError(t, err)
	require.Empty(t, left)
	require.Equal(t, "still here\n", m.Run("echo still here"))
}

// The kernel goes on after its death, to what panic= says.
func TestACoreIsWrittenOnTheWay(t *testing.T) {
	t.Parallel()
	core := filepath.Join(t.TempDir(), "vitrine.core")
	said, err := vit(t, "run", "-kvm", "off", "-qmp", "", "-timeout", fmt.Sprint(qemutest.Limit), "-core", core,
		"-debug-elf", build(t, "vitrine.debug.elf"), "-append", `panic=exit run="fault divide"`, qemutest.Image(t))
	require.Error(t, err)
	require.Contains(t, err.Error(), fmt.Sprint("exit status ", goPanic))
	require.Contains(t, said, "the machine died at "+commands+"divide")
	require.FileExists(t, core)
}
