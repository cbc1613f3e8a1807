package qemu

import (
	"bytes"
	"context"
	"debug/elf"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/guest"
)

// patience is how long a test waits for what takes a fraction of a second on
// an idle computer.
const patience = 60 * time.Second

// boot starts a machine that runs a guest.
func boot(t *testing.T, file []byte, change ...func(*Config)) *Machine {
	t.Helper()
	c := Config{Kernel: save(t, file), DebugExit: true, Timeout: patience}
	for _, f := range change {
		f(&c)
	}
	m, err := Start(context.Background(), c)
	require.NoError(t, err)
	t.Cleanup(func() { m.Close() })
	return m
}

// save stores a guest in a file.
func save(t *testing.T, file []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "guest")
	require.NoError(t, os.WriteFile(name, file, 0o644))
	return name
}

// gone tells whether there is no process with this id; it waits a moment for
// its end.
func gone(pid int) bool {
	for range 200 {
		state, err := os.ReadFile(filepath.Join("/proc", itoa(pid), "stat"))
		if err != nil || bytes.Contains(state, []byte(") Z ")) {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestEachWayToEndHasItsOutcome(t *testing.T) {
	for _, c := range []struct {
		name   string
		guest  []byte
		change func(*Config)
		want   Outcome
		code   int
	}{
		{name: "exit 0", guest: guest.Exit(0), want: Exited},
		{name: "exit 5", guest: guest.Exit(5), want: Exited, code: 5},
		{name: "exit 127, the largest", guest: guest.Exit(127), want: Exited, code: 127},
		{name: "power off", guest: guest.PowerOff(), want: PoweredOff},
		{name: "reset", guest: guest.Reset(), want: Reset},
		{name: "triple fault", guest: guest.TripleFault(), want: TripleFault},
		{name: "time limit", guest: guest.Spin(), change: func(c *Config) { c.Timeout = 3 * time.Second }, want: TimedOut},
		{name: "time limit, halted", guest: guest.Sleep(), change: func(c *Config) { c.Timeout = 3 * time.Second }, want: TimedOut},
		{name: "two processors", guest: guest.Exit(3), change: func(c *Config) { c.SMP = 2 }, want: Exited, code: 3},
		{name: "q35", guest: guest.Exit(3), change: func(c *Config) { c.Machine = "q35" }, want: Exited, code: 3},
		{name: "counted instructions", guest: guest.Exit(3), change: func(c *Config) { c.Icount = "3" }, want: Exited, code: 3},
		{name: "16 MiB, no VGA", guest: guest.Exit(3), change: func(c *Config) { c.Memory, c.NoVGA = 16, true }, want: Exited, code: 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var change []func(*Config)
			if c.change != nil {
				change = append(change, c.change)
			}
			m := boot(t, c.guest, change...)
			r := m.Wait()
			require.Equal(t, c.want.String(), r.Outcome.String(), "%+v", r)
			require.Equal(t, c.code, r.Code)
			require.True(t, gone(m.Pid()))
			require.Positive(t, r.Duration)
		})
	}
}

func TestAResetStartsTheMachineAnewIfSoConfigured(t *testing.T) {
	m := boot(t, guest.Reset(), func(c *Config) { c.Reboot = true })
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	resets := 0
	for n := 0; resets < 3; n++ {
		e, err := m.QMP().Event(ctx, n)
		require.NoError(t, err)
		if e.Name == "RESET" {
			resets++
		}
	}
	require.Equal(t, Stopped, m.Close().Outcome)
}

func TestAResetThroughQMPStartsTheMachineAnew(t *testing.T) {
	m := boot(t, guest.Scancodes(), func(c *Config) { c.Reboot = true })
	for range 2 {
		_, err := m.Serial().WaitFor(">", patience)
		require.NoError(t, err)
		require.NoError(t, m.QMP().Reset())
	}
	_, err := m.Serial().WaitFor(">", patience)
	require.NoError(t, err)
}

func TestATripleFaultIsExplained(t *testing.T) {
	r := boot(t, guest.TripleFault()).Wait()
	require.Equal(t, TripleFault, r.Outcome)
	require.EqualValues(t, guest.Entry+guest.FaultOffset, r.Fault.PC)
	require.Equal(t, -1, r.Fault.During)
	require.EqualValues(t, 6, r.Fault.Chain[0].Vector, "#UD")
	require.Len(t, r.Fault.Chain, 4)

	var b strings.Builder
	r.Fault.Report(&b, func(pc uint64) string { return "main.bad  bad.go:7" })
	require.Contains(t, b.String(), "1. #UD invalid opcode\n")
	require.Contains(t, b.String(), "2. #GP general protection while delivering that\n")
	require.Contains(t, b.String(), "3. #GP general protection while delivering that: #DF double fault\n")
	require.Contains(t, b.String(), "4. #GP general protection while delivering that: triple fault\n")
	require.Contains(t, b.String(), "at      0x100028  main.bad  bad.go:7\n")
	require.Contains(t, b.String(), "EIP=00100028")
}

// deaths returns a function for Config.OnDeath that dumps the machine, and what
// it sees.
func deaths(t *testing.T) (func(*Machine, *Fault), chan *Fault) {
	seen := make(chan *Fault, 2)
	return func(m *Machine, f *Fault) {
		name := filepath.Join(t.TempDir(), "dump")
		if assert.NoError(t, m.QMP().Dump(name)) {
			dump, err := elf.Open(name)
			if assert.NoError(t, err) {
				assert.Equal(t, elf.ET_CORE, dump.Type)
				dump.Close()
			}
		}
		seen <- f
	}, seen
}

func TestAKernelThatSaysItHasDiedGoesOnAfterwards(t *testing.T) {
	dead, seen := deaths(t)
	r := boot(t, guest.Die(), func(c *Config) { c.OnDeath = dead }).Wait()
	require.Equal(t, Exited, r.Outcome)
	require.Equal(t, 9, r.Code)
	require.Len(t, seen, 1)
	require.Nil(t, <-seen)
}

func TestATripleFaultIsADeath(t *testing.T) {
	dead, seen := deaths(t)
	r := boot(t, guest.TripleFault(), func(c *Config) { c.OnDeath = dead }).Wait()
	require.Equal(t, TripleFault, r.Outcome)
	require.Len(t, seen, 1)
	require.EqualValues(t, guest.Entry+guest.FaultOffset, (<-seen).PC)
}

func TestADumpThatHasNoRoomIsAnError(t *testing.T) {
	m := boot(t, guest.Spin())
	require.ErrorContains(t, m.QMP().Dump("/none/dump"), "/none/dump")
	m.Close()
}

func TestAMachineServedToGDBStaysFrozenAfterATripleFault(t *testing.T) {
	told := make(chan *Fault, 1)
	m := boot(t, guest.TripleFault(), func(c *Config) {
		c.GDB, c.OnFault = 41234, func(f *Fault) { told <- f }
	})
	select {
	case f := <-told:
		require.NotEmpty(t, f.Registers)
	case <-time.After(patience):
		t.Fatal("nothing was reported")
	}
	out, err := m.QMP().Monitor("info registers")
	require.NoError(t, err)
	require.Contains(t, out, "EIP=00100028")
	require.Equal(t, TripleFault, m.Close().Outcome)
}

func TestTheSerialLineLosesNothing(t *testing.T) {
	const kib = 64
	var got bytes.Buffer
	m := boot(t, guest.Flood(kib), func(c *Config) { c.SerialOut = &slow{&got} })
	require.Equal(t, Exited, m.Wait().Outcome)
	want := make([]byte, kib<<10)
	for i := range want {
		want[i] = byte(i)
	}
	require.True(t, bytes.Equal(want, got.Bytes()), "%d of %d bytes", got.Len(), len(want))
}

// slow is a writer that is slower than the machine, at times.
type slow struct{ b *bytes.Buffer }

func (s *slow) Write(p []byte) (int, error) {
	if s.b.Len()%7 == 0 {
		time.Sleep(20 * time.Millisecond)
	}
	return s.b.Write(p)
}

func TestWhatIsTypedOnTheSerialLineArrives(t *testing.T) {
	m := boot(t, guest.Echo())
	_, err := m.Serial().WaitFor(">", patience)
	require.NoError(t, err)
	require.NoError(t, m.Serial().Send("hello 42,"))
	match, err := m.Serial().WaitFor(`l+o (\d+),`, patience)
	require.NoError(t, err)
	require.Equal(t, []string{"llo 42,", "42"}, match)
	require.NoError(t, m.Serial().Send("end."))
	require.Equal(t, 7, m.Wait().Code)
	require.Equal(t, ">hello 42,end.", m.Serial().Text())
}

func TestWaitingForTextSaysWhatCameInstead(t *testing.T) {
	m := boot(t, guest.Echo())
	_, err := m.Serial().WaitFor(">", patience)
	require.NoError(t, err)
	require.NoError(t, m.Serial().Send("something else"))
	_, err = m.Serial().WaitFor("else", patience)
	require.NoError(t, err)
	require.NoError(t, m.Serial().Send("!"))
	_, err = m.Serial().WaitFor("prompt", 300*time.Millisecond)
	require.ErrorContains(t, err, `waiting for "prompt": not within 300ms; it wrote:`)
	require.NoError(t, m.Serial().Send("."))
	_, err = m.Serial().WaitFor("prompt", patience)
	require.ErrorIs(t, err, ErrEnded)
	require.ErrorContains(t, err, "| !.")
}

func TestWhatCannotStartSaysWhy(t *testing.T) {
	kernel := save(t, guest.Spin())
	empty := save(t, nil)
	for _, c := range []struct {
		name   string
		config Config
		want   string
	}{
		{"no image", Config{Kernel: "build/no.elf"}, "no image build/no.elf: 'make build' makes it"},
		{"no ISO", Config{ISO: "build/no.iso"}, "no image build/no.iso: 'make iso' makes it"},
		{"an empty image", Config{Kernel: empty}, "is not an image"},
		{"two images", Config{Kernel: kernel, ISO: kernel}, "more than one of kernel and ISO given"},
		{"KVM with icount", Config{Kernel: kernel, KVM: true, Icount: "3"}, "KVM cannot count instructions"},
		{"no such QEMU", Config{Kernel: kernel, Binary: "/no/qemu"}, "no QEMU at /no/qemu"},
		{"no such machine", Config{Kernel: kernel, Machine: "abacus"}, "unsupported machine type"},
		{"no such processor", Config{Kernel: kernel, CPU: "z80"}, "unable to find CPU model 'z80'"},
		{"no such argument", Config{Kernel: kernel, Extra: []string{"-frob"}}, "-frob: invalid option"},
		{"not a kernel", Config{Kernel: "/proc/self/exe"}, "QEMU did not start: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.config.Timeout = patience
			_, err := Start(context.Background(), c.config)
			require.ErrorContains(t, err, c.want)
		})
	}
	t.Run("QEMU not installed", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := Start(context.Background(), Config{Kernel: kernel})
		require.ErrorIs(t, err, ErrNotInstalled)
		require.ErrorContains(t, err, "apt-get install qemu-system-x86")
	})
}

func TestTheEndOfTheContextEndsQEMU(t *testing.T) {
	mine := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	m, err := Start(ctx, Config{Kernel: save(t, guest.Spin()), Timeout: patience})
	require.NoError(t, err)
	cancel(mine)
	r := m.Wait()
	require.Equal(t, Stopped, r.Outcome)
	require.ErrorIs(t, r.Err, mine)
	require.True(t, gone(m.Pid()))
}

func TestQuitIsOrderly(t *testing.T) {
	m := boot(t, guest.Spin())
	m.Quit()
	require.Equal(t, Stopped, m.Wait().Outcome)
}

func TestAFrozenMachineWaits(t *testing.T) {
	m := boot(t, guest.Exit(1), func(c *Config) { c.Frozen = true })
	var status struct{ Status string }
	require.NoError(t, m.QMP().Run("query-status", nil, &status))
	require.Equal(t, "prelaunch", status.Status)
	require.NoError(t, m.Continue())
	require.Equal(t, 1, m.Wait().Code)
}

func TestAnotherProcessCanTalkToTheMachine(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "q,mp.sock")
	m := boot(t, guest.Spin(), func(c *Config) { c.QMPSocket = socket })
	q, err := DialQMP(socket)
	require.NoError(t, err)
	defer q.Close()
	require.ErrorContains(t, q.Run("frob", nil, nil), "The command frob has not been found")
	require.NoError(t, q.Run("quit", nil, nil))
	require.Equal(t, Stopped, m.Wait().Outcome)
	require.ErrorIs(t, m.QMP().Run("query-status", nil, nil), ErrClosed)
}

func TestDialingNobodySaysSo(t *testing.T) {
	_, err := DialQMP(filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "no machine is running")
}

func TestTheLogKeepsTheEndAndDoesNotGrow(t *testing.T) {
	log := tail{size: 1000}
	for i := range 10000 {
		log.Write([]byte("line " + itoa(i) + "\n"))
	}
	require.Len(t, log.String(), 1000)
	require.True(t, strings.HasSuffix(log.String(), "line 9999\n"))
	require.LessOrEqual(t, cap(log.data), 8000)
}
